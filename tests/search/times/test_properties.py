"""What holds for any text, any anchor and any value."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.english.calendar import easter
from search.times import TimexType, Unit, hull, interval_of, tag
from search.times.notation import Rules
from search.times.rules import RULES
from search.times.tagger import rules_matching
from search.times.tokens import tokenise
from search.times.value import containing, first_day, move, shift, unit_of
from tests.lengths import examples

VOCABULARY = [
    *(
        "the a an last next this past previous following first second third fourth early late mid end of "
        "start middle in on at by until since from to between and within before after ago earlier later "
        "every each about nearly more less than least over up day days week weeks weekend month months "
        "quarter quarters year years decade century hour hours minute Monday Friday Sundays January May "
        "Dec. Sept. 1 5 15 20 29 30 31 75 180 1,500 2.5 1989 2000 1990s '90s 80s 20th 10:30 25:99 1030 "
        "9999 0000 GMT EST p.m. am noon midnight morning night tonight today yesterday tomorrow spring "
        "fall Christmas Easter two three twenty six hundred thousand nineteen ninety few several couple "
        "half fiscal period latest year-ago year-earlier quarter-end 's ' - , . ( ) $ % / : will was met "
        "payable ended now recently soon future one or so time current 2005-02-30 2005-12-31 13/45/99 "
        "12/31/99 o'clock that same another local other this "
    ).split(),
    "\n\n",
]

telegraphese = st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join)
glued = st.lists(st.sampled_from(VOCABULARY), max_size=20).map("".join)
any_text = st.one_of(
    telegraphese,
    glued,
    st.text(max_size=200),
    st.text(alphabet="0123456789/:-., '\u2019apmGT\n", max_size=60),
)
zones = st.one_of(
    st.none(), st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)
FIRST, LAST = date(1000, 1, 1), date(8999, 12, 31)
moments = st.builds(
    lambda naive, zone: naive.replace(tzinfo=zone),
    st.datetimes(datetime(1000, 1, 1), datetime(8999, 12, 31)),  # noqa: DTZ001
    zones,
)

anchors = st.one_of(st.dates(FIRST, LAST), moments, st.sampled_from([FIRST, LAST, date(2000, 2, 29)]))


@settings(max_examples=examples(200, 1_500), deadline=None)
@given(any_text, anchors)
def test_any_text_at_any_time_gives_ordered_slices_and_valid_intervals(text: str, anchor: date | datetime) -> None:
    end = 0
    for mention in tag(text, anchor):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.words
        assert mention.words == mention.words.strip()
        assert mention.value
        assert mention.rule
        if mention.interval and mention.interval.start and mention.interval.end:
            assert mention.interval.start < mention.interval.end
        end = mention.end


@settings(max_examples=examples(60, 300), deadline=None)
@given(any_text, anchors)
def test_reading_is_deterministic_and_its_hull_exists(text: str, anchor: date | datetime) -> None:
    mentions = tag(text, anchor)
    assert tag(text, anchor) == mentions
    intervals = [mention.interval for mention in mentions if mention.interval]
    assert (hull(intervals) is None) == (not intervals)


@settings(max_examples=examples(60, 300), deadline=None)
@given(telegraphese, st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_values_of_dates_are_dates_of_the_calendar(text: str, anchor: date) -> None:
    for mention in tag(text, anchor):
        if mention.type is TimexType.DATE and not mention.value.endswith("_REF"):
            assert unit_of(mention.value) is not None
            assert first_day(mention.value) is not None


@given(
    st.dates(date(2, 1, 1), date(9900, 1, 1)),
    st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]),
)
def test_a_day_lies_in_the_interval_of_every_unit_that_contains_it(day: date, unit: Unit) -> None:
    value = containing(day, unit)
    assert value is not None
    interval = interval_of(value)
    assert interval is not None
    assert interval.first_day is not None
    assert interval.last_day is not None
    assert interval.first_day <= day <= interval.last_day
    assert unit_of(value) is unit


@given(
    st.dates(date(1000, 1, 1), date(3000, 1, 1)),
    st.integers(-5000, 5000),
    st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]),
)
def test_shifting_there_and_back_is_where_one_began(day: date, count: int, unit: Unit) -> None:
    value = containing(day, unit)
    assert value is not None
    there = shift(value, count, unit)
    if there is not None:
        assert shift(there, -count, unit) == value


@given(st.dates(), st.integers(-10_000, 10_000), st.sampled_from(Unit))
def test_moving_never_leaves_the_calendar_or_fails(day: date, count: int, unit: Unit) -> None:
    moved = move(day, count, unit)
    assert moved is None or isinstance(moved, date)


@pytest.mark.parametrize(
    ("day", "count", "unit", "expected"),
    [
        (date(2004, 2, 29), 1, Unit.YEAR, date(2005, 2, 28)),
        (date(2004, 2, 29), 4, Unit.YEAR, date(2008, 2, 29)),
        (date(2005, 1, 31), 1, Unit.MONTH, date(2005, 2, 28)),
        (date(2005, 3, 31), -1, Unit.MONTH, date(2005, 2, 28)),
        (date(2005, 12, 31), 2, Unit.MONTH, date(2006, 2, 28)),
        (date(2004, 12, 29), 1, Unit.WEEK, date(2005, 1, 5)),
        (date(2005, 11, 30), 1, Unit.QUARTER, date(2006, 2, 28)),
    ],
)
def test_the_ends_of_months_and_years(day: date, count: int, unit: Unit, expected: date) -> None:
    assert move(day, count, unit) == expected


@pytest.mark.parametrize(
    ("text", "anchor", "value"),
    [
        ("He left last week.", date(2005, 1, 3), "2004-W53"),
        ("He leaves next week.", date(2004, 12, 27), "2005-W01"),
        ("He leaves next week.", date(2005, 12, 26), "2006-W01"),
        ("He left yesterday.", date(2000, 3, 1), "2000-02-29"),
        ("He leaves tomorrow.", date(1999, 12, 31), "2000-01-01"),
        ("He left last month.", date(2000, 1, 31), "1999-12"),
        ("He left a month ago.", date(2000, 3, 31), "2000-02"),
        ("He left last Friday.", date(2000, 1, 1), "1999-12-31"),
        ("He was born on Feb. 29.", date(2001, 6, 1), "2000-02-29"),
        ("He will be back on Feb. 29.", date(2001, 6, 1), "2004-02-29"),
    ],
)
def test_leap_days_and_new_years(text: str, anchor: date, value: str) -> None:
    assert [mention.value for mention in tag(text, anchor)] == [value]


@given(moments)
def test_today_is_the_anchors_own_day(anchor: datetime) -> None:
    (mention,) = tag("He spoke today.", anchor)
    assert mention.value == anchor.date().isoformat()


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_a_clock_keeps_the_zone_of_the_anchor(naive: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    (mention,) = tag("He spoke at 10:30 a.m. today.", naive.replace(tzinfo=zone))
    assert mention.interval is not None
    assert isinstance(mention.interval.start, datetime)
    assert mention.interval.start == datetime(naive.year, naive.month, naive.day, 10, 30, tzinfo=zone)
    assert mention.interval.start.astimezone(UTC).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (1997, 3, 30), (2000, 4, 23), (2005, 3, 27), (2006, 4, 16), (2024, 3, 31)],
)
def test_easter_falls_where_almanacs_say(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_a_long_text_takes_time_in_proportion() -> None:
    text = "In the year ended Sept. 30, profit rose 5% from $3 million a year earlier, he said Friday. " * 400
    assert len(tag(text, date(1989, 10, 27))) == 400 * 4


@pytest.mark.parametrize("anchor", [date.min, date.max, datetime.max.replace(tzinfo=UTC)], ids=str)
def test_a_year_that_cannot_be_one_of_publication_is_refused(anchor: date | datetime) -> None:
    with pytest.raises(ValueError, match="times are read from 1000 to 8999"):
        tag("He spoke today.", anchor)


def test_the_library_rests_on_english_alone() -> None:
    script = "import json, sys, search.times; print(json.dumps(list(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    ours = {name for name in json.loads(printed) if name.split(".")[0] in ("search", "indexer", "api")}
    below = ("search.times", "search.english", "search.article")
    assert all(name == "search" or name.startswith(below) for name in ours)
    assert not {"numpy", "torch", "regex"} & set(json.loads(printed))


@settings(max_examples=examples(60, 300), deadline=None)
@given(telegraphese)
def test_no_rule_matches_without_the_words_it_is_said_to_need(text: str) -> None:
    shape = tokenise(text).shape
    for rule in RULES:
        if rule.pattern.search(shape):
            assert not rule.needs.isdisjoint(shape)


@settings(max_examples=examples(150, 1_000), deadline=None)
@given(telegraphese)
def test_islands_hold_every_match_of_every_rule(text: str) -> None:
    tokens = tokenise(text)
    everywhere = {
        (match.start(), match.end() - 1, rule.name)
        for rule in RULES
        for match in rule.pattern.finditer(tokens.shape)
        if match.group()
    }
    assert {(found.first, found.last, rule.name) for found, rule in rules_matching(tokens)} == everywhere


@settings(max_examples=examples(100, 500), deadline=None)
@given(any_text)
def test_tokens_are_slices_of_the_text_and_leave_out_only_white_space(text: str) -> None:
    tokens = tokenise(text)
    end = 0
    for index, word in enumerate(tokens.words):
        assert text[end : tokens.starts[index]].isspace() or end == tokens.starts[index]
        end = tokens.end(index)
        assert text[tokens.starts[index] : end] == word
    assert not text[end:].strip()
    assert len(tokens.shape) == len(tokens.words)


def test_a_rule_that_could_match_anywhere_is_refused() -> None:
    with pytest.raises(ValueError, match="can match without any word of time"):
        Rules()("UNIT?")(lambda _found, _story: None)
