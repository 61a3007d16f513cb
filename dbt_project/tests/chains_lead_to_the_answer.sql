-- A supplier of which is said that it falls under the rule has a holder of the first category in its chain.
select
    supplier_organisation,
    valid_from
from {{ ref('ownership_chains_by_supplier') }}
group by supplier_organisation, sanction_rule, known_from, valid_from
having bool_or(answer in ('yes', 'may_be')) and not bool_or(is_holder_first_category)
