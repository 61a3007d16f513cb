"""The days of the deliveries; in a module without opvang, whose settings must not be read before the bench points at its own folder."""

from datetime import date

DAY = date(2022, 5, 2)
# Late enough for 400 days before them in which there were displaced persons to count.
FIRST_DAY, NEXT_DAY = date(2023, 6, 1), date(2023, 6, 2)
