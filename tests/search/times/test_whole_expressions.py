"""Expressions of several words are read whole, or not at all; never one half by itself."""

from datetime import date

import pytest

from search.times import tag

FRIDAY = date(1998, 2, 27)


def readings(text: str, day: date = FRIDAY) -> list[tuple[str, str]]:
    return [(mention.words, mention.value) for mention in tag(text, day)]


WHOLE = {
    "The lease runs for 7 1/2 years.": ("7 1/2 years", "P7.5Y"),
    "It was a 2-1/2 month wait.": ("2-1/2 month", "P2.5M"),
    "They waited three-and-a-half years.": ("three-and-a-half years", "P3.5Y"),
    "The store stood for a quarter century.": ("a quarter century", "P25Y"),
    "Nothing changed in a quarter of a century.": ("a quarter of a century", "P25Y"),
    "It ended a month-long siege.": ("month-long", "P1M"),
    "It was a three-week-long voyage.": ("three-week-long", "P3W"),
    "The yearlong talks failed.": ("yearlong", "P1Y"),
    "It came a day after the vote.": ("a day", "P1D"),
    "He resigned days after the vote.": ("days", "PXD"),
    "She spent hours in the queue.": ("hours", "PTXH"),
    "The show aired on February twenty second.": ("February twenty second", "1998-02-22"),
    "It closed on January the 5th.": ("January the 5th", "1998-01-05"),
    "They landed at nine forty five p.m. on Monday.": ("nine forty five p.m. on Monday", "1998-02-23T21:45"),
    "They meet at 5 o'clock this afternoon.": ("5 o'clock this afternoon", "1998-02-27T17:00"),
    "The bell rang at mid-day Tuesday.": ("mid-day Tuesday", "1998-02-24T12:00"),
    "It burned on Christmas Eve in 1996.": ("Christmas Eve in 1996", "1996-12-24"),
    "It was cold in the winter 1996-97.": ("the winter 1996-97", "1996-WI"),
    "It was cold in the winter 1999-00.": ("the winter 1999-00", "1999-WI"),
    "The tower rose in the fall of 1993.": ("the fall of 1993", "1993-FA"),
    "It sold best in summer 1995.": ("summer 1995", "1995-SU"),
    "The fair is held in the second week of next month.": ("the second week of next month", "1998-W11"),
    "Taxes are due on the 15th of this month.": ("the 15th of this month", "1998-02-15"),
    "Debt fell by mid-year.": ("mid-year", "1998"),
    "It will last to the end of the century.": ("the end of the century", "19"),
    "They hope for the next century.": ("the next century", "20"),
}


@pytest.mark.parametrize(("text", "expected"), WHOLE.items(), ids=[words for words, _ in WHOLE.values()])
def test_an_expression_is_read_whole(text: str, expected: tuple[str, str]) -> None:
    assert readings(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The walls saw the fall of the city.",
        "On days when it rains they stay in.",
        "It happened soon afterwards.",
        "They soon found the key.",
        "A 20-years-old van was sold.",
        "They met in the first days after the war.",
    ],
)
def test_what_tells_no_such_time_is_left_alone(text: str) -> None:
    assert readings(text) == []


def test_two_numbers_are_not_added_up() -> None:
    assert readings("They got six and four year terms.") == [("four year", "P4Y")]
    assert readings("It took a hundred and four years.") == [("a hundred and four years", "P104Y")]


def test_what_had_happened_before_a_weekday_names_the_last_one() -> None:
    assert readings("Two players had withdrawn before Monday.") == [("Monday", "1998-02-23")]
    assert readings("The work has to be done before Monday.") == [("Monday", "1998-03-02")]


def test_a_sum_of_last_year_is_of_the_quarter_that_it_is_compared_with() -> None:
    text = "The fourth quarter brought a profit of $5 million, up from $4 million last year."
    assert readings(text)[-1] == ("last year", "1996-Q4")
    assert readings("Profit rose in the fourth quarter. Last year it opened a shop.")[-1] == ("Last year", "1997")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A total of 2014 ballots were spoiled.", []),
        ("A crowd of 2003 fans cheered.", []),
        ("The class of 1968 met.", ["1968"]),
        ("They led 2019-17 after the first half.", []),
        ("The bond matures in 2018-12.", ["2018-12"]),
        ("He fled a year and two months ago.", ["1996-12"]),
        ("The trial was put off into autumn.", ["1998-FA"]),
    ],
)
def test_counts_and_compounds(text: str, values: list[str]) -> None:
    assert [value for _, value in readings(text)] == values
