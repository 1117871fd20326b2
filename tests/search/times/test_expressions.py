"""What each kind of expression reads as: the words found, the TIMEX3 type and value."""

from datetime import date, datetime

import pytest

from search.times import Modifier, tag

THURSDAY = date(1989, 10, 26)


def readings(text: str, anchor: date = THURSDAY) -> list[tuple[str, str, str]]:
    return [(mention.words, mention.type, mention.value) for mention in tag(text, anchor)]


DATES = {
    "It opened on Sept. 11, 2001.": ("Sept. 11, 2001", "2001-09-11"),
    "It opened on 11 September 2001.": ("11 September 2001", "2001-09-11"),
    "It opened on Friday, June 5.": ("Friday, June 5", "1989-06-05"),
    "Talks resume on Jan. 21 next year.": ("Jan. 21 next year", "1990-01-21"),
    "It was signed on 03/25/1998.": ("03/25/1998", "1998-03-25"),
    "It was signed on 1998-03-05.": ("1998-03-05", "1998-03-05"),
    "The November 1995 killing shocked many.": ("November 1995", "1995-11"),
    "Prices rose in mid-May.": ("mid-May", "1989-05"),
    "The law of 1947 still holds.": ("1947", "1947"),
    "He returned in the year 2000.": ("the year 2000", "2000"),
    "She won in nineteen ninety-six.": ("nineteen ninety-six", "1996"),
    "In fiscal 1989 it lost money.": ("fiscal 1989", "1989"),
    "Growth in the 1980s was slow.": ("the 1980s", "198"),
    "Growth in the seventies was slow.": ("the seventies", "197"),
    "Growth in the 1700s was slow.": ("the 1700s", "17"),
    "It was signed on 1998/03/05.": ("1998/03/05", "1998-03-05"),
    "They danced on New Year's Day.": ("New Year's Day", "1989-01-01"),
    "It stood through the 20th century.": ("the 20th century", "19"),
    "The summer of 1988 was dry.": ("The summer of 1988", "1988-SU"),
    "They fell this fall.": ("this fall", "1989-FA"),
    "The shops closed on Christmas Eve 2005.": ("Christmas Eve 2005", "2005-12-24"),
    "They met in the second week of November 2006.": ("second week of November 2006", "2006-W45"),
}


@pytest.mark.parametrize(("text", "expected"), DATES.items(), ids=[words for words, _ in DATES.values()])
def test_dates_of_the_calendar(text: str, expected: tuple[str, str]) -> None:
    assert (expected[0], "DATE", expected[1]) in readings(text)


RELATIVE = {
    "He arrived yesterday.": ("yesterday", "1989-10-25"),
    "She leaves tomorrow.": ("tomorrow", "1989-10-27"),
    "Sales fell last month.": ("last month", "1989-09"),
    "Voting starts next week.": ("next week", "1989-W44"),
    "They argued last week.": ("last week", "1989-W42"),
    "It lost money in the prior quarter.": ("the prior quarter", "1989-Q3"),
    "It runs Wednesday through Friday.": ("Friday", "1989-10-27"),
    "It rained at the weekend.": ("the weekend", "1989-W42-WE"),
    "He left three days ago.": ("three days ago", "1989-10-23"),
    "He left five months ago.": ("five months ago", "1989-05"),
    "He left two years ago.": ("two years ago", "1987"),
    "It was 2,500 years ago.": ("2,500 years ago", "PAST_REF"),
    "They signed last May.": ("last May", "1989-05"),
    "They vote next July.": ("next July", "1990-07"),
    "They met last Wednesday.": ("last Wednesday", "1989-10-25"),
    "They meet on Monday next week.": ("Monday next week", "1989-10-30"),
    "It must be done by year-end.": ("year-end", "1989"),
    "It will open in two weeks' time.": ("two weeks' time", "1989-W45"),
    "The stock would be redeemed in five years.": ("five years", "1994"),
    "It is weak, but in five years it will be strong.": ("five years", "1994"),
}


@pytest.mark.parametrize(("text", "expected"), RELATIVE.items(), ids=[words for words, _ in RELATIVE.values()])
def test_dates_relative_to_publication(text: str, expected: tuple[str, str]) -> None:
    assert (expected[0], "DATE", expected[1]) in readings(text)


STORIES = {
    "He was shot on March 3, 1985. A week later he died.": ("A week later", "1985-W10"),
    "He was shot on March 3, 1985, and died two days later.": ("two days later", "1985-03-05"),
    "It was signed on May 4, 1988. The next day it was void.": ("The next day", "1988-05-05"),
    "It was signed in May 1988. The following month it was void.": ("The following month", "1988-06"),
    "Exports were $3 million in 1988 and imports $2 million that year.": ("that year", "1988"),
    "They fled in 1979. Three years earlier all was calm.": ("Three years earlier", "1976"),
}


