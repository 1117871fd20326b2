from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.question_time import Side, TimeAsked, side_asked, time_asked, time_constraint

AS_OF = date(2024, 9, 12)
"""A Thursday."""

Days = tuple[str | None, str | None]


def restricted_to(question: str, as_of: date = AS_OF) -> tuple[str, Days] | None:
    """The words and the days that a question restricts itself to."""
    constraint = time_constraint(question, as_of)
    if constraint is None:
        return None
    assert constraint.words in question
    assert constraint.as_of == as_of
    first, last = constraint.period.first, constraint.period.last
    return constraint.words, (first and first.isoformat(), last and last.isoformat())


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When will the ferry sail?", TimeAsked.WHEN),
        ("And when did it sink?", TimeAsked.WHEN),
        ("On what day was the treaty signed?", TimeAsked.WHEN),
        ("In which year did the mine close?", TimeAsked.WHEN),
        ("At what time does the polling station open?", TimeAsked.WHEN),
        ("Since when has the pass been shut?", TimeAsked.SINCE),
        ("From what year was the mill idle?", TimeAsked.SINCE),
        ("How long has she been the mayor?", TimeAsked.SINCE),
        ("Until when is the road closed?", TimeAsked.UNTIL),
        ("As of 3 June 2023, until when was the road closed?", TimeAsked.UNTIL),
        ("In 2006, when did the mine close?", TimeAsked.WHEN),
        ("In 2006, who closed the mine?", None),
        ("As of June 3, 2023, how many had fled?", None),
        ("Do we know when the ferry will sail?", TimeAsked.WHEN),
        ("Can you tell me until when the road is closed?", TimeAsked.UNTIL),
        ("What did the mayor say about when the ferry will sail?", TimeAsked.WHEN),
        ("What did the mayor say about the ferry when it sank?", None),
        ("In what timeframe will the ferry sail?", TimeAsked.UNTIL),
        ("At what point will the ferry sail?", TimeAsked.WHEN),
        ("By what date must claims be filed?", TimeAsked.UNTIL),
        ("How soon will the vaccine be ready?", TimeAsked.UNTIL),
        ("How long will the strike last?", TimeAsked.HOW_LONG),
        ("What new deadline did the court set?", TimeAsked.UNTIL),
        ("Who was hurt when the roof fell?", None),
        ("Whenever it rains, what floods?", None),
        ("How many weeks of rain fell?", None),
        ("Why was the whale there?", None),
    ],
)
def test_what_kind_of_time_is_asked_for(question: str, asked: TimeAsked | None) -> None:
    assert time_asked(question) is asked


@pytest.mark.parametrize(
    ("question", "words", "days"),
    [
        ("What did Parliament pass in December 2006?", "December 2006", ("2006-12-01", "2006-12-31")),
        ("How many were hurt on May 5, 1999?", "May 5, 1999", ("1999-05-05", "1999-05-05")),
        (
            "Who resigned in the last week of November 2005?",
            "the last week of November 2005",
            ("2005-11-28", "2005-12-04"),
        ),
        (
            "What did the firm earn in the third quarter of 2005?",
            "the third quarter of 2005",
            ("2005-07-01", "2005-09-30"),
        ),
        ("Why did shares fall in early 2008?", "early 2008", ("2008-01-01", "2008-03-31")),
        (
            "Which bills followed the events of 11 September 2001?",
            "11 September 2001",
            ("2001-09-11", "2001-09-11"),
        ),
    ],
)
def test_a_time_that_stands_as_an_adverbial_restricts_the_question(question: str, words: str, days: Days) -> None:
    assert restricted_to(question) == (words, days)


@pytest.mark.parametrize(
    "question",
    [
        "What did Blair say about the May 1997 election?",
        "Why was Britain's December 2005 offer refused?",
        "Who won the 2004 election?",
        "Who lost the last election?",
        "Where was its last season spoilt?",
        "Where is tomorrow's game?",
        "What decided the vote's 2016 result?",
        "Who will use the missiles?",
    ],
)
def test_a_time_that_belongs_to_a_name_restricts_nothing(question: str) -> None:
    assert time_constraint(question, AS_OF) is None


