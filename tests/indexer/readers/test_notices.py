import json
from collections.abc import Callable

import pytest

from indexer.readers.draft import notice_of
from search.article import Article, Notice, NoticeKind, Withdrawal

BODY = [
    "The council will vote on the quay on Thursday.",
    "It met for two hours.",
    "All parties spoke.",
]


@pytest.mark.parametrize(
    "headline",
    [
        "CORRECTED-Council votes on quay",
        "CORRECTED - Council votes on quay",
        "CORRECTION: Council votes on quay",
        "Correction: Council votes on quay",
        "REFILE-Council votes on quay",
        "CORRECTED-UPDATE 2-Council votes on quay",
        "ATTENTION - CORRECTS day of vote ///",
        "Council votes on quay (repetition, correcting date)",
        "Council votes on quay (corrected)",
        "Here is a corrected repetition ///",
    ],
)
def test_a_headline_tells_that_an_article_corrects(headline: str) -> None:
    assert notice_of(headline, BODY) == Notice(NoticeKind.CORRECTION, headline)


@pytest.mark.parametrize(
    "line",
    [
        "(This version CORRECTS the day of the vote)",
        "(Corrects day in the first paragraph)",
        "This story corrects an earlier version that gave another day.",
        "This April 5 story has been corrected to show that the vote is on Thursday.",
        "This article was corrected on 6 April.",
        "Correction: the vote is on Thursday, not on Friday.",
        "An earlier version of this article misstated the day of the vote.",
        "Eds: Updates; CORRECTS day of the vote.",
    ],
)
@pytest.mark.parametrize("place", ["first", "last", "note"])
def test_a_line_at_either_end_or_a_note_tells_that_an_article_corrects(line: str, place: str) -> None:
    paragraphs = {"first": [line, *BODY], "last": [*BODY, line], "note": BODY}[place]
    note = line if place == "note" else None
    assert notice_of("Council votes on quay", paragraphs, note) == Notice(NoticeKind.CORRECTION, line)


@pytest.mark.parametrize(
    ("headline", "line"),
    [
        ("Corrections officer is honoured", "The officer of corrections retired."),
        ("UPDATE 2-Council votes on quay", "It is an update."),
        ("Minister corrects rival on history", "The minister corrected him twice."),
        ("KILL BILL returns to cinemas", "Viewers may kill an afternoon with it."),
        ("Kill notice for the river project", "Ministers withdrew the plan."),
        ("KILL", "A band of this name plays tonight."),
    ],
)
def test_ordinary_news_of_corrections_and_kills_is_no_notice(headline: str, line: str) -> None:
    assert notice_of(headline, [line, *BODY]) is None


def test_what_stands_in_the_middle_of_a_text_is_not_about_it() -> None:
    said = "(This version corrects the day.)"
    assert notice_of("Council votes on quay", [*BODY, said, *BODY]) is None


@pytest.mark.parametrize("headline", ["KILL: quay vote", "STORY KILL - quay", "MANDATORY KILL", "WITHDRAWN-Vote"])
def test_a_kill_is_told_by_its_headline_and_its_text(headline: str) -> None:
    said = "Please disregard the story about the quay; no vote was held."
    assert notice_of(headline, [said]) == Notice(NoticeKind.WITHDRAWAL, said)


def test_a_kill_in_words_withdraws_the_article_of_its_id(withdrawal: Callable[..., Withdrawal]) -> None:
    record = {"id": "quay", "title": "KILL: quay vote", "text": "Kill the story. No vote was held.", "version": 2}
    notice = withdrawal("a.json", json.dumps(record | {"source": "Harbour News", "date": "2024-04-06"}))
    assert notice.article_ids == ("quay",)
    assert (notice.reason, notice.source, notice.version) == (
        "Kill the story. No vote was held.", "Harbour News", 2,
    )  # fmt: skip


def test_a_kill_that_names_nothing_is_reported(refusal: Callable[..., str]) -> None:
    reason = refusal("kill.txt", "KILL: quay vote\n\nKill the story about the quay. No vote was held.\n")
    assert reason.startswith("withdraws an article without naming it by its id: Kill the story")
    assert "dateline remove ID" in reason


def test_a_record_may_state_its_version_what_it_replaces_and_its_correction(
    read_one: Callable[..., Article],
) -> None:
    record = {
        "id": "b",
        "text": BODY[0],
        "version": "2",
        "replaces": "a",
        "correction": "The vote is  on Thursday.",
    }
    article = read_one("a.json", json.dumps(record))
    assert (article.version, article.supersedes) == (2, "a")
    assert article.notice == Notice(NoticeKind.CORRECTION, "The vote is on Thursday.")


def test_an_article_cannot_replace_itself(read_one: Callable[..., Article]) -> None:
    assert read_one("a.json", json.dumps({"id": "a", "text": BODY[0], "replaces": "a"})).supersedes is None


@pytest.mark.parametrize("version", ["two", "-1", "1.5", "٣", "9" * 40, True, {"n": 1}])
def test_a_version_that_is_no_number_is_none(read_one: Callable[..., Article], version: object) -> None:
    assert read_one("a.json", json.dumps({"id": "a", "text": BODY[0], "version": version})).version is None


def test_a_record_whose_status_says_so_is_withdrawn(withdrawal: Callable[..., Withdrawal]) -> None:
    notice = withdrawal("a.json", json.dumps({"id": "a", "status": "withdrawn"}))
    assert (notice.article_ids, notice.reason) == (
        ("a",), "cancelled by its publisher (status 'withdrawn').",
    )  # fmt: skip
