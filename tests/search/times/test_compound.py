"""Times of two relative parts are one expression, whole; the simple ones beside them are read as before."""

from datetime import date, datetime

import pytest

from search.times import tag

TUESDAY = date(2024, 5, 14)


def readings(text: str, anchor: date = TUESDAY) -> list[tuple[str, str]]:
    return [(mention.words, mention.value) for mention in tag(text, anchor)]


COMPOUND = {
    "The barge sank the day before yesterday.": ("the day before yesterday", "2024-05-12"),
    "The choir sings the day after tomorrow.": ("the day after tomorrow", "2024-05-16"),
    "It froze the night before last.": ("the night before last", "2024-05-12TNI"),
    "The Sunday before last was warm.": ("The Sunday before last", "2024-05-05"),
    "They sail the Tuesday after next.": ("the Tuesday after next", "2024-05-28"),
    "The week before last was dry.": ("The week before last", "2024-W18"),
    "It opens the year after next.": ("the year after next", "2026"),
    "The summer before last was dry.": ("The summer before last", "2022-SU"),
    "The May before last was wet.": ("The May before last", "2022-05"),
    "The vote is a week from Friday.": ("a week from Friday", "2024-05-24"),
    "The vote is two weeks from tomorrow.": ("two weeks from tomorrow", "2024-05-29"),
    "They return on Monday week.": ("Monday week", "2024-05-27"),
    "They return next Monday week.": ("next Monday week", "2024-05-27"),
    "The kiosk reopens a week today.": ("a week today", "2024-05-21"),
    "The vote is three weeks tomorrow.": ("three weeks tomorrow", "2024-06-05"),
    "The fair will open a week on Saturday.": ("a week on Saturday", "2024-05-25"),
    "Two Fridays ago the mill burned.": ("Two Fridays ago", "2024-05-03"),
    "They wed three Tuesdays from now.": ("three Tuesdays from now", "2024-06-04"),
    "Two summers ago the mill burned.": ("Two summers ago", "2022-SU"),
    "A year ago Friday, the mill burned.": ("A year ago Friday", "2023-05-10"),
    "Two weeks ago today the mill burned.": ("Two weeks ago today", "2024-04-30"),
    "Three years ago this month the mill burned.": ("Three years ago this month", "2021-05"),
    "Five years ago last month the mill burned.": ("Five years ago last month", "2019-04"),
    "Two years ago in August the mill burned.": ("Two years ago in August", "2022-08"),
    "A fortnight ago the mill burned.": ("A fortnight ago", "2024-04-30"),
    "Half a year ago the mill burned.": ("Half a year ago", "2023-11"),
    "Last week on Thursday the mill burned.": ("Last week on Thursday", "2024-05-09"),
    "Last year in August the mill burned.": ("Last year in August", "2023-08"),
    "Shops will open the day after Christmas.": ("the day after Christmas", "2024-12-26"),
    "It shut two days before Christmas 2020.": ("two days before Christmas 2020", "2020-12-23"),
    "It shut the Monday after Easter.": ("the Monday after Easter", "2024-04-01"),
    "They will rest on the eve of Sunday's race.": ("the eve of Sunday", "2024-05-18"),
    "They rested on the eve of May 1.": ("the eve of May 1", "2024-04-30"),
    "It shut on the eve of Christmas 2020.": ("the eve of Christmas 2020", "2020-12-24"),
    "The barge sank a week last Friday.": ("a week last Friday", "2024-05-03"),
    "The barge sank a week yesterday.": ("a week yesterday", "2024-05-06"),
    "They will wed in two Sundays' time.": ("two Sundays' time", "2024-05-26"),
    "It closes in the week of 3 June.": ("the week of 3 June", "2024-W23"),
    "It will end in the last quarter of next year.": ("the last quarter of next year", "2025-Q4"),
}


@pytest.mark.parametrize(("text", "expected"), COMPOUND.items(), ids=list(COMPOUND))
def test_two_relative_parts_are_one_expression(text: str, expected: tuple[str, str]) -> None:
    assert readings(text) == [expected]


def test_a_time_may_be_counted_from_what_was_told() -> None:
    text = "He was born on May 3, 2020. Ten days before that they had wed. The day after that it rained."
    assert [value for _, value in readings(text)] == ["2020-05-03", "2020-04-23", "2020-04-24"]


BESIDE_THE_STORY = {
    "He was held on May 3. The following Monday he was freed.": "2024-05-06",
    "The barge sank on May 3. The previous Wednesday it had left.": "2024-05-01",
    "They met in June 2022 and wed the following spring.": "2023-SP",
    "They met in June 2022 and wed the following May.": "2023-05",
    "The pier burned in 2019; it had been painted the previous year.": "2018",
}


@pytest.mark.parametrize(("text", "value"), BESIDE_THE_STORY.items(), ids=list(BESIDE_THE_STORY))
def test_what_follows_is_reckoned_from_what_was_told(text: str, value: str) -> None:
    assert readings(text)[-1][1] == value


def test_which_monday_followed_a_year_is_not_told() -> None:
    assert readings("The pier burned in 2019. The following Monday it was shut.") == [("2019", "2019")]


def test_half_an_hour_ago_is_no_length() -> None:
    (mention,) = tag("The mill caught fire half an hour ago.", datetime(2024, 5, 14, 10, 0))  # noqa: DTZ001
    assert (mention.words, mention.value) == ("half an hour ago", "PAST_REF")


SIMPLE = {
    "She has been missing a week today.": [("a week", "P1W"), ("today", "2024-05-14")],
    "He left yesterday.": [("yesterday", "2024-05-13")],
    "He left three days ago.": [("three days ago", "2024-05-11")],
    "The day before the vote it rained.": [],
    "In the week after the storm it rained.": [],
    "She was jailed for two weeks from Friday.": [("two weeks", "P2W"), ("Friday", "2024-05-10")],
    "Two years ago, August was wet.": [("Two years ago", "2022"), ("August", "2023-08")],
    "He said a week ago that Monday was fine.": [("a week ago", "2024-W19"), ("Monday", "2024-05-13")],
    "The firm, founded a year ago, on Friday rose.": [("a year ago", "2023"), ("Friday", "2024-05-10")],
    "Last week Sunday's vote was void.": [("Last week", "2024-W19"), ("Sunday", "2024-05-12")],
    "Player of the year after the win.": [("the year", "2024")],
    "The day before that meeting he fell.": [],
    "They rested for a fortnight.": [("a fortnight", "P2W")],
    "They rested on the eve of the vote.": [],
    "Eve of Selby won on Friday.": [("Friday", "2024-05-10")],
    "She rested for a week last May.": [("a week", "P1W"), ("last May", "2023-05")],
    "The next Monday is a holiday.": [("The next Monday", "2024-05-20")],
}


@pytest.mark.parametrize(("text", "expected"), SIMPLE.items(), ids=list(SIMPLE))
def test_parts_that_do_not_belong_together_stay_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert readings(text) == expected
