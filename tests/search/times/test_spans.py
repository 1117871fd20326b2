"""Seasons, fiscal years, halves and the dates of forms and logs are read whole, ambiguous figures not at all."""

from datetime import date

import pytest

from search.times import tag

PUBLISHED = date(2006, 5, 16)

SPANS = {
    "They led the 2004/05 season.": ("2004/05", "2004-01-01", "2005-12-31"),
    "The 2005-06 budget was cut.": ("2005-06", "2005-01-01", "2006-12-31"),
    "It rose in 1999/2000.": ("1999/2000", "1999-01-01", "2000-12-31"),
    "It rose in 1998-2001.": ("1998-2001", "1998-01-01", "2001-12-31"),
    "It rose in 1999-00.": ("1999-00", "1999-01-01", "2000-12-31"),
    "The 98/99 season was dull.": ("The 98/99", "1998-01-01", "1999-12-31"),
    "FY2004/05 was dull.": ("FY2004/05", "2004-01-01", "2005-12-31"),
    "It ends by 2008-09.": ("2008-09", "2006-05-16", "2009-12-31"),
    "It fell after 1995-96.": ("1995-96", "1997-01-01", "None"),
    "Sales in 2018-12 rose.": ("2018-12", "2018-12-01", "2018-12-31"),
    "Sales rose in H2 2005.": ("H2 2005", "2005-07-01", "2005-12-31"),
    "Sales rose in 2005 Q4.": ("2005 Q4", "2005-10-01", "2005-12-31"),
    "It rained in the first half of May.": ("the first half of May", "2006-05-01", "2006-05-15"),
    "It rose in the second half of the 1990s.": ("the second half of the 1990s", "1995-01-01", "1999-12-31"),
    "It rose in the first half of the year.": ("the first half of the year", "2006-01-01", "2006-06-30"),
    "It fell in the first six months of 2005.": ("the first six months of 2005", "2005-01-01", "2005-06-30"),
    "It fell in the last two months of last year.": (
        "the last two months of last year",
        "2005-11-01",
        "2005-12-31",
    ),
}


@pytest.mark.parametrize(("text", "expected"), SPANS.items(), ids=list(SPANS))
def test_a_stretch_is_read_whole(text: str, expected: tuple[str, str, str]) -> None:
    (mention,) = tag(text, PUBLISHED)
    assert mention.interval
    assert (mention.words, str(mention.interval.first_day), str(mention.interval.last_day)) == expected


DATES = {
    "The form is dated 19-Nov-05.": "2005-11-19",
    "The form is dated 19/Nov/2005.": "2005-11-19",
    "The form is dated 2005-Nov-19.": "2005-11-19",
    "The note falls due Dec/2008.": "2008-12",
    "The note falls due 12/2008.": "2008-12",
    "Logged Wed Oct 26 15:50:06 2005 by hand.": "2005-10-26T15:50:06",
    "The lease ends on April first 2007.": "2007-04-01",
    "It opened on May twenty-first, 1999.": "1999-05-21",
    "It opened on 19.11.2005.": "2005-11-19",
    "It opened on 4/4/1999.": "1999-04-04",
    "It opened on 31/12/1999.": "1999-12-31",
}


@pytest.mark.parametrize(("text", "value"), DATES.items(), ids=list(DATES))
def test_the_dates_of_forms_and_logs_are_read(text: str, value: str) -> None:
    assert [mention.value for mention in tag(text, PUBLISHED)] == [value]


NOTHING = [
    "Call 555-1990-12 or 020-1990-2000.",
    "They won 7/8 games and 98/99 points.",
    "The H1-B visa and the H5N1 virus.",
    "Version 10.1.2012 runs.",
    "It opened on 7/4/1999.",
    "It opened on 05-06-2004.",
    "Some 1990-2010 tons were lost.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_scores_and_ambiguous_figures_are_not_guessed(text: str) -> None:
    assert tag(text, PUBLISHED) == []


ORDERED = {
    "Born on 7/4/1999, he left on 25/12/2004.": ["1999-04-07", "2004-12-25"],
    "Born on 7/4/1999, he left on 12/25/2004.": ["1999-07-04", "2004-12-25"],
    "Born on 7/4/1999, he left on 05/15/06.": ["1999-07-04", "2006-05-15"],
    "Born on 7/4/1999, he came on 25/12/2003 and left on 12/25/2004.": ["2003-12-25", "2004-12-25"],
}


@pytest.mark.parametrize(("text", "values"), ORDERED.items(), ids=list(ORDERED))
def test_the_other_dates_of_an_article_tell_whether_the_day_comes_first(text: str, values: list[str]) -> None:
    assert [mention.value for mention in tag(text, PUBLISHED)] == values


def test_the_order_may_be_told() -> None:
    text = "He was born on 7/4/1999."
    assert [mention.value for mention in tag(text, PUBLISHED, day_first=True)] == ["1999-04-07"]
    assert [mention.value for mention in tag(text, PUBLISHED, day_first=False)] == ["1999-07-04"]
