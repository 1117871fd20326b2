import pytest

from api.claims import read_claims, read_json_claims
from api.schemas import AnswerResponse, VerificationResponse
from api.verifying import verify_claims
from search.answer import Engine
from search.archive import Archive
from search.article import Withdrawal
from search.errors import QueryError
from search.settings import Settings
from tests.fakes import MISSILES, HashEmbedder, make_article, store

SETTINGS = Settings.load(max_quote_chars=60, max_claims=3)


def test_our_own_answers_are_verified(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load(least_closeness=0.2))
    for question in ("When will Russia use missiles in Ukraine?", "Who composed the opera?"):
        answer = AnswerResponse.of(engine.ask(question))
        report = verify_claims(news_archive, read_claims(answer.to_json()), Settings.load())
        assert report.verified
        assert {checked.verification.status for checked in report.checked} == {"exact"}
        assert report.snapshot == answer.searched.snapshot


def test_one_bad_claim_does_not_stop_the_rest(news_archive: Archive) -> None:
    claims = [{"quote": "Tehran denied it."}, {"quote": "x" * 61}, {"quote": "Tehran denied it.", "start": 5}]
    report = verify_claims(news_archive, read_json_claims(claims), SETTINGS)
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
    report = verify_claims(news_archive, read_claims(text), SETTINGS)
    assert report.verified is verified


def test_a_quote_from_a_withdrawn_article_is_not_verified(news_archive: Archive) -> None:
    claims = read_json_claims([{"quote": "Tehran denied it."}])
    (checked,) = verify_claims(news_archive, claims, SETTINGS).checked
    assert checked.verification.article
    article = checked.verification.article
    with news_archive.write() as writer:
        writer.withdraw(Withdrawal((article.id,), "cancelled by its publisher", source=article.source))
        writer.commit()
    claims = read_json_claims([{"quote": "Tehran denied it.", "article_id": article.id}])
    report = verify_claims(news_archive, claims, SETTINGS)
    assert report.checked[0].verification.status == "exact"
    assert not report.verified
    found = VerificationResponse.of(report).results[0].found
    assert found
    assert found.withdrawn
    assert found.withdrawn.reason == "cancelled by its publisher"


def test_a_quote_from_a_superseded_article_says_what_took_its_place(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, make_article("old", "The ferry left Porto at noon.", day="2024-09-10"))
    later = make_article("new", "The ferry left Porto at one.", day="2024-09-11", supersedes="old")
    store(archive, hash_embedder, later)
    report = verify_claims(
        archive, read_json_claims([{"quote": "left Porto at noon", "article_id": "old"}]), SETTINGS
    )
    assert report.verified
    assert report.checked[0].verification.superseded_by == "new"


def test_too_many_claims_are_refused(news_archive: Archive) -> None:
    with pytest.raises(QueryError, match="at most 3") as caught:
        verify_claims(news_archive, read_json_claims([{"quote": "x"}] * 4), SETTINGS)
    assert "DATELINE_MAX_CLAIMS" in caught.value.remedy


def test_a_report_can_be_read_again(news_archive: Archive) -> None:
    text = (
        "“Russia will likely use them within weeks” and “Russia will likely use them within days” and “Iran has "
        "sent missiles to Moscow” and “Iran has sent missiles … he told reporters beside”."
    )
    response = VerificationResponse.of(verify_claims(news_archive, read_claims(text), Settings.load()))
    assert VerificationResponse.model_validate_json(response.to_json()) == response
    assert [result.status for result in response.results] == ["exact", "absent", "absent", "stitched"]
    for result in response.results:
        for place in (result.found, result.closest, *result.pieces):
            if place and hasattr(place, "quote"):
                assert MISSILES.body[place.start : place.end] == place.quote
