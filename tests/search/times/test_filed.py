"""Relative words are reckoned from the day of the dateline, where the report has one near its stamp."""

from datetime import UTC, date, datetime

import pytest

from search.times import tag

STAMP = date(2023, 11, 9)


def today_and_tomorrow(opening: str, stamp: date | datetime = STAMP) -> list[str]:
    mentions = tag(f"{opening}A keeper was chosen today and starts tomorrow.", stamp)
    return [mention.value for mention in mentions if mention.words in ("today", "tomorrow")]


@pytest.mark.parametrize(
    "opening",
    [
        "SALEM, Ore., Nov. 8 (CW) - ",
        "SALEM, Nov. 8 - ",
        "SALEM, Nov 8, 2023 (AFP) -- ",
        "SALEM, Wednesday, Nov. 8 \u2014 ",
        "Salem, 8 November (dpa) - ",
        "PORT TAVI, Nov. 8 (CW) ",
        "PORT TAVI (CW) - Nov. 8 - ",
        "SALEM, D.C., Nov. 8 /CityNewswire/ -- ",
        "SALEM, Nov. 8, 11:40 p.m. (CW) - ",
        "SALEM, Ore. -- Nov. 8, 2023 -- ",
        "Nov. 8 (CW) -- ",
    ],
)
def test_today_is_the_day_of_the_dateline(opening: str) -> None:
    assert today_and_tomorrow(opening) == ["2023-11-08", "2023-11-09"]


def test_a_stamp_in_utc_does_not_go_before_the_dateline() -> None:
    stamp = datetime(2023, 11, 9, 1, 9, 55, tzinfo=UTC)
    assert today_and_tomorrow("SALEM, Ore., Nov. 8 (CW) - ", stamp) == ["2023-11-08", "2023-11-09"]


def test_a_dateline_may_be_a_day_ahead_of_its_stamp() -> None:
    assert today_and_tomorrow("TOKYO, Nov. 10 (CW) - ") == ["2023-11-10", "2023-11-11"]


def test_the_dateline_of_new_years_eve_is_of_the_old_year() -> None:
    assert today_and_tomorrow("SALEM, Dec. 31 (CW) - ", date(2024, 1, 1)) == ["2023-12-31", "2024-01-01"]


@pytest.mark.parametrize(
    "opening",
    [
        "SALEM (CW) - ",
        "SALEM, Oct. 8 (CW) - ",
        "In Salem, Nov. 8 - a cold day - it rained. ",
        "Nov. 8 was cold. ",
        "Nov. 8 (a Wednesday) was cold. ",
        "Salem -- Nov. 8 is its day -- rested. ",
        "The keeper of Salem, Nov. 8 aside, is new. ",
        "SALEM, Nov. 31 (CW) - ",
    ],
)
def test_what_is_no_dateline_near_the_stamp_changes_nothing(opening: str) -> None:
    assert today_and_tomorrow(opening) == ["2023-11-09", "2023-11-10"]
