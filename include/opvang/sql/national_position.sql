select *
from marts.national_position_by_day
where reference_date in (%(reference_date)s, (select max(reference_date) from marts.national_position_by_day))
order by reference_date;