@pytest.mark.parametrize(
    ("question", "as_of", "days"),
    [
        ("What did he say yesterday?", AS_OF, ("2024-09-11", "2024-09-11")),
        ("What did he say yesterday?", date(2024, 3, 1), ("2024-02-29", "2024-02-29")),
        ("Who spoke last week?", AS_OF, ("2024-09-02", "2024-09-08")),
        ("Where did drones hit a depot in the last three days?", AS_OF, ("2024-09-09", "2024-09-12")),
        ("Who spoke over the weekend?", AS_OF, ("2024-09-07", "2024-09-08")),
        ("Who spoke earlier this month?", AS_OF, ("2024-09-01", "2024-09-11")),
        ("Who spoke two days ago?", AS_OF, ("2024-09-10", "2024-09-10")),
        ("Who spoke last week?", date(2025, 1, 2), ("2024-12-23", "2024-12-29")),
        ("What is planned next month?", AS_OF, ("2024-10-01", "2024-10-31")),
        ("What happened on Sunday?", AS_OF, ("2024-09-08", "2024-09-08")),
        ("Who has governed since May?", AS_OF, ("2024-05-01", "2024-09-12")),
    ],
)
def test_relative_words_are_reckoned_from_the_given_day(question: str, as_of: date, days: Days) -> None:
    read = restricted_to(question, as_of)
    assert read is not None
    assert read[1] == days


@pytest.mark.parametrize(
    ("question", "relative"),
    [
        ("What did he say last week?", True),
        ("What did he say in May?", True),
        ("What did he say on Sunday?", True),
        ("What did he say in May 2006?", False),
        ("What did he say in 2008 and 2009?", False),
    ],
)
def test_it_is_told_whether_the_words_depend_on_the_day_they_are_said(question: str, relative: bool) -> None:  # noqa: FBT001
    constraint = time_constraint(question, AS_OF)
    assert constraint
    assert constraint.relative is relative


