{# What one contract would hold for all of `supply` that must end or that nothing covers, in the country as in a region. #}
{% macro joint_contract_figures() -%}
    count(distinct supply.municipality_code) filter (where supply.is_to_end)::integer as municipalities_to_end,
    count(distinct supply.municipality_code) filter (where supply.is_uncovered)::integer as municipalities_uncovered,
    {{ told_sum('supply.metering_points', 'supply.is_to_end') }}::integer as metering_points_to_end,
    {{ told_sum('supply.metering_points', 'supply.is_uncovered') }}::integer as metering_points_uncovered,
    {{ told_sum('supply.yearly_volume', 'supply.is_to_end') }}::numeric(16, 2) as yearly_volume_to_end,
    {{ told_sum('supply.yearly_volume', 'supply.is_uncovered') }}::numeric(16, 2) as yearly_volume_uncovered,
    count(distinct supply.municipality_code)
    filter (where supply.yearly_volume is null and supply.shared_yearly_volume is null)::integer
        as municipalities_volume_not_told,
    coalesce(sum(supply.shared_metering_points) filter (where supply.is_to_end), 0)::integer as shared_metering_points_to_end,
    coalesce(sum(supply.shared_metering_points) filter (where supply.is_uncovered), 0)::integer as shared_metering_points_uncovered,
    coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_to_end), 0)::numeric(16, 2) as shared_yearly_volume_to_end,
    coalesce(sum(supply.shared_yearly_volume) filter (where supply.is_uncovered), 0)::numeric(16, 2) as shared_yearly_volume_uncovered
{%- endmacro %}
