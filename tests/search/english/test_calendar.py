from datetime import date

import pytest

from search.english import calendar


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("christmas eve", date(2024, 12, 24)),
        ("good friday", date(2024, 3, 29)),
        ("thanksgiving", date(2024, 11, 28)),
        ("memorial day", date(2024, 5, 27)),
        ("labor day", date(2024, 9, 2)),
    ],
)
def test_a_holiday_falls_on_a_day_of_its_year(name: str, day: date) -> None:
    assert calendar.holidays()[name](2024) == day


def test_months_are_known_by_all_their_names() -> None:
    numbers = calendar.month_numbers()
    assert set(numbers.values()) == set(range(1, 13))
    assert numbers["september"] == numbers["sept"] == numbers["sep"] == 9


def test_a_zone_that_depends_on_the_country_has_no_hours() -> None:
    assert calendar.zones()["gmt"] == 0
    assert calendar.zones()["ist"] is None