@pytest.mark.parametrize(
    ("question", "first", "last", "outside"),
    [
        ("What did he say last week?", date(2022, 1, 1), date(2024, 9, 10), False),
        ("What did he say last week?", date(2022, 1, 1), date(2024, 8, 2), False),
        ("What did he say last week?", date(2022, 1, 1), date(2024, 8, 1), True),
        ("What did he say last week?", date(2024, 9, 9), date(2025, 1, 1), True),
        ("What did he say last week?", date(2024, 9, 8), date(2025, 1, 1), False),
        ("What did he say last week?", None, None, False),
        ("What did he say in May 2006?", date(2022, 1, 1), date(2024, 9, 10), False),
    ],
)
def test_only_relative_words_can_lie_outside_the_days_of_an_archive(
    question: str,
    first: date | None,
    last: date | None,
    outside: bool,  # noqa: FBT001
) -> None:
    constraint = time_constraint(question, AS_OF)
    assert constraint
    assert constraint.lies_outside(first, last) is outside


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Which firms failed in 2008 and 2009?", ("2008-01-01", "2009-12-31")),
        ("What happened between 1 May and 3 May 2024?", ("2024-05-01", "2024-05-03")),
        ("What happened from May to July 2024?", ("2024-05-01", "2024-07-31")),
        ("Which cups were held in 1998, 2001 and 2004?", ("1998-01-01", "2004-12-31")),
    ],
)
def test_times_that_are_joined_count_together(question: str, days: Days) -> None:
    read = restricted_to(question)
    assert read is not None
    assert read[1] == days


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What was known before 10 September 2024?", (None, "2024-09-09")),
        ("What was known before September?", (None, "2024-08-31")),
        ("Who ruled until 2003?", (None, "2003-12-31")),
        ("What had been agreed by 1 June 2024?", (None, "2024-06-01")),
        ("What was done after 2003?", ("2004-01-01", None)),
        ("What will be done before December?", ("2024-09-12", "2024-11-30")),
    ],
)
def test_before_and_after_leave_a_side_open_unless_it_is_still_to_come(question: str, days: Days) -> None:
    read = restricted_to(question)
    assert read is not None
    assert read[1] == days


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("how many had drowned as of march 6, 2023", (None, "2023-03-06")),
        ("How many had drowned as at 6 March 2023?", (None, "2023-03-06")),
        ("How many had drowned up to March 6, 2023?", (None, "2023-03-06")),
        ("How many had drowned no later than March 6, 2023?", (None, "2023-03-06")),
        ("How many had drowned prior to March 6, 2023?", (None, "2023-03-05")),
        ("As of the end of 2023, how many had drowned?", (None, "2023-12-31")),
        ("Which quays sank on or before March 6, 2023?", (None, "2023-03-06")),
        ("Which quays sank on or after March 6, 2023?", ("2023-03-06", None)),
        ("Which quays sank no earlier than March 6, 2023?", ("2023-03-06", None)),
        ("Which quays sank later than March 6, 2023?", ("2023-03-07", None)),
        ("Which quays sank earlier than March 2023?", (None, "2023-02-28")),
        ("How many had drowned as of yesterday?", (None, "2024-09-11")),
        ("Who has led the club from 2003 on?", ("2003-01-01", None)),
        ("Who led the club starting in March 2003?", ("2003-03-01", None)),
        ("Who is starting in March 2003?", ("2003-03-01", "2003-03-31")),
        ("What was sold in the first half of the year?", ("2024-01-01", "2024-06-30")),
        ("What was sold in the first six months of 2006?", ("2006-01-01", "2006-06-30")),
        ("What was sold in the 2005/06 season?", None),
        ("What was sold in 2005/06?", ("2005-01-01", "2006-12-31")),
        ("What was sold on March 6, 2023?", ("2023-03-06", "2023-03-06")),
        ("diesel price november 2005", ("2005-11-01", "2005-11-30")),
        ("ferry strike april 1997 where", ("1997-04-01", "1997-04-30")),
        ("What was known by the first weekend of December 2005?", (None, "2005-12-04")),
        ("Who won the world cup 2006?", None),
        ("What was sold during March 2023?", ("2023-03-01", "2023-03-31")),
    ],
)
def test_words_that_close_or_open_a_period_leave_the_other_side_open(question: str, days: Days | None) -> None:
    read = restricted_to(question)
    assert (read and read[1]) == days


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what did the mayor say in november 2023", "november 2023"),
        ("what did the mayor say on 9 february 2024", "9 february 2024"),
        ("what did the mayor say on the 3rd of may 2006", "the 3rd of may 2006"),
        ("what did the mayor say in may", "may"),
        ("did they march in may 2006", "may 2006"),
        ("what was said between march and may 2006", "march and may 2006"),
        ("what was said last friday", "last friday"),
        ("what was said on fri 13 oct 2006", "fri 13 oct 2006"),
        ("who swam on sat", "sat"),
        ("what was sold in q3 2005", "q3 2005"),
        ("who swam on christmas day 2005", "christmas day 2005"),
    ],
)
def test_times_are_read_without_their_capitals(question: str, words: str) -> None:
    read = restricted_to(question)
    assert read is not None
    assert read[0] == words
    assert read[1] == restricted_to(question.title().replace("Rd", "rd"))[1]  # type: ignore[index]


@pytest.mark.parametrize(
    "question",
    [
        "who may use the harbour?",
        "how many march in the parade",
        "who sat on the sun deck",
        "what did april rossi say",
        "who is june harbo",
        "what comes second of all",
        "what did may say about the pact",
    ],
)
def test_ordinary_words_in_small_letters_are_no_times(question: str) -> None:
    assert restricted_to(question) is None


