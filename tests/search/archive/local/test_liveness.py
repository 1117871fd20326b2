from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from search.archive import Archive, Outcome
from search.archive.local.regime import DEFAULT_REGIME
from search.article import Article, Precision, Publication, Withdrawal
from search.asking.engine import Engine
from search.asking.retrieval import Method
from search.errors import ArticleNotFoundError
from search.filters import Filter
from search.settings import Settings
from tests.fakes import BRIDGE, MISSILES, NEWS, HashEmbedder, make_article, published, put, store

UPDATE = replace(
    make_article(
        "bridge-2",
        "Four of the six workers of the bridge in Baltimore were found alive, the coast guard said.",
        "Workers found",
        "2024-03-27",
        source="Ledger",
    ),
    supersedes="bridge",
)
KILL = Withdrawal(("bridge",), "The bridge stands.", published("2024-03-28"), origin="kill.json")
QUESTION = "Which workers of the bridge in Baltimore?"


def withdraw(archive: Archive, *notices: Withdrawal) -> list[str]:
    with archive.write() as writer:
        new = [article_id for notice in notices for article_id in writer.withdraw(notice)]
        writer.commit()
    return new


def remove(archive: Archive, *article_ids: str) -> None:
    with archive.write() as writer:
        for article_id in article_ids:
            writer.remove(article_id)
        writer.commit()


def found(archive: Archive, embedder: HashEmbedder) -> set[str]:
    """The ids of all articles of which any way of asking gives anything."""
    question = embedder.embed_question(QUESTION)
    everything = Filter(sources=("Ledger", "Wire", "Gazette"))
    terms = ["bridg", "baltimor", "worker", "missil", "rate", "paris", "lisbon"]
    keys = {
        *(key for key, _ in archive.dense(question, 100, Filter())),
        *(key for key, _ in archive.dense(question, 100, everything)),
        *archive.lexical(terms, 100, Filter()),
        *archive.lexical(terms, 100, everything),
        *archive.fetch(range(1, 200)),
        *archive.closeness(question, range(1, 200)),
    }
    articles = archive.fetch_articles({passage.article for passage in archive.fetch(keys).values()})
    asked = Engine(archive, embedder, Settings.load(wanted_precision=0, least_closeness=-1)).ask(QUESTION, k=20)
    return {article.id for article in articles.values()} | {citation.article_id for citation in asked.citations}


def state(archive: Archive, embedder: HashEmbedder) -> tuple[object, ...]:
    """All that a change of what is current may touch; last what Tantivy says, which counts what was deleted."""
    question = embedder.embed_question(QUESTION)
    return (
        found(archive, embedder),
        [score for _, score in archive.dense(question, 100, Filter())],
        archive.spread(question),
        archive.counts(),
        archive.published_range(),
        replace(archive.status(), bytes_on_disk=0, snapshot=0),
        archive.rarity(["bridg", "worker", "missil"]),
    )


@pytest.fixture(params=["small", "large"])
def stored(request: pytest.FixtureRequest, news_archive: Archive) -> Iterator[Archive]:
    """The sample articles, in an archive whose views are built anew or changed in place."""
    regime = replace(DEFAULT_REGIME, words_anew=0) if request.param == "large" else DEFAULT_REGIME
    with Archive.open(news_archive.folder, regime) as archive:
        yield archive


