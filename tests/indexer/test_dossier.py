from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from indexer.dossier import read_article_statements, tag_article
from search.article import Article, Precision, Publication
from search.times import TimexType
from tests.fakes import make_article

BODY = "The pass closed on Sunday. It opened on 10 September 2024 and will shut in December 2025, or next week."


def days(article: Article) -> dict[str, str]:
    """What each expression of an article means: its first day, by its words."""
    return {m.words: str(m.interval.first_day) for m in tag_article(article) if m.interval}


@pytest.mark.parametrize("day", ["2024-09-12", "2024-09-12T00:30", "2024-09-12T23:59"])
def test_relative_expressions_are_reckoned_from_the_article(day: str) -> None:
    assert days(make_article("any", BODY, day=day)) == {
        "Sunday": "2024-09-08",
        "10 September 2024": "2024-09-10",
        "December 2025": "2025-12-01",
        "next week": "2024-09-16",
    }


@pytest.mark.parametrize("day", [None, "2024", "2024-09"], ids=["unknown", "year", "month"])
def test_without_a_day_only_what_is_complete_in_itself_is_kept(day: str | None) -> None:
    mentions = tag_article(make_article("any", BODY, day=day))
    assert [mention.words for mention in mentions] == ["10 September 2024", "December 2025"]
    assert [mention.anchor for mention in mentions] == ["", ""]


@pytest.mark.parametrize(
    "words", ["in March next year", "in Q3", "in the first half of the year", "on 3 May last year", "in May"]
)
def test_without_a_day_nothing_is_reckoned_from_another(words: str) -> None:
    assert days(make_article("any", f"The pass will close {words}.", day=None)) == {}


def test_without_a_day_a_deadline_has_no_beginning_and_what_goes_on_no_end() -> None:
    body = "It must close by 2030. It has been shut since 1995. It opened before 1950."
    by, since, before = (one.interval for one in tag_article(make_article("any", body, day=None)))
    assert by
    assert since
    assert before
    assert (before.first_day, before.last_day) == (None, date(1949, 12, 31))
    assert (by.last_day, since.first_day) == (date(2030, 12, 31), date(1995, 1, 1))
    assert date(2000, 1, 1) not in {by.first_day, by.last_day, since.first_day, since.last_day}


@pytest.mark.parametrize(("language", "tagged"), [("en", True), (None, True), ("fr", False), ("de", False)])
def test_only_english_is_read(language: str | None, tagged: bool) -> None:  # noqa: FBT001
    article = make_article("any", BODY, day="2024-09-12", language=language)
    assert bool(tag_article(article)) is tagged


def test_offsets_lie_in_the_body_in_order() -> None:
    article = make_article("any", f"\U0001f30b\U0001f30b\n\n{BODY}", day="2024-09-12")
    end = 0
    for mention in tag_article(article):
        assert end <= mention.start
        assert article.body[mention.start : mention.end] == mention.words
        end = mention.end


def test_an_instant_keeps_the_zone_of_the_article() -> None:
    zone = timezone(timedelta(hours=9))
    moment = datetime(2024, 9, 12, 8, 15, tzinfo=zone)
    article = replace(
        make_article("any", "The minister spoke at 10:30 p.m. on Wednesday."),
        published=Publication(moment, Precision.MINUTE, "the test"),
    )
    spoken = next(mention for mention in tag_article(article) if mention.type is TimexType.TIME)
    assert spoken.interval
    assert spoken.interval.start == datetime(2024, 9, 11, 22, 30, tzinfo=zone)
    assert spoken.interval.first_day == date(2024, 9, 11)


def test_the_day_is_that_of_the_articles_own_zone() -> None:
    before_midnight = datetime(2024, 9, 11, 23, 30, tzinfo=timezone(timedelta(hours=-7)))
    assert before_midnight.astimezone(UTC).date() == date(2024, 9, 12)
    article = replace(
        make_article("any", "It rained today."),
        published=Publication(before_midnight, Precision.MINUTE, "the test"),
    )
    assert days(article) == {"today": "2024-09-11"}


@pytest.mark.parametrize(
    ("language", "told"), [("en", ["Ana Souza"]), (None, ["Ana Souza"]), ("fr", []), ("de", [])]
)
def test_only_english_statements_are_read(language: str | None, told: list[str]) -> None:
    article = make_article("any", "The pass is closed, Ana Souza said.", language=language)
    assert [one.speaker.name for one in read_article_statements(article) if one.speaker] == told


@pytest.mark.parametrize("digits", ["9" * 5000, "9," * 400 + "9", "0" * 5000 + "1", "9." + "9" * 5000])
@pytest.mark.parametrize(
    "phrase",
    ["{} days ago", "in {} years", "{} GMT", "the {}th century", "May {}", "{} to {} weeks", "Q{} 2024", "{}s"],
)
def test_numbers_without_end_are_no_flaw(digits: str, phrase: str) -> None:
    article = make_article(
        "a", f"The mayor spoke {phrase.replace('{}', digits)} of the harbour.", day="2024-09-10"
    )
    for mention in tag_article(article):
        assert article.body[mention.start : mention.end] == mention.words
