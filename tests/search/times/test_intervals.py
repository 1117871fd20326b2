"""From values and words to intervals."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from search.times import Interval, Modifier, Relation, Unit, hull, interval_of, tag

VALUES = [
    ("1998", "1998-01-01", "1998-12-31", Unit.YEAR),
    ("1998-04", "1998-04-01", "1998-04-30", Unit.MONTH),
    ("1998-02", "1998-02-01", "1998-02-28", Unit.MONTH),
    ("2000-02", "2000-02-01", "2000-02-29", Unit.MONTH),
    ("1998-12", "1998-12-01", "1998-12-31", Unit.MONTH),
    ("1998-04-13", "1998-04-13", "1998-04-13", Unit.DAY),
    ("2000-02-29", "2000-02-29", "2000-02-29", Unit.DAY),
    ("1998-W21", "1998-05-18", "1998-05-24", Unit.WEEK),
    ("2004-W53", "2004-12-27", "2005-01-02", Unit.WEEK),
    ("2005-W01", "2005-01-03", "2005-01-09", Unit.WEEK),
    ("1998-W21-WE", "1998-05-23", "1998-05-24", Unit.WEEKEND),
    ("1998-Q3", "1998-07-01", "1998-09-30", Unit.QUARTER),
    ("1998-Q4", "1998-10-01", "1998-12-31", Unit.QUARTER),
    ("1998-H2", "1998-07-01", "1998-12-31", Unit.HALF_YEAR),
    ("1998-SU", "1998-06-01", "1998-08-31", Unit.SEASON),
    ("1998-WI", "1998-12-01", "1999-02-28", Unit.SEASON),
    ("199", "1990-01-01", "1999-12-31", Unit.DECADE),
    ("19", "1900-01-01", "1999-12-31", Unit.CENTURY),
]


@pytest.mark.parametrize(("value", "first", "last", "unit"), VALUES, ids=[row[0] for row in VALUES])
def test_a_dated_value_covers_its_stretch_of_the_calendar(value: str, first: str, last: str, unit: Unit) -> None:
    interval = interval_of(value)
    assert interval is not None
    assert (str(interval.first_day), str(interval.last_day), interval.granularity) == (first, last, unit)


@pytest.mark.parametrize(
    "value",
    [
        "PAST_REF",
        "P3W",
        "XXXX-WXX-7",
        "1999-02-29",
        "1998-13",
        "2003-W53",
        "0000",
        "000",
        "9999",
        "nonsense",
        "",
    ],
)
def test_what_has_no_place_in_the_calendar_has_no_interval(value: str) -> None:
    assert interval_of(value) is None


@pytest.mark.parametrize(
    ("value", "modifier", "first", "last"),
    [
        ("1997-01", Modifier.START, "1997-01-01", "1997-01-10"),
        ("1997-01", Modifier.MID, "1997-01-11", "1997-01-20"),
        ("1997-01", Modifier.END, "1997-01-21", "1997-01-31"),
        ("1996-02", Modifier.END, "1996-02-21", "1996-02-29"),
        ("2007", Modifier.START, "2007-01-01", "2007-03-31"),
        ("2007", Modifier.MID, "2007-05-01", "2007-08-31"),
        ("2007", Modifier.END, "2007-10-01", "2007-12-31"),
        ("198", Modifier.END, "1986-09-01", "1989-12-31"),
        ("2007-05-01", Modifier.END, "2007-05-01", "2007-05-01"),
        ("2007-05", Modifier.APPROX, "2007-05-01", "2007-05-31"),
    ],
)
def test_modifiers_narrow(value: str, modifier: Modifier, first: str, last: str) -> None:
    interval = interval_of(value, modifier)
    assert interval is not None
    assert interval.first_day is not None
    assert str(interval.last_day) == last
    assert str(interval.first_day)[:7] == first[:7]


def test_a_clock_time_is_an_instant_in_the_zone_of_publication() -> None:
    tokyo = timezone(timedelta(hours=9))
    (mention,) = tag("It struck at 10:30 p.m. Wednesday.", datetime(2024, 9, 12, 8, 0, tzinfo=tokyo))
    assert mention.interval == Interval(
        datetime(2024, 9, 11, 22, 30, tzinfo=tokyo), datetime(2024, 9, 11, 22, 31, tzinfo=tokyo), Unit.MINUTE
    )


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("It closed at noon EST Tuesday.", datetime(2024, 9, 10, 17, 0, tzinfo=UTC)),
        ("It struck at 1030 GMT on Tuesday.", datetime(2024, 9, 10, 10, 30, tzinfo=UTC)),
        ("It struck at 5:30 pm PDT.", datetime(2024, 9, 13, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_zone_named_in_the_words_goes_before_that_of_publication(text: str, instant: datetime) -> None:
    (mention,) = tag(text, datetime(2024, 9, 12, 8, 0, tzinfo=timezone(timedelta(hours=9))))
    assert mention.interval is not None
    assert mention.interval.start == instant


def test_today_is_the_day_in_the_zone_of_publication() -> None:
    late_in_new_york = datetime(2024, 9, 10, 22, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert tag("He died today.", late_in_new_york)[0].value == "2024-09-10"
    assert tag("He died today.", late_in_new_york.astimezone(UTC))[0].value == "2024-09-11"


PUBLISHED = date(2006, 11, 24)

SPOKEN = [
    ("It must end by Dec. 31.", "Dec. 31", Relation.BY, "2006-11-24", "2006-12-31"),
    ("It goes on until Friday.", "Friday", Relation.UNTIL, "2006-11-24", "2006-11-24"),
    ("It ends by the end of 2013.", "the end of 2013", Relation.BY, "2006-11-24", "2013-12-31"),
    (
        "It ends before the end of the year.",
        "the end of the year",
        Relation.BEFORE,
        "2006-11-24",
        "2006-12-31",
    ),
    ("It will end before Tuesday.", "Tuesday", Relation.BEFORE, "2006-11-24", "2006-11-27"),
    ("It starts from Monday.", "Monday", Relation.FROM, "2006-11-27", "2006-11-27"),
    ("He has ruled since 1999.", "1999", Relation.SINCE, "1999-01-01", "2006-11-24"),
    ("They will decide within weeks.", "weeks", Relation.WITHIN, "2006-11-24", "2006-12-24"),
    ("They will decide within two weeks.", "two weeks", Relation.WITHIN, "2006-11-24", "2006-12-08"),
    (
        "Prices fell in the past three months.",
        "the past three months",
        Relation.IN,
        "2006-08-24",
        "2006-11-24",
    ),
    ("It grew over the past decade.", "the past decade", Relation.IN, "1996-11-24", "2006-11-24"),
    ("It falls in the next two years.", "the next two years", Relation.IN, "2006-11-24", "2008-11-24"),
    (
        "He may leave in one or two days' time.",
        "one or two days' time",
        Relation.IN,
        "2006-11-25",
        "2006-11-26",
    ),
    ("It closed late last year.", "late last year", Relation.IN, "2005-10-01", "2005-12-31"),
]


@pytest.mark.parametrize(
    ("text", "words", "relation", "first", "last"), SPOKEN, ids=[f"{row[2]} {row[1]}" for row in SPOKEN]
)
def test_prepositions_make_the_interval(text: str, words: str, relation: Relation, first: str, last: str) -> None:
    (mention,) = tag(text, PUBLISHED)
    assert mention.interval is not None
    assert (mention.words, mention.relation) == (words, relation)
    assert (str(mention.interval.first_day), str(mention.interval.last_day)) == (first, last)


def test_within_weeks_says_weeks_and_no_more() -> None:
    (mention,) = tag("They will decide within weeks.", PUBLISHED)
    assert (mention.value, mention.anchor) == ("PXW", "2006-11-24")
    assert mention.granularity is Unit.WEEK


def test_after_a_date_has_no_end() -> None:
    (mention,) = tag("The shares are redeemable after 1994.", date(1989, 10, 30))
    assert mention.interval == Interval(date(1995, 1, 1), None, Unit.YEAR)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It runs from April 15 to 20.", "2006-04-15", "2006-04-20"),
        ("It runs from April 15 to April 20.", "2006-04-15", "2006-04-20"),
        ("It ran from 2001 to 2003.", "2001-01-01", "2003-12-31"),
        ("It ran between 2001 and 2003.", "2001-01-01", "2003-12-31"),
        ("It was on show on Monday and Tuesday.", "2006-11-20", "2006-11-21"),
    ],
)
def test_pairs_span_from_the_first_to_the_last(text: str, first: str, last: str) -> None:
    whole = hull([mention.interval for mention in tag(text, PUBLISHED) if mention.interval])
    assert whole is not None
    assert (str(whole.first_day), str(whole.last_day)) == (first, last)


def test_the_hull_of_nothing_is_nothing() -> None:
    assert hull([]) is None


def test_the_hull_of_a_day_and_an_hour_is_told_in_days() -> None:
    day = interval_of("2006-11-24")
    hour = interval_of("2006-11-25T10:00", zone=UTC)
    assert day is not None
    assert hour is not None
    assert hull([day, hour]) == Interval(date(2006, 11, 24), date(2006, 11, 26), Unit.MINUTE)


def test_intervals_overlap_when_they_share_a_day() -> None:
    november = interval_of("2006-11")
    week = interval_of("2006-W48")
    open_ended = Interval(date(2006, 11, 30), None, Unit.DAY)
    assert november is not None
    assert week is not None
    assert november.overlaps(week)
    assert week.overlaps(open_ended)
    assert not november.overlaps(Interval(date(2006, 12, 1), date(2006, 12, 2), Unit.DAY))


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2006, 1, 2), date(2006, 1, 2)), (date(2006, 1, 2), datetime(2006, 1, 3, tzinfo=UTC))],
)
def test_an_impossible_interval_cannot_be_made(start: date, end: date) -> None:
    with pytest.raises(ValueError, match=r"not an interval|a date and one an instant"):
        Interval(start, end, Unit.DAY)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Bids are due no later than Friday.", Relation.BY),
        ("The fair runs up to Friday.", Relation.UNTIL),
        ("It was known prior to Friday.", Relation.BEFORE),
        ("It stays shut until at least Friday.", Relation.UNTIL),
        ("In the run-up to Friday he spoke.", Relation.IN),
        ("In the weeks leading up to Friday he spoke.", Relation.IN),
    ],
)
def test_a_preposition_may_have_several_words(text: str, relation: Relation) -> None:
    mentions = [mention for mention in tag(text, date(2024, 5, 14)) if mention.words == "Friday"]
    assert [mention.relation for mention in mentions] == [relation]


@pytest.mark.parametrize(
    ("start", "end", "unit", "precision"),
    [
        (date(2024, 5, 6), date(2024, 5, 13), Unit.WEEK, "week"),
        (date(2024, 5, 6), date(2024, 5, 27), Unit.WEEK, "weeks"),
        (date(2024, 1, 1), date(2024, 2, 1), Unit.MONTH, "month"),
        (date(2024, 1, 1), date(2024, 3, 1), Unit.MONTH, "months"),
        (date(2024, 1, 1), date(2025, 1, 1), Unit.YEAR, "year"),
        (date(1800, 1, 1), date(2000, 1, 1), Unit.CENTURY, "centuries"),
        (date(2024, 1, 1), date(2025, 1, 1), Unit.HALF_YEAR, "half-years"),
        (datetime(2024, 5, 6, 8, tzinfo=UTC), datetime(2024, 5, 6, 9, tzinfo=UTC), Unit.HOUR, "hour"),
        (datetime(2024, 5, 6, 8, tzinfo=UTC), datetime(2024, 5, 6, 12, tzinfo=UTC), Unit.HOUR, "hours"),
        (datetime(2024, 5, 6, 6, tzinfo=UTC), datetime(2024, 5, 6, 18, tzinfo=UTC), Unit.DAY_PART, "part of day"),
        (date(2024, 5, 6), None, Unit.DAY, "day"),
        (None, date(2024, 5, 6), Unit.WEEK, "week"),
    ],
)
def test_what_lasts_longer_than_one_unit_is_told_as_several(
    start: date | None, end: date | None, unit: Unit, precision: str
) -> None:
    assert Interval(start, end, unit).precision == precision