def test_an_article_in_whose_place_another_is_stays_but_is_not_found(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    assert "bridge" in found(stored, hash_embedder)
    store(stored, hash_embedder, UPDATE)
    assert found(stored, hash_embedder) == {article.id for article in NEWS if article is not BRIDGE} | {"bridge-2"}
    assert stored.superseded_by("bridge") == "bridge-2"
    assert stored.superseded_by("bridge-2") is None
    assert stored.article("bridge") == BRIDGE
    assert stored.passages_of("bridge")
    status = stored.status()
    assert (status.articles, status.superseded, status.withdrawn) == (5, 1, 0)
    assert stored.counts() == (status.articles, status.passages)


def test_it_comes_back_without_embedding_when_the_later_one_goes(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    before = state(stored, hash_embedder)
    store(stored, hash_embedder, UPDATE)
    embedded = len(hash_embedder.embedded)
    remove(stored, "bridge-2")
    assert len(hash_embedder.embedded) == embedded
    assert state(stored, hash_embedder)[:-1] == before[:-1]
    stored.rebuild()
    assert state(stored, hash_embedder) == before


def test_it_comes_back_when_the_later_one_names_it_no_more(stored: Archive, hash_embedder: HashEmbedder) -> None:
    store(stored, hash_embedder, UPDATE)
    store(stored, hash_embedder, replace(UPDATE, supersedes="missiles", source="Wire", published=None))
    assert stored.superseded_by("bridge") is None
    assert stored.superseded_by("missiles") == "bridge-2"
    assert found(stored, hash_embedder) == {"bridge", "bridge-2", "rates", "cathedral", "undated"}


def test_an_earlier_article_that_arrives_late_is_not_found_either(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, UPDATE)
    store(archive, hash_embedder, BRIDGE)
    assert found(archive, hash_embedder) == {"bridge-2"}


def test_of_a_chain_only_the_last_is_found_and_removing_it_brings_the_one_before(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    last = replace(UPDATE, id="bridge-3", supersedes="bridge-2", published=published("2024-03-28"))
    store(stored, hash_embedder, last, UPDATE)
    assert {"bridge", "bridge-2"}.isdisjoint(found(stored, hash_embedder))
    assert (stored.superseded_by("bridge"), stored.superseded_by("bridge-2")) == ("bridge-2", "bridge-3")
    remove(stored, "bridge-3")
    assert "bridge-2" in found(stored, hash_embedder)
    assert "bridge" not in found(stored, hash_embedder)


def test_another_source_can_neither_supersede_nor_withdraw(stored: Archive, hash_embedder: HashEmbedder) -> None:
    store(stored, hash_embedder, replace(UPDATE, source="Gazette"))
    withdraw(stored, replace(KILL, source="Gazette"))
    assert {"bridge", "bridge-2"} <= found(stored, hash_embedder)
    assert stored.superseded_by("bridge") is stored.withdrawal_of("bridge") is None


def test_a_withdrawn_article_is_not_found_and_says_why(stored: Archive, hash_embedder: HashEmbedder) -> None:
    snapshot = stored.snapshot
    assert withdraw(stored, KILL) == ["bridge"]
    assert stored.snapshot == snapshot + 1
    assert found(stored, hash_embedder) == {article.id for article in NEWS if article is not BRIDGE}
    assert stored.withdrawal_of("bridge") == KILL
    assert stored.withdrawal_of("missiles") is None
    assert stored.article("bridge") == BRIDGE
    status = stored.status()
    assert (status.articles, status.superseded, status.withdrawn) == (4, 0, 1)


def test_a_withdrawal_outlives_reading_the_article_again_and_removing_it(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    withdraw(stored, KILL)
    store(stored, hash_embedder, replace(BRIDGE, headline="The bridge fell"))
    assert "bridge" not in found(stored, hash_embedder)
    remove(stored, "bridge")
    store(stored, hash_embedder, BRIDGE)
    assert "bridge" not in found(stored, hash_embedder)
    with Archive.open(stored.folder) as reopened:
        assert "bridge" not in found(reopened, hash_embedder)


def test_a_withdrawal_may_come_before_its_article(archive: Archive, hash_embedder: HashEmbedder) -> None:
    assert withdraw(archive, KILL, KILL) == ["bridge"]
    assert archive.status().withdrawn == 0
    store(archive, hash_embedder, BRIDGE, MISSILES)
    assert found(archive, hash_embedder) == {"missiles"}
    assert archive.withdrawal_of("bridge") == KILL


def test_a_later_version_is_found_again(stored: Archive, hash_embedder: HashEmbedder) -> None:
    before = found(stored, hash_embedder)
    withdraw(stored, KILL)
    store(stored, hash_embedder, replace(BRIDGE, published=published("2024-03-29")))
    assert found(stored, hash_embedder) == before
    assert stored.withdrawal_of("bridge") is None


def test_the_last_of_several_withdrawals_counts(stored: Archive) -> None:
    later = replace(KILL, reason="It fell after all, but not so.", published=published("2024-04-01"))
    withdraw(stored, later)
    assert withdraw(stored, KILL) == []
    assert stored.withdrawal_of("bridge") == later


def test_removing_twice_removes_the_withdrawal_too(stored: Archive, hash_embedder: HashEmbedder) -> None:
    withdraw(stored, KILL)
    remove(stored, "bridge")
    remove(stored, "bridge")
    with stored.write() as writer, pytest.raises(ArticleNotFoundError):
        writer.remove("bridge")
    store(stored, hash_embedder, BRIDGE)
    assert "bridge" in found(stored, hash_embedder)


def test_withdrawing_the_later_one_does_not_bring_the_wrong_one_back(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    store(stored, hash_embedder, UPDATE)
    withdraw(stored, replace(KILL, article_ids=("bridge-2",)))
    assert {"bridge", "bridge-2"}.isdisjoint(found(stored, hash_embedder))
    assert (stored.status().superseded, stored.status().withdrawn) == (1, 1)


def test_a_version_sent_again_after_its_correction_was_withdrawn_is_found(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    store(stored, hash_embedder, UPDATE)
    withdraw(stored, replace(KILL, article_ids=("bridge-2",)))
    store(stored, hash_embedder, replace(BRIDGE, published=published("2024-03-28")))
    assert "bridge" in found(stored, hash_embedder)


CIRCLE = {
    id_: replace(make_article(id_, f"The quay of Bergen is open, said {id_}."), supersedes=earlier)
    for id_, earlier in zip(("a", "b", "c"), ("b", "c", "a"), strict=True)
}


@pytest.mark.parametrize("order", list(permutations(CIRCLE)))
def test_of_articles_that_supersede_each_other_in_a_circle_the_last_is_found(
    archive: Archive, hash_embedder: HashEmbedder, order: tuple[str, ...]
) -> None:
    def seen() -> set[str]:
        return {id_ for id_ in archive.ids() if not (archive.superseded_by(id_) or archive.withdrawal_of(id_))}

    for id_ in order:
        store(archive, hash_embedder, CIRCLE[id_])
    assert found(archive, hash_embedder) == seen() == {"c"}
    withdraw(archive, Withdrawal(("c",), "It is shut.", None))
    assert found(archive, hash_embedder) == seen() == {"b"}, "the last that is not withdrawn"
    remove(archive, "c", "c")
    assert found(archive, hash_embedder) == seen() == {"a"}, "the circle is open"
    store(archive, hash_embedder, CIRCLE["c"])
    assert found(archive, hash_embedder) == seen() == {"c"}
    store(archive, hash_embedder, replace(CIRCLE["a"], supersedes=None, version=2))
    assert found(archive, hash_embedder) == seen() == {"b"}, "the circle is open again"
    withdraw(archive, Withdrawal(("a", "b", "c"), "It never was.", None))
    assert found(archive, hash_embedder) == set()


def test_a_circle_has_no_place_beside_the_article_in_the_place_of_one_of_it(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    last = replace(make_article("d", "The quay of Bergen is shut."), supersedes="a")
    store(archive, hash_embedder, *CIRCLE.values(), last)
    assert found(archive, hash_embedder) == {"d"}
    remove(archive, "d")
    assert found(archive, hash_embedder) == {"c"}


def found_on(
    archive: Archive, embedder: HashEmbedder, day: str, method: Method = Method.FUSED
) -> tuple[set[str], set[str]]:
    """The ids of the articles that searching and asking as of a day give."""
    engine, as_of = (
        Engine(archive, embedder, Settings.load(wanted_precision=0, least_closeness=-1)),
        date.fromisoformat(day),
    )
    searched = engine.search(QUESTION, 20, as_of=as_of, method=method).passages
    asked = engine.ask(QUESTION, 20, as_of=as_of)
    return {one.article_id for one in searched}, {one.article_id for one in asked.citations}


@pytest.mark.parametrize("scanned", [2_000, 0], ids=["few", "many"])
def test_as_of_a_day_what_was_superseded_later_is_found(
    news_archive: Archive, hash_embedder: HashEmbedder, scanned: int
) -> None:
    stored = Archive.open(news_archive.folder, replace(DEFAULT_REGIME, scanned_exactly=scanned))
    before = found_on(stored, hash_embedder, "2024-03-26")
    last = replace(make_article("bridge-3", "All six workers live.", day="2024-03-29"), supersedes="bridge-2")
    store(stored, hash_embedder, UPDATE, last)
    assert found_on(stored, hash_embedder, "2024-03-26") == before
    assert "bridge" in before[0] & before[1]
    (searched, asked) = found_on(stored, hash_embedder, "2024-03-28")
    assert "bridge-2" in searched & asked
    assert not {"bridge", "bridge-3"} & (searched | asked)
    assert "bridge-3" in found_on(stored, hash_embedder, "2024-03-29")[0]
    assert "bridge" not in found_on(stored, hash_embedder, "2024-03-26", Method.LEXICAL)[0]
    stored.close()


def test_as_of_a_day_nothing_is_found_that_was_withdrawn_or_may_have_been_superseded(
    stored: Archive, hash_embedder: HashEmbedder
) -> None:
    store(stored, hash_embedder, replace(UPDATE, published=None))
    assert not {"bridge", "bridge-2"} & found_on(stored, hash_embedder, "2024-03-26")[0]
    store(stored, hash_embedder, UPDATE)
    withdraw(stored, replace(KILL, article_ids=("bridge-2",)))
    assert "bridge" in found_on(stored, hash_embedder, "2024-03-26")[0]
    assert not {"bridge", "bridge-2"} & found_on(stored, hash_embedder, "2024-03-27")[0]
    withdraw(stored, KILL)
    assert "bridge" not in found_on(stored, hash_embedder, "2024-03-26")[0]


def test_as_of_a_day_a_family_has_those_published_by_then(stored: Archive, hash_embedder: HashEmbedder) -> None:
    def copy(id_: str, day: str) -> Article:
        return replace(BRIDGE, id=id_, source=id_, published=published(day))

    store(stored, hash_embedder, copy("copy", "2024-03-26"), copy("late", "2024-03-30"), UPDATE)
    engine = Engine(stored, hash_embedder, Settings.load())
    passages = engine.search(QUESTION, as_of=date(2024, 3, 26)).passages
    (family,) = (one.family for one in passages if one.article_id in {"bridge", "copy"})
    assert family
    assert {one.article_id for one in (family.origin, *family.copies)} == {"bridge", "copy"}


def test_what_was_superseded_later_is_scored_as_it_was(archive: Archive, hash_embedder: HashEmbedder) -> None:
    later = replace(BRIDGE, id="later", supersedes="bridge", published=published("2024-03-27"))
    store(archive, hash_embedder, BRIDGE, later)
    engine = Engine(archive, hash_embedder, Settings.load())
    ((then,), (now,)) = (engine.search(QUESTION, as_of=day).passages for day in (date(2024, 3, 26), None))
    assert (then.article_id, now.article_id) == ("bridge", "later")
    assert then.score == pytest.approx(now.score), "the only one is of average length"


@pytest.mark.parametrize("question", [QUESTION, "What happened to the bridge in March 2024?"])
def test_an_archive_in_which_nothing_is_left_says_that_it_is_empty(
    stored: Archive, hash_embedder: HashEmbedder, question: str
) -> None:
    engine = Engine(stored, hash_embedder, Settings.load())
    withdraw(stored, Withdrawal(tuple(stored.ids()), "All of it is wrong.", None))
    assert engine.ask(question).reason == "The archive is empty."
    remove(stored, *stored.ids())
    answer = engine.ask(question, as_of=date(2024, 3, 26))
    assert (answer.found, answer.reason, answer.searched.articles) == (False, "The archive is empty.", 0)


def test_what_is_not_found_is_no_member_of_a_family(stored: Archive, hash_embedder: HashEmbedder) -> None:
    copy = replace(BRIDGE, id="copy", source="Gazette", published=published("2024-03-27"))
    store(stored, hash_embedder, copy)
    assert [member.article_id for member in stored.family_of("copy").copies] == ["copy"]
    withdraw(stored, KILL)
    assert stored.family_of("copy").origin.article_id == "copy"
    assert stored.family_of("copy").copies == ()
    assert stored.family_of("bridge").origin.article_id == "bridge"
    assert stored.family_of("bridge").copies == ()


def test_views_that_are_behind_give_nothing_that_was_withdrawn(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    with Archive.open(news_archive.folder) as reader, news_archive.write() as writer:
        assert "bridge" in found(reader, hash_embedder)
        writer.withdraw(KILL)
        writer.commit()
        assert "bridge" not in found(reader, hash_embedder)


# Versions of one id


def numbered(number: int | None, day: str | None, text: str) -> Article:
    return replace(make_article("a", text, day=day), version=number)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(numbered(2, None, "Two."), numbered(1, None, "One."), id="by number"),
        pytest.param(numbered(None, "2024-05-03", "New."), numbered(None, "2024-05-02", "Old."), id="by day"),
    ],
)
def test_an_older_version_does_not_replace_a_later_one(
    archive: Archive, hash_embedder: HashEmbedder, first: Article, second: Article
) -> None:
    with archive.write() as writer:
        put(writer, first, hash_embedder)
        assert put(writer, second, hash_embedder) is Outcome.OLDER
        writer.commit()
    assert archive.article("a") == first
    with archive.write() as writer:
        assert put(writer, second, hash_embedder) is Outcome.OLDER
        assert put(writer, first, hash_embedder) is Outcome.UNCHANGED
    remove(archive, "a")
    store(archive, hash_embedder, second, first)
    assert archive.article("a") == first


def test_a_file_may_put_its_article_to_an_earlier_day(
    archive: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    right, wrong = numbered(None, "2024-05-02", "It rained."), numbered(None, "2042-05-02", "It rained.")
    file, other = tmp_path / "a.txt", tmp_path / "b.txt"
    with archive.write() as writer:
        put(writer, wrong, hash_embedder, file)
        assert put(writer, right, hash_embedder, file) is Outcome.OLDER, "one run saw both"
        writer.commit()
    with archive.write() as writer:
        assert put(writer, right, hash_embedder, other) is Outcome.OLDER
        assert put(writer, right, hash_embedder, file) is Outcome.OLDER, "the run saw it in the other file"
        writer.commit()
    with archive.write() as writer:
        assert put(writer, right, hash_embedder, file) is Outcome.REPLACED
        writer.commit()
    assert archive.article("a") == right


def test_a_withdrawal_keeps_all_of_its_parts(news_archive: Archive) -> None:
    moment = published("2024-03-28T10:30").moment
    issued = Publication(moment, Precision.MINUTE, "ninjs versioncreated")
    notice = Withdrawal(("bridge",), "<b>\u00e9\nx", issued, 4, "Ledger", "kill.json#2")
    withdraw(news_archive, notice)
    kept = news_archive.withdrawal_of("bridge")
    assert kept == notice
    assert kept
    assert kept.origin == "kill.json#2"
