import time
from dataclasses import replace
from pathlib import Path

import pytest

from search.archive import Archive
from search.article import Withdrawal
from search.errors import QueryError
from search.quoting import verification as quote_search
from search.quoting.citation_id import citation_id
from search.quoting.verification import Claim, articles_with, verify_claim
from tests.fakes import MISSILES, RATES, HashEmbedder, make_article, store

SENTENCE = "Tehran denied it."
START = MISSILES.body.index(SENTENCE)
END = START + len(SENTENCE)
ID = citation_id("missiles", START, END, SENTENCE)
HALF = "\ud83d"


@pytest.mark.parametrize(
    "claim",
    [
        Claim(SENTENCE),
        Claim(SENTENCE, "missiles"),
        Claim(SENTENCE, "missiles", start=START, end=END),
        Claim(SENTENCE, start=START, end=END),
        Claim(SENTENCE, headline=MISSILES.headline),
        Claim(SENTENCE, headline=MISSILES.headline.upper(), start=START, end=END),
        Claim(SENTENCE, citation_id=ID),
        Claim(None, citation_id=ID),
    ],
    ids=["alone", "article", "offsets", "offsets alone", "headline", "headline, offsets", "id", "id alone"],
)
def test_a_quote_is_found_by_whatever_is_known_of_it(news_archive: Archive, claim: Claim) -> None:
    found = verify_claim(news_archive, claim)
    assert (found.status, found.found, found.moved) == ("exact", SENTENCE, False)
    assert found.article == MISSILES
    assert found.citation_id == ID


def test_a_quote_that_was_set_differently_is_shown_as_it_stands(news_archive: Archive) -> None:
    found = verify_claim(news_archive, Claim("“Russia will likely use them within weeks in Ukraine,” he told"))
    assert found.status == "normalised"
    assert found.found == '"Russia will likely use them within weeks in Ukraine," he told'


@pytest.mark.parametrize(
    "claim",
    [Claim(SENTENCE, "missiles", start=0, end=len(SENTENCE)), Claim(SENTENCE, "missiles", start=9999, end=10_000)],
)
def test_a_quote_at_other_offsets_is_told_its_own(news_archive: Archive, claim: Claim) -> None:
    found = verify_claim(news_archive, claim)
    assert (found.status, found.moved, found.citation_id) == ("exact", True, ID)


def test_offsets_do_not_make_a_quote_of_half_a_word(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    body = "The mayor was unable to attend the summit."
    store(news_archive, hash_embedder, make_article("summit", body))
    start = body.index("able")
    quote = body[start:-1]
    assert verify_claim(news_archive, Claim(quote, "summit", start=start, end=len(body) - 1)).status == "absent"
    compound = "It is non-compliant."
    store(news_archive, hash_embedder, make_article("compound", compound))
    cut = Claim("compliant", "compound", start=compound.index("compliant"), end=len(compound) - 1)
    assert verify_claim(news_archive, cut).status == "absent"
    whole = Claim(f"un{quote}", "summit", start=start - 2, end=len(body) - 1)
    assert verify_claim(news_archive, whole).status == "exact"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (Claim(SENTENCE, "rates"), "not in the article 'rates'."),
        (Claim("Tehran  denied it", "rates", start=0, end=16), "differently set"),
        (Claim(SENTENCE, "gone"), "which is unknown"),
        (Claim(SENTENCE, headline=RATES.headline), "not in one with the headline"),
        (Claim(SENTENCE, citation_id=citation_id("rates", 0, 1, "T")), "not in the article 'rates'"),
    ],
)
def test_a_quote_from_another_article_is_misattributed(news_archive: Archive, claim: Claim, said: str) -> None:
    found = verify_claim(news_archive, claim)
    assert found.status == "misattributed"
    assert found.article == MISSILES
    assert found.found == SENTENCE.removesuffix("" if said != "differently set" else ".")
    assert said in found.reason


