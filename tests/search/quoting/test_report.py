import json

import pytest

from api.schemas import AnswerResponse, VerificationResponse
from search.archive import Archive
from search.article import Withdrawal
from search.asking.engine import Engine
from search.errors import QueryError
from search.quoting.claims import Report, read_claims, read_json_claims, verify_claims
from search.quoting.quotations import ClaimsRead
from search.settings import Settings
from tests.fakes import MISSILES, HashEmbedder

SETTINGS = Settings.load(max_quote_chars=60, max_claims=3)


def report_on(archive: Archive, read: ClaimsRead, settings: Settings = SETTINGS) -> Report:
    with archive.snapshot() as snapshot:
        return verify_claims(snapshot, read, settings)


def test_our_own_answers_are_verified(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load(wanted_precision=0))
    for question in ("When will Russia use missiles in Ukraine?", "Who composed the opera?"):
        answer = AnswerResponse.of(engine.ask(question))
        report = report_on(news_archive, read_claims(answer.to_json()), Settings.load())
        assert report.verified
        assert {checked.verification.status for checked in report.checked} == {"exact"}
        assert not any(checked.verification.moved for checked in report.checked)
        assert report.snapshot == answer.searched.snapshot


def test_no_part_of_our_own_answers_can_be_altered(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load(wanted_precision=0))
    answer = AnswerResponse.of(engine.ask("When will Russia use missiles in Ukraine?")).model_dump(mode="json")
    altered = {"char_locations": {"cited_text": "Moscow will"}, "citations": {"answer": {"words": "never, ever"}}}
    for name, change in altered.items():
        parts = [answer[name][0] | change, *answer[name][1:]]
        report = report_on(news_archive, read_claims(json.dumps(answer | {name: parts})), Settings.load())
        assert not report.verified
        assert sum(not checked.verification.verified for checked in report.checked) == 1


def test_one_bad_claim_does_not_stop_the_rest(news_archive: Archive) -> None:
    claims = [{"quote": "Tehran denied it."}, {"quote": "x" * 61}, {"quote": "Tehran denied it.", "start": 5}]
    report = report_on(news_archive, read_json_claims(claims))
    assert [checked.verification.status for checked in report.checked] == ["exact"]
    assert [refused.where for refused in report.refused] == ["[1]", "[2]"]
    assert not report.verified


@pytest.mark.parametrize(
    ("text", "verified"),
    [
        ("He said “Russia will likely use them”.", True),
        ("He said “Russia will likely use them” and “Russia will never use them”.", False),
        ("He said that Russia will use them.", False),
        ("", False),
        ('{"citations": []}', False),
        ("He said “Russia will likely use them.", False),
    ],
    ids=["quote", "altered", "nothing to check", "nothing", "no citations", "not closed"],
)
def test_what_was_not_checked_is_not_verified(news_archive: Archive, text: str, verified: bool) -> None:  # noqa: FBT001
    report = report_on(news_archive, read_claims(text))
    assert report.verified is verified


@pytest.mark.parametrize("text", ["", " \n", "No quote.", "He said “yes” twice.", '{"citations": []}', "[]"])
def test_where_nothing_claims_to_be_a_quote_there_is_nothing_to_check(news_archive: Archive, text: str) -> None:
    report = report_on(news_archive, read_claims(text))
    assert (report.nothing_to_check, report.verified) == (True, False)
    response = VerificationResponse.of(report)
    assert (response.nothing_to_check, response.verified) == (True, False)


@pytest.mark.parametrize("text", ["“Russia will likely use them”", "“Never said by anybody here”", "“Not closed"])
def test_what_was_checked_or_refused_is_something(news_archive: Archive, text: str) -> None:
    assert not report_on(news_archive, read_claims(text)).nothing_to_check


def test_a_quote_from_a_withdrawn_article_is_counted_and_not_verified(news_archive: Archive) -> None:
    with news_archive.write() as writer:
        writer.withdraw(Withdrawal(("missiles",), "Not so."))
        writer.commit()
    claims = [{"quote": "Tehran denied it.", "article_id": "missiles"}]
    response = VerificationResponse.of(report_on(news_archive, read_json_claims(claims)))
    (result,) = response.results
    assert (result.status, result.verified, response.verified) == ("exact", False, False)
    assert (response.counts.exact, response.withdrawn, response.superseded) == (1, 1, 0)
    assert result.found
    assert result.found.withdrawn
    assert result.found.withdrawn.reason == "Not so."


def test_the_same_claim_has_the_same_verdict_every_time(news_archive: Archive) -> None:
    claims = [{"quote": "Tehran denied it."}, {"quote": "Nobody said this here."}] * 5
    report = report_on(news_archive, read_json_claims(claims), Settings.load())
    assert [checked.verification.status for checked in report.checked] == ["exact", "absent"] * 5
    assert [checked.located.where for checked in report.checked] == [f"[{number}]" for number in range(10)]


def test_too_many_claims_are_refused(news_archive: Archive) -> None:
    with pytest.raises(QueryError, match="at most 3") as caught:
        report_on(news_archive, read_json_claims([{"quote": "x"}] * 4))
    assert "DATELINE_MAX_CLAIMS" in caught.value.remedy


def test_a_report_can_be_read_again(news_archive: Archive) -> None:
    text = (
        "“Russia will likely use them within weeks” and “Russia will likely use them within days” and “Iran has "
        "sent missiles to Moscow” and “Iran has sent missiles … he told reporters beside”."
    )
    response = VerificationResponse.of(report_on(news_archive, read_claims(text), Settings.load()))
    assert VerificationResponse.model_validate_json(response.to_json()) == response
    assert [result.status for result in response.results] == ["exact", "absent", "absent", "stitched"]
    for result in response.results:
        for place in (result.found, result.closest, *result.pieces):
            if place and hasattr(place, "quote"):
                assert MISSILES.body[place.start : place.end] == place.quote
