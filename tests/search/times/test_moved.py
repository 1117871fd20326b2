"""What something is moved to lies ahead of the report; when it was moved does not."""

from datetime import date

import pytest

from search.times import tag

TUESDAY = date(2024, 5, 14)


def values(text: str, anchor: date = TUESDAY) -> list[tuple[str, str]]:
    return [(mention.words, mention.value) for mention in tag(text, anchor)]


MOVED = {
    "The regatta was put off to Saturday.": [("Saturday", "2024-05-18")],
    "The mayor's trial has been adjourned until Thursday.": [("Thursday", "2024-05-16")],
    "The ferry's maiden trip slipped into March.": [("March", "2025-03")],
    "They pushed the opening of the tunnel back to February.": [("February", "2025-02")],
    "Judges deferred the ruling to 7 June.": [("7 June", "2024-06-07")],
    "The cup final, moved to Monday, is sold out.": [("Monday", "2024-05-20")],
    "A postponement to October was agreed.": [("October", "2024-10")],
    "An extension to Sunday would cost more.": [("Sunday", "2024-05-19")],
    "The concert was rescheduled for Friday.": [("Friday", "2024-05-17")],
    "The flight was held over until at least Wednesday.": [("Wednesday", "2024-05-15")],
    "The premiere was delayed until 8 p.m. Sunday.": [("8 p.m. Sunday", "2024-05-19T20:00")],
    "The hearing was brought forward to Monday.": [("Monday", "2024-05-20")],
    "The pass was closed through April.": [("April", "2025-04")],
    "The tax was delayed to the third quarter.": [("the third quarter", "2024-Q3")],
    "Planners shelved the tram to spring.": [("spring", "2025-SP")],
    "The regatta was moved up to February.": [("February", "2025-02")],
    "The tip-off was pushed back to 7 p.m. on Friday.": [("7 p.m. on Friday", "2024-05-17T19:00")],
    "Elders deferred the matter to their next sitting in March.": [("March", "2025-03")],
    "The parade, due on Friday, was put off to Thursday.": [("Friday", "2024-05-10"), ("Thursday", "2024-05-16")],
    "Their move, promised for July, has slipped to May.": [("July", "2024-07"), ("May", "2024-05")],
    "Their move, promised for July, has slipped to April.": [("July", "2024-07"), ("April", "2025-04")],
    "Their move, promised for March, has slipped to January.": [("March", "2024-03"), ("January", "2025-01")],
    "The date has since been nudged to August.": [("August", "2024-08")],
    "Its sailing was punted back to Sunday.": [("Sunday", "2024-05-19")],
    "The count, due on Sunday, was moved to Tuesday.": [("Sunday", "2024-05-19"), ("Tuesday", "2024-05-21")],
}


@pytest.mark.parametrize(("text", "expected"), MOVED.items(), ids=list(MOVED))
def test_what_something_is_moved_to_lies_ahead(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


NOT_MOVED = {
    "The regatta was put off on Saturday.": "2024-05-11",
    "The regatta was postponed Monday.": "2024-05-13",
    "Trains were delayed by snow in February.": "2024-02",
    "Prices rose to 80 in March.": "2024-03",
    "He moved to Oslo in February.": "2024-02",
    "She put Sunday behind her.": "2024-05-12",
    "The lead was extended to 12 points on Saturday.": "2024-05-11",
    "Ministers put off on Monday a vote on the pact.": "2024-05-13",
    "A letter went to Monday's court.": "2024-05-13",
    "The letters are dated to March.": "2024-03",
    "Sales compared to April were flat.": "2024-04",
    "He has returned to Monday's theme.": "2024-05-13",
    "She moved to a villa on Saturday.": "2024-05-11",
    "The lead grew to nine points on Saturday.": "2024-05-11",
    "He spoke to a meeting in March.": "2024-03",
}


@pytest.mark.parametrize(("text", "value"), NOT_MOVED.items(), ids=list(NOT_MOVED))
def test_the_time_at_which_something_is_moved_is_read_as_before(text: str, value: str) -> None:
    assert [found for _, found in values(text)] == [value]


PAIRS = {
    "The vote was postponed from Monday to Friday.": ["2024-05-13", "2024-05-17"],
    "The vote was postponed from Thursday to Saturday.": ["2024-05-16", "2024-05-18"],
    "The vote was brought forward from Sunday to Thursday.": ["2024-05-19", "2024-05-16"],
    "The fair was moved from June to September.": ["2024-06", "2024-09"],
    "The fair was put off from November to February.": ["2024-11", "2025-02"],
    "The mill stood idle from March to July.": ["2024-03", "2024-07"],
    "The vote was brought forward to Thursday from Sunday.": ["2024-05-16", "2024-05-19"],
    "The vote was put off to June 2 from April 21.": ["2024-06-02", "2024-04-21"],
    "The vote was put off to March 2 from December 4.": ["2025-03-02", "2024-12-04"],
    "The vote was brought forward to June 15 from February 3.": ["2024-06-15", "2025-02-03"],
    "The price rose to June 15 from February 3.": ["2024-06-15", "2024-02-03"],
    "The vote slid from Friday into Saturday.": ["2024-05-17", "2024-05-18"],
}


@pytest.mark.parametrize(("text", "expected"), PAIRS.items(), ids=list(PAIRS))
def test_the_old_time_lies_where_the_move_says(text: str, expected: list[str]) -> None:
    assert [found for _, found in values(text)] == expected


def test_what_is_moved_to_is_no_stretch() -> None:
    _, new = tag("The vote was postponed from Thursday to Saturday.", TUESDAY)
    assert new.interval
    assert (new.interval.first_day, new.interval.last_day) == (date(2024, 5, 18), date(2024, 5, 18))


def test_what_is_so_through_a_day_is_so_from_the_report_on() -> None:
    (mention,) = tag("Schools were ordered shut through Friday.", TUESDAY)
    assert mention.interval
    assert (mention.interval.first_day, mention.interval.last_day) == (TUESDAY, date(2024, 5, 17))


@pytest.mark.parametrize(
    "text",
    [
        "Thousands went to Friday prayers.",
        "Guests invited to Friday prayers wore white.",
        "The show ran to Friday.",
    ],
)
def test_a_day_that_only_tells_of_what_kind_a_thing_is_was_not_moved_to(text: str) -> None:
    ((_, found),) = values(text)
    assert found != "2024-05-17"


def test_a_part_of_a_day_may_stand_behind_what_is_moved_to() -> None:
    ((_, found),) = values("The sailing was punted to Friday evening.")
    assert found == "2024-05-17TEV"


def test_what_is_moved_up_to_a_month_is_then() -> None:
    (mention,) = tag("The regatta was moved up to February.", TUESDAY)
    assert mention.interval
    assert mention.interval.first_day == date(2025, 2, 1)


def test_a_spring_that_is_a_verb_is_no_season() -> None:
    assert values("The team had to spring into action.") == []
