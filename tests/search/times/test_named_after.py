"""Names that are words for times are no dates; the words as times are."""

from datetime import date

import pytest

from search.times import tag

PUBLISHED = date(2023, 6, 30)


def values(text: str) -> list[str]:
    return [mention.value for mention in tag(text, PUBLISHED)]


NAMES = [
    "She danced with April Rossi and August Lund.",
    "June Harbo, a baker, sang.",
    "The prize went to May Tofte.",
    "Mr. May and Mrs. June came; Dr. March did not.",
    "Sgt. Friday asked for the facts.",
    "He wore his Sunday best and sang the Monday blues.",
    "The choir of the Sunday school sang.",
    "Shops hope for Black Friday and Giving Tuesday.",
    "She watched Saturday Night Live.",
    "The Sunday Times printed it.",
    "They joined Monday.com as clerks.",
    "Theresa May left when May had lost the vote.",
    "The march may be long; Mr. May may march on.",
    "Jan Smit sang.",
    "Striker Sunday Bako scored.",
    "Friday Bako, a baker, sang.",
    "Nancy Friday wrote it; Sgt. Joe Friday read it.",
    "May, who had lost, sang.",
    "Peter March sang.",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_no_date(text: str) -> None:
    assert values(text) == []


DATES = {
    "In May, Wong said so.": ["2023-05"],
    "In April Iraq held a vote.": ["2023-04"],
    "The pool was shut in April.": ["2023-04"],
    "An April Reuters poll said so.": ["2023-04"],
    "The June Labour rally was small.": ["2023-06"],
    "By August Chile will vote.": ["2023-08"],
    "At the end of April Spain will vote.": ["2024-04"],
    "Between March and May Peru paid.": ["2023-03", "2023-05"],
    "She said Friday Iraq would vote.": ["2023-06-30"],
    "On Monday school heads met.": ["2023-06-26"],
    "On Sunday night London slept.": ["2023-06-25TNI"],
    "It opened on Ash Wednesday 2023.": ["2023-02-22"],
    "May 5 was wet.": ["2023-05-05"],
    "Sunday Berlin voted.": ["2023-06-25"],
    "Nancy said Friday it would vote.": ["2023-06-30"],
    "In May, when it rained, he sang.": ["2023-05"],
    "Conductor August Lund said August was wet.": ["2022-08"],
    "Peter came in March, Anna in May.": ["2023-03", "2023-05"],
}


@pytest.mark.parametrize(("text", "expected"), DATES.items(), ids=list(DATES))
def test_a_month_or_a_weekday_is_one(text: str, expected: list[str]) -> None:
    assert values(text) == expected
