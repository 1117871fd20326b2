"""The direction of a bare date follows the verb that governs it."""

from datetime import date, timedelta

import pytest

from search.times import tag

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
A_WEEK = [date(2005, 12, 26) + timedelta(days=n) for n in range(7)]


@pytest.mark.parametrize("anchor", A_WEEK, ids=lambda day: f"published on {day:%A}")
@pytest.mark.parametrize("weekday", range(7), ids=WEEKDAYS)
def test_a_weekday_with_a_past_verb_is_the_last_one(anchor: date, weekday: int) -> None:
    for text in (f"The court ruled {WEEKDAYS[weekday]}.", f"On {WEEKDAYS[weekday]}, the court ruled."):
        (mention,) = tag(text, anchor)
        day = date.fromisoformat(mention.value)
        assert day.weekday() == weekday
        assert 0 <= (anchor - day).days < 7


@pytest.mark.parametrize("anchor", A_WEEK, ids=lambda day: f"published on {day:%A}")
@pytest.mark.parametrize("weekday", range(7), ids=WEEKDAYS)
def test_a_weekday_with_a_future_verb_is_the_next_one(anchor: date, weekday: int) -> None:
    for text in (
        f"The court will rule {WEEKDAYS[weekday]}.",
        f"On {WEEKDAYS[weekday]}, the court will rule.",
    ):
        (mention,) = tag(text, anchor)
        day = date.fromisoformat(mention.value)
        assert day.weekday() == weekday
        assert 0 <= (day - anchor).days < 7


@pytest.mark.parametrize("anchor", A_WEEK, ids=lambda day: f"published on {day:%A}")
@pytest.mark.parametrize("weekday", range(7), ids=WEEKDAYS)
def test_last_and_next_never_mean_the_day_of_publication(anchor: date, weekday: int) -> None:
    last, following = tag(f"Not last {WEEKDAYS[weekday]} but next {WEEKDAYS[weekday]}.", anchor)
    assert 1 <= (anchor - date.fromisoformat(last.value)).days <= 7
    assert 1 <= (date.fromisoformat(following.value) - anchor).days <= 7


FRIDAY = date(1989, 10, 27)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A dividend was declared, payable Dec. 7 to stock of record Nov. 22.", "1989-12-07"),
        ("The offer, which expires Nov. 21, was raised.", "1989-11-21"),
        ("The rules take effect Dec. 7.", "1989-12-07"),
        ("He called for the redemption on Dec. 7 of all shares.", "1989-12-07"),
        ("As of Sept. 30, the bank had assets.", "1989-09-30"),
        ("In the year ended Jan. 31, it lost money.", "1989-01-31"),
        ("It was announced on March 18.", "1989-03-18"),
        ("The January 25 election is near.", "1990-01-25"),
        ("Two were killed on Aug. 9.", "1989-08-09"),
    ],
)
def test_days_of_the_month_lie_where_tense_and_nearness_say(text: str, value: str) -> None:
    assert value in [mention.value for mention in tag(text, FRIDAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It was sold in August.", "1989-08"),
        ("It will be sold in August.", "1990-08"),
        ("Closing is expected in December.", "1989-12"),
        ("He has been ill since a stroke in November.", "1988-11"),
        ("Production is starting in March, he said.", "1990-03"),
        ("Prices rose in October.", "1989-10"),
        ("Prices will rise in October.", "1989-10"),
        ("Crude for delivery in January rose.", "1990-01"),
        ("The January contract rose.", "1990-01"),
        ("The cull was to go on until the end of January.", "1990-01"),
    ],
)
def test_months_follow_the_tense(text: str, value: str) -> None:
    assert [mention.value for mention in tag(text, FRIDAY)] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Officials said Tuesday that talks will resume.", "1989-10-24"),
        ("Officials said talks will resume Tuesday.", "1989-10-31"),
        ("The score will be presented and played on Tuesday, it said.", "1989-10-31"),
        ("They were to meet on Tuesday.", "1989-10-31"),
        ("They agreed to meet on Tuesday.", "1989-10-31"),
        ("The vote is scheduled for Tuesday.", "1989-10-31"),
        ("The strike was extended until Tuesday.", "1989-10-31"),
        ("He must answer by Tuesday.", "1989-10-31"),
        ("Offers by Tuesday, please.", "1989-10-31"),
        ("By Tuesday, the troops had gone.", "1989-10-24"),
        ("The council meets Tuesday.", "1989-10-31"),
        ("Since Tuesday, shares have gained.", "1989-10-24"),
        ("The team lost during Tuesday's match.", "1989-10-24"),
        ("The trial was held on Tuesday.", "1989-10-24"),
        ("Tension rose ahead of a summit on Tuesday.", "1989-10-31"),
        ("The runner finished well ahead of his rival on Tuesday.", "1989-10-24"),
        ("Two players withdrew due to injuries on Tuesday.", "1989-10-24"),
        ("The envoy was due to arrive on Tuesday.", "1989-10-31"),
        ("He spoke in an interview to be broadcast Tuesday.", "1989-10-31"),
        ("The minister outlined the plans on Tuesday.", "1989-10-24"),
        ("Output fell more than expected on Tuesday.", "1989-10-24"),
        ("We can have a deal on Tuesday.", "1989-10-31"),
        ("They will have finished by Tuesday.", "1989-10-31"),
        ("A group took responsibility for Tuesday's attack.", "1989-10-24"),
        ("Order returned following Tuesday's clashes.", "1989-10-24"),
    ],
)
def test_the_nearest_verb_governs(text: str, value: str) -> None:
    assert [mention.value for mention in tag(text, FRIDAY)] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Parliament to pass the budget on Tuesday.", "1989-10-31"),
        ("Ruritania to send an envoy Tuesday, officials say.", "1989-10-31"),
        ("Four island ministers to discuss ferries on Tuesday", "1989-10-31"),
        ("They are to discuss ferries on Tuesday.", "1989-10-31"),
        ("The bill failed to pass on Tuesday.", "1989-10-24"),
        ("She came to Porto to visit them on Tuesday.", "1989-10-24"),
        ("Ferries continue to miss the tide on Tuesday.", "1989-10-24"),
    ],
)
def test_the_infinitive_of_a_headline_announces(text: str, value: str) -> None:
    assert [mention.value for mention in tag(text, FRIDAY)] == [value]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The truce will last nine months.", "nine months"),
        ("The strike did not last two weeks.", "two weeks"),
        ("The tour is expected to last three days.", "three days"),
        ("It might only last a few hours.", "a few hours"),
        ("Prices fell in the last nine months.", "the last nine months"),
        ("They can use the last two weeks.", "the last two weeks"),
    ],
)
def test_what_lasts_is_not_the_last(text: str, words: str) -> None:
    (mention,) = tag(text, FRIDAY)
    assert text[mention.start : mention.end] == words
    assert (mention.interval is not None) is words.startswith("the last")
