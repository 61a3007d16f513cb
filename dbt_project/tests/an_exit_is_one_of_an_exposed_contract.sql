-- Every contract that ever fell under the rule has its exit, and no other contract has one.
with exposed as (
    select distinct
        municipality_code,
        ocid,
        contract_id
    from {{ ref('sanctioned_contracts_by_municipality_day') }}
    where answer = 'yes' and role = 'supplier'
)

select municipality_code
from exposed
full join {{ ref('contract_exits_by_municipality') }} as exits using (municipality_code, ocid, contract_id)
where exposed.ocid is null or exits.exit_status is null