def test_the_named_article_comes_first(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(news_archive, hash_embedder, make_article("copy", MISSILES.body, MISSILES.headline))
    for article_id in ("missiles", "copy"):
        found = verify_claim(news_archive, Claim(SENTENCE, article_id))
        assert found.article
        assert (found.status, found.article.id) == ("exact", article_id)


def test_an_exact_copy_comes_before_one_set_differently(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    bodies = {"a": "The mayor’s ferry sailed at noon.", "b": "The mayor's ferry sailed at noon. It was late."}
    with Archive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, *(make_article(id_, body) for id_, body in bodies.items()))
        for id_, body in bodies.items():
            found = verify_claim(archive, Claim(body[:25]))
            assert found.article
            assert (found.status, found.article.id) == ("exact", id_)


def test_a_stitched_quote_is_no_citation(news_archive: Archive) -> None:
    found = verify_claim(
        news_archive, Claim("Iran has sent missiles to Russia ... beside the British foreign secretary")
    )
    assert found.status == "stitched"
    assert [piece.of(MISSILES.body) for piece in found.pieces] == [
        "Iran has sent missiles to Russia",
        "beside the British foreign secretary",
    ]
    assert found.citation_id is None
    assert not found.status.verified


def test_an_altered_quote_is_absent_and_the_closest_is_told(news_archive: Archive) -> None:
    found = verify_claim(news_archive, Claim("Russia will likely use them within days in Ukraine", "missiles"))
    assert (found.status, found.found, found.citation_id) == ("absent", None, None)
    assert found.closest
    assert found.closest.of(MISSILES.body) == "Russia will likely use them within weeks in Ukraine"
    assert "6 of its words" in found.reason


@pytest.mark.parametrize("quote", ["Quicksilver operas bored everybody.", "the", "?!", "\x00", "🌋 🌋"])
def test_what_nobody_wrote_is_absent(news_archive: Archive, quote: str) -> None:
    found = verify_claim(news_archive, Claim(quote))
    assert found.status == "absent" or quote == "the"
    if found.status == "absent":
        assert (found.article, found.closest) == (None, None)


def test_a_citation_id_whose_quote_is_gone_is_absent(news_archive: Archive) -> None:
    for text in (citation_id("gone", 0, 4, "Gone"), citation_id("missiles", 0, 4, "Gone")):
        assert verify_claim(news_archive, Claim(None, citation_id=text)).status == "absent"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (Claim(None), "no quote"),
        (Claim(" \n"), "empty"),
        (Claim("x" * 101), "101 characters"),
        (Claim("x", start=1), "no offsets"),
        (Claim("x", start=2, end=2), "no offsets"),
        (Claim("x", start=-1, end=2), "no offsets"),
        (Claim("x", citation_id="x"), "not a citation id"),
        (Claim("x", "rates", citation_id=ID), "and 'rates' is named"),
        (Claim(f"x{HALF}"), "surrogate"),
        (Claim("x", HALF), "surrogate"),
        (Claim(None, citation_id=HALF), "citation_id holds half of a surrogate"),
        (Claim("x", citation_id=f"{ID}{HALF}"), "citation_id holds half of a surrogate"),
        (Claim("x", citation_id="\x00\x1b"), "not a citation id"),
        (Claim("\u00ad\u200b"), "empty"),
        (Claim("x", "a" * 5_000), "article_id has 5000 characters"),
        (Claim("x", headline="a" * 5_000), "headline has 5000 characters"),
        (Claim("x", headline=HALF), "surrogate"),
    ],
)
def test_a_malformed_claim_is_refused(news_archive: Archive, claim: Claim, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        verify_claim(news_archive, claim, longest=100)
    assert caught.value.remedy


def test_a_long_quote_over_many_passages_is_found(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    words = [f"w{number}x" for number in range(1500)]
    body = " ".join(words)
    with Archive.create(tmp_path, hash_embedder.card) as archive:
        store(
            archive,
            hash_embedder,
            make_article("long", body),
            *(make_article(w, f"{w} and {w}.") for w in words[:30]),
        )
        found = verify_claim(archive, Claim(body[: body.index("w1400x")].strip()))
        assert found.article
        assert (found.status, found.article.id) == ("exact", "long")


@pytest.mark.parametrize("claim", [Claim(SENTENCE, "missiles"), Claim(None, citation_id=ID)], ids=["named", "id"])
def test_a_quote_from_a_withdrawn_article_is_found_and_not_verified(news_archive: Archive, claim: Claim) -> None:
    notice = Withdrawal(("missiles",), "The minister never spoke.", origin="kill.json")
    with news_archive.write() as writer:
        writer.withdraw(notice)
        writer.commit()
    found = verify_claim(news_archive, claim)
    assert (found.status, found.found, found.verified) == ("exact", SENTENCE, False)
    assert found.withdrawal == notice


def test_a_withdrawn_article_that_is_not_named_is_not_found(news_archive: Archive) -> None:
    with news_archive.write() as writer:
        writer.withdraw(Withdrawal(("missiles",), "Not so."))
        writer.commit()
    found = verify_claim(news_archive, Claim(SENTENCE))
    assert (found.status, found.article) == ("absent", None)
    assert "can be found" in found.reason


def test_a_quote_from_a_superseded_article_is_verified_and_the_later_one_told(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    later = replace(make_article("missiles-2", "Tehran said nothing.", source="Wire"), supersedes="missiles")
    store(news_archive, hash_embedder, later)
    found = verify_claim(news_archive, Claim(SENTENCE, "missiles"))
    assert (found.status, found.verified, found.superseded_by) == ("exact", True, "missiles-2")
    assert verify_claim(news_archive, Claim("Tehran said nothing.")).superseded_by is None


def test_of_very_long_articles_no_quote_takes_long(tmp_path: Path, hash_embedder: HashEmbedder) -> None:
    common = "the of to in and a that it is was on for as with by at from are this have not has he "
    with Archive.create(tmp_path, hash_embedder.card) as archive:
        store(archive, hash_embedder, *(make_article(f"a{n}", f"w{n}x {common * 300}") for n in range(20)))
        began = time.process_time()
        for quote in ("the of the", "he it the", "of of of of", "w3x said of the", common.strip() + " the the"):
            assert not verify_claim(archive, Claim(quote)).verified
        assert time.process_time() - began < 5
        last = verify_claim(archive, Claim("w19x the of to"))
        assert last.article
        assert (last.status, last.article.id) == ("exact", "a19")


BODIES = {f"a{number}": f"the sea, the ship{' and the captain' * (number < 3)}" for number in range(10)}


@pytest.fixture
def ships(archive: Archive, hash_embedder: HashEmbedder) -> Archive:
    store(archive, hash_embedder, *(make_article(id_, body) for id_, body in BODIES.items()))
    return archive


@pytest.mark.parametrize(
    ("most", "quote", "number"),
    [(100, "the captain", 3), (100, "the of the", 10), (9, "the of the", 0), (9, "the captain of the sea", 3)],
)
def test_words_that_stand_everywhere_are_not_looked_for_at_any_price(
    ships: Archive, monkeypatch: pytest.MonkeyPatch, most: int, quote: str, number: int
) -> None:
    monkeypatch.setattr(quote_search, "_MOST_HOLDERS", most)
    assert len(articles_with(ships, quote)) == number


@pytest.mark.parametrize("quote", ["", "?!", "zeppelins", "\x00"])
def test_a_quote_without_known_words_finds_nothing(ships: Archive, quote: str) -> None:
    assert articles_with(ships, quote) == []