@pytest.mark.parametrize(
    "question", ["Has the suspect arrested three weeks ago confessed?", "Who resigned more than a year ago?"]
)
def test_how_long_ago_is_a_condition_only_where_it_ends_the_question(question: str) -> None:
    assert restricted_to(question) is None


@given(st.text(max_size=80), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_text_restricts_itself_to_a_period_or_to_none(text: str, as_of: date) -> None:
    constraint = time_constraint(text, as_of)
    assert constraint is None or constraint.words in text


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What happened on July 2?", ("2017-07-02", "2017-07-02")),
        ("what happened on 30 december", ("2016-12-30", "2016-12-30")),
        ("How many had died by July 5?", (None, "2017-07-05")),
        ("What has she said since June?", ("2017-06-01", "2024-09-12")),
        ("What was decided in May?", ("2017-05-01", "2017-05-31")),
        ("What happened on July 2, 2019?", ("2019-07-02", "2019-07-02")),
        ("What happened last July?", ("2024-07-01", "2024-07-31")),
        ("What happened this week?", ("2024-09-09", "2024-09-15")),
        ("What happened in July of last year?", ("2023-07-01", "2023-07-31")),
    ],
)
def test_a_day_of_any_year_is_the_last_such_day_of_an_archive_that_ended_before(question: str, days: Days) -> None:
    constraint = time_constraint(question, AS_OF)
    assert constraint
    period = constraint.within(date(2016, 11, 1), date(2017, 8, 3)).period
    assert (period.first and period.first.isoformat(), period.last and period.last.isoformat()) == days


def test_a_day_without_its_year_that_the_archive_may_hold_stays_as_it_is() -> None:
    constraint = time_constraint("What happened on July 2?", AS_OF)
    assert constraint
    assert constraint.within(date(2016, 11, 1), date(2024, 9, 1)) == constraint
    assert constraint.within(date(2017, 8, 1), date(2017, 12, 1)) == constraint
    assert constraint.within(None, None) == constraint


def test_a_day_just_behind_the_newest_article_keeps_its_year() -> None:
    for question in ("What happened on September 11?", "What happened on 12 September?"):
        constraint = time_constraint(question, AS_OF)
        assert constraint
        assert constraint.within(date(2016, 11, 1), date(2024, 9, 10)) == constraint


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("How many had left up to and including 4 June 2023?", (None, "2023-06-04")),
        ("What was built not before June 2020?", ("2020-06-01", None)),
        ("Up until the start of 2023, how many had left?", (None, "2023-01-01")),
        ("What happened in the week of 6 May 2024?", ("2024-05-06", "2024-05-12")),
        ("what happened the day before yesterday", ("2024-09-10", "2024-09-10")),
        ("How many were missing until March 6?", (None, "2024-03-06")),
        ("who did may meet in december", ("2023-12-01", "2023-12-31")),
        ("what will may do in december", ("2024-12-01", "2024-12-31")),
        ("How many will be missing until March 6?", ("2024-09-12", "2025-03-06")),
    ],
)
def test_the_tense_of_a_question_tells_on_which_side_its_days_lie(question: str, days: Days) -> None:
    restricted = restricted_to(question)
    assert restricted
    assert restricted[1] == days


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("When will the ferry sail?", Side.AHEAD),
        ("When will the ferry have sailed?", Side.AHEAD),
        ("When may guests have supper?", Side.AHEAD),
        ("When should the ferry have sailed?", None),
        ("When could the thieves have left?", None),
        ("When was the ferry due to sail?", None),
        ("When was the planned sale called off?", Side.BEHIND),
        ("When was next year's budget passed?", Side.BEHIND),
        ("When was the likely heir named?", Side.BEHIND),
        ("When was it planned to open?", None),
        ("Do you know when the ferry will sail?", Side.AHEAD),
        ("What did Lie say about when the ferry will sail?", Side.AHEAD),
    ],
)
def test_a_question_looks_ahead_or_behind(question: str, side: Side | None) -> None:
    assert side_asked(question) is side
