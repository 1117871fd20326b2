"""What common turns of newswire mean: the first and the last day."""

from datetime import UTC, date, datetime

import pytest

from search.times import tag

WEDNESDAY = date(2024, 9, 11)


def days(text: str, words: str, anchor: date = WEDNESDAY) -> tuple[str, str] | None:
    (interval,) = [mention.interval for mention in tag(text, anchor) if mention.words == words]
    return (str(interval.first_day), str(interval.last_day)) if interval else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The show was held from July 9 to August 11, 2015.", "2015-07-09", "2015-08-11"),
        ("The show was held on 9-11 July 2015.", "2015-07-09", "2015-07-11"),
        ("It rained between March and May 2005.", "2005-03-01", "2005-05-31"),
        ("It rained between November and January 2005.", "2004-11-01", "2005-01-31"),
        ("It rained between January and August last year.", "2023-01-01", "2023-08-31"),
        ("The show will be held from May 1 to October 31, 2030.", "2030-05-01", "2030-10-31"),
    ],
)
def test_a_year_told_once_is_that_of_both(text: str, first: str, last: str) -> None:
    start, *_, end = [mention.interval for mention in tag(text, WEDNESDAY) if mention.interval]
    assert (str(start.first_day), str(end.last_day)) == (first, last)


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("The bank will decide later this week.", "later this week", "2024-09-12", "2024-09-15"),
        ("He resigned earlier this month.", "earlier this month", "2024-09-01", "2024-09-10"),
        ("The bridge will open later this year.", "later this year", "2024-09-12", "2024-12-31"),
        ("The bridge opened early this month.", "early this month", "2024-09-01", "2024-09-10"),
        ("It opened earlier in 2005.", "earlier in 2005", "2005-01-01", "2005-03-31"),
    ],
)
def test_earlier_and_later_are_told_from_publication(text: str, words: str, first: str, last: str) -> None:
    assert days(text, words) == (first, last)


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("Liftoff is scheduled for 9 a.m. ET on Friday.", "9 a.m. ET on Friday", "2024-09-13"),
        ("Polls close at 8 p.m. (1800 GMT) on Sunday.", "8 p.m. (1800 GMT) on Sunday", "2024-09-15"),
        ("The raid began at 3 p.m. (2000 GMT) Tuesday.", "3 p.m. (2000 GMT) Tuesday", "2024-09-10"),
    ],
)
def test_a_zone_or_a_second_clock_does_not_part_a_clock_from_its_day(text: str, words: str, day: str) -> None:
    assert days(text, words) == (day, day)


@pytest.mark.parametrize(
    ("text", "words", "first"),
    [
        ("Prime Minister Theresa May told parliament on Monday that it was late.", "Monday", "2024-09-09"),
        ("The border will be re-opened on Monday.", "Monday", "2024-09-16"),
        ("Voters in Lagonia go to the polls on Sunday.", "Sunday", "2024-09-15"),
        ("New rules take effect on Monday.", "Monday", "2024-09-16"),
        ("Talks resume Monday.", "Monday", "2024-09-16"),
        ("Polls open Sunday.", "Sunday", "2024-09-15"),
        ("The old man died on November 3.", "November 3", "2023-11-03"),
    ],
)
def test_the_tense_is_told_by_the_verb(text: str, words: str, first: str) -> None:
    assert days(text, words) == (first, first)


def test_a_second_clock_tells_the_zone() -> None:
    (mention,) = tag("The quake struck at 4:09 a.m. (1109 GMT) on Monday.", datetime(2024, 9, 11, 12, tzinfo=UTC))
    assert mention.interval
    assert mention.interval.start == datetime(2024, 9, 9, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["The clinic made 200 CT scans.", "It is told by Smith 2005 et al."])
def test_letters_that_may_be_a_zone_make_no_clock_of_a_number(text: str) -> None:
    assert not [mention for mention in tag(text, WEDNESDAY) if mention.type == "TIME"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It must comply within 24 hours of the ruling.", "24 hours"),
        ("He was captured in June and released two days later.", "two days later"),
        ("It was shot in 2019 and died two days later.", "two days later"),
    ],
)
def test_no_day_is_counted_from_a_month_or_a_year(text: str, words: str) -> None:
    assert days(text, words) is None


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("Lund was arrested in 2019 and freed the next year.", "the next year", "2020-01-01", "2020-12-31"),
        ("It will be built the next year.", "the next year", "2024-09-11", "2025-09-11"),
        ("She will sue if it did not finish by October 31.", "October 31", "2024-09-11", "2024-10-31"),
        ("They would strike unless the debt was paid by Saturday.", "Saturday", "2024-09-11", "2024-09-14"),
        ("They expect rain within the next few days.", "the next few days", "2024-09-11", "2024-09-19"),
        ("Six people died in the past 48 hours.", "the past 48 hours", "2024-09-09", "2024-09-11"),
        ("It fell in the week of Oct. 14.", "the week of Oct. 14", "2024-10-14", "2024-10-20"),
        ("It is held on the first Monday in October.", "the first Monday in October", "2024-10-07", "2024-10-07"),
    ],
)
def test_stretches(text: str, words: str, first: str, last: str) -> None:
    assert days(text, words) == (first, last)