@pytest.mark.parametrize(("text", "expected"), STORIES.items(), ids=[words for words, _ in STORIES.values()])
def test_dates_relative_to_what_was_just_named(text: str, expected: tuple[str, str]) -> None:
    assert (expected[0], "DATE", expected[1]) in readings(text)


BUSINESS = {
    "Profit rose in the third quarter.": ("the third quarter", "1989-Q3"),
    "It posted a fourth-quarter loss.": ("fourth-quarter", "1989-Q4"),
    "Profit rose in the first quarter of 1990.": ("the first quarter of 1990", "1990-Q1"),
    "It starts in next year's first quarter.": ("next year's first quarter", "1990-Q1"),
    "Third-quarter profit rose from $2 million a year earlier.": ("a year earlier", "1988-Q3"),
    "Third-quarter profit rose from $2 million in the year-ago period.": ("the year-ago period", "1988-Q3"),
    "Third-quarter profit rose. In the 1988 period there was a loss.": ("the 1988 period", "1988-Q3"),
    "Third-quarter profit rose. Sales in the latest period fell.": ("the latest period", "1989-Q3"),
    "For the nine months, net was $3 million, from $2 million a year earlier.": ("a year earlier", "1988"),
    "In the first half of 1990 it will lose money.": ("the first half of 1990", "1990-H1"),
    "A year ago there were two.": ("A year ago", "1988"),
    "Sales rose in Q3 1988.": ("Q3 1988", "1988-Q3"),
    "Sales rose in Q3.": ("Q3", "1989-Q3"),
    "Sales rose in FY88.": ("FY88", "1988"),
}


@pytest.mark.parametrize(("text", "expected"), BUSINESS.items(), ids=list(BUSINESS))
def test_business_time(text: str, expected: tuple[str, str]) -> None:
    assert (expected[0], "DATE", expected[1]) in readings(text)


def test_the_fourth_quarter_seen_from_january_is_over() -> None:
    assert readings("It lost money in the fourth quarter.", date(1998, 1, 26)) == [
        ("the fourth quarter", "DATE", "1997-Q4")
    ]


CLOCKS = {
    "He was taken at 10 p.m. Wednesday.": ("10 p.m. Wednesday", "1989-10-25T22:00"),
    "Talks broke off at noon Tuesday.": ("noon Tuesday", "1989-10-24T12:00"),
    "The gates open at 9. 15 a.m. on Nov. 6.": ("9. 15 a.m. on Nov. 6", "1989-11-06T09:15"),
    "The gates open at 9.15 GMT on Nov. 6.": ("9.15 GMT on Nov. 6", "1989-11-06T09:15"),
    "It runs until 5 p.m. EST, Nov. 6.": ("5 p.m. EST, Nov. 6", "1989-11-06T17:00"),
    "They left Monday evening.": ("Monday evening", "1989-10-23TEV"),
    'He said: "Some left (Monday) afternoon."': ("Monday) afternoon", "1989-10-23TAF"),
    "It fell in mid-afternoon yesterday.": ("mid-afternoon yesterday", "1989-10-25TAF"),
    "They will meet this morning.": ("this morning", "1989-10-26TMO"),
    "He spoke last night.": ("last night", "1989-10-25TNI"),
    "A bomb went off at 1030 GMT.": ("1030 GMT", "1989-10-26T10:30"),
    "A bomb went off at 8:30 a.m. there.": ("8:30 a.m.", "1989-10-26T08:30"),
    "It was on the morning of Dec. 7, 1941.": ("the morning of Dec. 7, 1941", "1941-12-07TMO"),
    "A bomb went off at 10:30 Friday night.": ("10:30 Friday night", "1989-10-20T22:30"),
}


@pytest.mark.parametrize(("text", "expected"), CLOCKS.items(), ids=[words for words, _ in CLOCKS.values()])
def test_times_of_day(text: str, expected: tuple[str, str]) -> None:
    assert readings(text) == [(expected[0], "TIME", expected[1])]


