"""A month and a day that name an event are not the nearest such day; the same words as a date are."""

from datetime import date

import pytest

from search.times import tag

PUBLISHED = date(2024, 5, 14)


def values(text: str, anchor: date = PUBLISHED) -> list[str]:
    return [mention.value for mention in tag(text, anchor)]


NAMES = {
    "She survived the Sept. 11 attacks.": "2001-09-11",
    "Survivors of September 11 attacks met.": "2001-09-11",
    "The attacks of September 11 changed it.": "2001-09-11",
    "The post-Sept. 11 laws expired.": "2001-09-11",
    "His uncle died on 9/11.": "2001-09-11",
    "He was jailed for the Jan. 6 Capitol riot.": "2021-01-06",
    "Since the 7 October massacre the road is shut.": "2023-10-07",
    "A stone recalls the 7 July bombings.": "2005-07-07",
    "A film on the Feb. 20 uprising was shown.": "XXXX-02-20",
    "The Nov. 2 train bombings are not forgotten.": "XXXX-11-02",
}


@pytest.mark.parametrize(("text", "value"), NAMES.items(), ids=list(NAMES))
def test_a_day_that_names_an_event_has_the_year_that_everybody_knows_or_none(text: str, value: str) -> None:
    (mention,) = tag(text, PUBLISHED)
    assert mention.value == value
    assert (mention.interval is None) == value.startswith("X")


DATES = {
    "An Oct. 7 attack on a convoy hurt two.": ["2023-10-07"],
    "The attack on March 11 hurt two.": ["2024-03-11"],
    "Its Sept. 11 meeting was short.": ["2023-09-11"],
    "The May 6 election was calm.": ["2024-05-06"],
    "The May 3 riot hurt nine.": ["2024-05-03"],
    "The Oct. 7, 2022 attack hurt two.": ["2022-10-07"],
    "The June 12 hearing was put off.": ["2024-06-12"],
    "July 4 parades were held.": ["2024-07-04"],
}


@pytest.mark.parametrize(("text", "expected"), DATES.items(), ids=list(DATES))
def test_the_same_words_as_a_date_are_read_as_before(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_an_event_of_the_last_weeks_is_called_by_its_date() -> None:
    assert values("The Sept. 11 attack stunned the city.", date(2001, 9, 20)) == ["2001-09-11"]
    assert values("The Oct. 7 attack hurt two.", date(2006, 10, 12)) == ["2006-10-07"]


def test_what_is_named_after_a_day_tells_no_time() -> None:
    assert values("The March 14 coalition and the June 4 movement met on Monday.") == ["2024-05-13"]


def test_a_film_and_a_score_are_no_event() -> None:
    assert values("Fahrenheit 9/11 was shown; the ratio was 4/5.") == []