LENGTHS = {
    "It lasted three weeks.": ("three weeks", "P3W"),
    "It was a 10-hour tour.": ("10-hour", "PT10H"),
    "It was a five year low.": ("five year", "P5Y"),
    "It took twenty-six days.": ("twenty-six days", "P26D"),
    "It took a hundred years.": ("a hundred years", "P100Y"),
    "Three defeats in eight years will hurt him.": ("eight years", "P8Y"),
    "It took two and a half years.": ("two and a half years", "P2.5Y"),
    "It took half an hour.": ("half an hour", "PT30M"),
    "Prices fell for months.": ("months", "PXM"),
    "It was ruled from there for centuries.": ("centuries", "PXCE"),
    "It fell in the past three months.": ("the past three months", "P3M"),
    "It fell in the past decade.": ("the past decade", "P1DE"),
    "Such crimes are rare in recent years.": ("recent years", "PXY"),
    "He spoke for a couple of years.": ("a couple of years", "P2Y"),
    "Over a three-year period he won.": ("a three-year period", "P3Y"),
    "They serve three- to five-year terms.": ("three- to five-year", "P3Y"),
    "It ended one year earlier than planned.": ("one year earlier", "P1Y"),
}


@pytest.mark.parametrize(("text", "expected"), LENGTHS.items(), ids=[words for words, _ in LENGTHS.values()])
def test_durations(text: str, expected: tuple[str, str]) -> None:
    assert readings(text) == [(expected[0], "DURATION", expected[1])]


SETS = {
    "They meet every Sunday.": ("every Sunday", "XXXX-WXX-7"),
    "They march each July.": ("each July", "XXXX-07"),
    "They vote every two years.": ("every two years", "P2Y"),
    "They meet every other week.": ("every other week", "P2W"),
    "It costs $33 million a year.": ("a year", "P1Y"),
    "It is closed on Sundays.": ("Sundays", "XXXX-WXX-7"),
}


@pytest.mark.parametrize(("text", "expected"), SETS.items(), ids=[words for words, _ in SETS.values()])
def test_sets(text: str, expected: tuple[str, str]) -> None:
    assert readings(text) == [(expected[0], "SET", expected[1])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He now owns it.", "PRESENT_REF"),
        ("It was sold recently.", "PAST_REF"),
        ("They met several years ago.", "PAST_REF"),
        ("It will be sold soon.", "FUTURE_REF"),
        ("It will be sold in the near future.", "FUTURE_REF"),
    ],
)
def test_references_without_a_date_stay_vague(text: str, expected: str) -> None:
    (mention,) = tag(text, THURSDAY)
    assert mention.value == expected
    assert mention.interval is None
    assert mention.granularity is None


@pytest.mark.parametrize(
    "text",
    [
        "It may rain.",
        "They march on.",
        "Sun Microsystems rose.",
        "He paid $1990 for it.",
        "About 1950 people came.",
        "It grew 2,000 percent.",
        "He is 55 years old.",
        "The 42-year-old man fell.",
        "Three quarters of them left.",
        "They mourned the fall of the city.",
        "He left as soon as he could.",
        "USA Today wrote so.",
        "No. 1992 won.",
        "The Sunday Times said so.",
        "It was the first year-on-year rise.",
        "Theresa May won.",
        "He skied at the Winter Olympics.",
        "Traders said the fall could end.",
        "The Good Friday accord holds.",
        "",
        "   ",
    ],
)
def test_what_only_looks_like_time_is_left_alone(text: str) -> None:
    assert tag(text, THURSDAY) == []


@pytest.mark.parametrize(
    ("text", "words", "modifier"),
    [
        ("It opens in early 1991.", "early 1991", Modifier.START),
        ("It closed late last year.", "late last year", Modifier.END),
        ("It fell in mid-1988.", "mid-1988", Modifier.MID),
        ("It fell at the end of 1988.", "the end of 1988", Modifier.END),
        ("Around Nov. 1 it fell.", "Around Nov. 1", Modifier.APPROX),
        ("It took nearly two years.", "nearly two years", Modifier.LESS_THAN),
        ("It took more than four hours.", "more than four hours", Modifier.MORE_THAN),
        ("It took at least 20 more years.", "at least 20 more years", Modifier.EQUAL_OR_MORE),
        ("It took up to 180 days.", "up to 180 days", Modifier.EQUAL_OR_LESS),
    ],
)
def test_modifiers_belong_to_the_expression(text: str, words: str, modifier: Modifier) -> None:
    (mention,) = tag(text, THURSDAY)
    assert (mention.words, mention.modifier) == (words, modifier)


def test_hours_ago_are_told_only_when_the_hour_of_publication_is_known() -> None:
    known = tag("He left three hours ago.", datetime(1998, 3, 6, 1, 20))  # noqa: DTZ001 - a naive anchor is meant
    unknown = tag("He left three hours ago.", date(1998, 3, 6))
    assert known[0].value == "1998-03-05T22"
    assert unknown[0].value == "PAST_REF"


def test_a_mention_can_be_explained() -> None:
    (mention,) = tag("Inspectors left two days ago.", THURSDAY)
    assert (mention.start, mention.end) == (16, 28)
    assert mention.anchor == "1989-10-26"
    assert mention.rule == "ago"
