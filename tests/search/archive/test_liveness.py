from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive, MemoryArchive, Outcome
from search.archive.records import Dossier
from search.article import Article, Precision, Publication, Withdrawal
from search.asking.engine import Engine
from search.errors import ArticleNotFoundError
from search.filters import Filter
from search.settings import Settings
from search.versions import last_of, stands, takes_the_place
from tests.fakes import BRIDGE, MISSILES, NEWS, HashEmbedder, make_article, published, put, store
from tests.search.archive.glances import (
    articles_of,
    by_words,
    everything,
    facts,
    findable,
    near,
    number,
    rarity,
    read,
    remove,
    stored,
    withdraw,
)

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


NO_VECTORS = np.empty((0, 256), dtype=np.float32)
TERMS = ("bridg", "baltimor", "worker", "missil", "rate", "pari", "lisbon", "quay")


def found(door: Archive, embedder: HashEmbedder) -> set[str]:
    """The ids of the articles that can be found, the same in whatever way they are asked for."""
    question = embedder.embed_question(QUESTION)
    ids = findable(door)
    assert articles_of(near(door, question)) == ids
    assert articles_of(near(door, question, condition=Filter(sources=("Ledger", "Wire", "Gazette")))) <= ids
    assert articles_of(by_words(door, TERMS)) <= ids
    assert rarity(door, *TERMS).articles == facts(door).articles == len(ids)
    return ids


def state(door: Archive, embedder: HashEmbedder) -> tuple[object, ...]:
    """All that a snapshot tells, but for its number and the names of families."""
    _, *told = everything(door, embedder)
    told[3] = [replace(one, family="") for one in told[3]]
    return tuple(told)


def test_an_article_in_whose_place_another_is_stays_but_is_not_found(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    assert "bridge" in found(news, hash_embedder)
    store(news, hash_embedder, UPDATE)
    assert found(news, hash_embedder) == {article.id for article in NEWS if article is not BRIDGE} | {"bridge-2"}
    assert read(news, "bridge").superseded_by == "bridge-2"
    assert read(news, "bridge-2").superseded_by is None
    assert read(news, "bridge").article == BRIDGE
    assert read(news, "bridge").passages
    told = facts(news)
    assert (told.articles, told.superseded, told.withdrawn) == (5, 1, 0)


def test_it_comes_back_without_embedding_when_the_later_one_goes(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    before = state(news, hash_embedder)
    store(news, hash_embedder, UPDATE)
    embedded = len(hash_embedder.embedded)
    remove(news, "bridge-2")
    assert len(hash_embedder.embedded) == embedded
    assert state(news, hash_embedder) == before


def test_it_comes_back_when_the_later_one_names_it_no_more(news: Archive, hash_embedder: HashEmbedder) -> None:
    store(news, hash_embedder, UPDATE)
    store(news, hash_embedder, replace(UPDATE, supersedes="missiles", source="Wire", published=None))
    assert read(news, "bridge").superseded_by is None
    assert read(news, "missiles").superseded_by == "bridge-2"
    assert found(news, hash_embedder) == {"bridge", "bridge-2", "rates", "cathedral", "undated"}


def test_an_earlier_article_that_arrives_late_is_not_found_either(
    door: Archive, hash_embedder: HashEmbedder
) -> None:
    store(door, hash_embedder, UPDATE)
    store(door, hash_embedder, BRIDGE)
    assert found(door, hash_embedder) == {"bridge-2"}


def test_of_a_chain_only_the_last_is_found_and_removing_it_brings_the_one_before(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    last = replace(UPDATE, id="bridge-3", supersedes="bridge-2", published=published("2024-03-28"))
    store(news, hash_embedder, last, UPDATE)
    assert {"bridge", "bridge-2"}.isdisjoint(found(news, hash_embedder))
    assert (read(news, "bridge").superseded_by, read(news, "bridge-2").superseded_by) == ("bridge-2", "bridge-3")
    remove(news, "bridge-3")
    assert "bridge-2" in found(news, hash_embedder)
    assert "bridge" not in found(news, hash_embedder)


def test_another_source_can_neither_supersede_nor_withdraw(news: Archive, hash_embedder: HashEmbedder) -> None:
    store(news, hash_embedder, replace(UPDATE, source="Gazette"))
    withdraw(news, replace(KILL, source="Gazette"))
    assert {"bridge", "bridge-2"} <= found(news, hash_embedder)
    assert read(news, "bridge").superseded_by is read(news, "bridge").withdrawal is None


def test_a_withdrawn_article_is_not_found_and_says_why(news: Archive, hash_embedder: HashEmbedder) -> None:
    before = number(news)
    assert withdraw(news, KILL) == ["bridge"]
    assert number(news) == before + 1
    assert found(news, hash_embedder) == {article.id for article in NEWS if article is not BRIDGE}
    assert read(news, "bridge").withdrawal == KILL
    assert read(news, "missiles").withdrawal is None
    assert read(news, "bridge").article == BRIDGE
    told = facts(news)
    assert (told.articles, told.superseded, told.withdrawn) == (4, 0, 1)


def test_a_withdrawal_outlives_reading_the_article_again_and_removing_it(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    withdraw(news, KILL)
    store(news, hash_embedder, replace(BRIDGE, headline="The bridge fell"))
    assert "bridge" not in found(news, hash_embedder)
    remove(news, "bridge")
    store(news, hash_embedder, BRIDGE)
    assert "bridge" not in found(news, hash_embedder)


def test_a_withdrawal_may_come_before_its_article(door: Archive, hash_embedder: HashEmbedder) -> None:
    assert withdraw(door, KILL, KILL) == ["bridge"]
    assert facts(door).withdrawn == 0
    store(door, hash_embedder, BRIDGE, MISSILES)
    assert found(door, hash_embedder) == {"missiles"}
    assert read(door, "bridge").withdrawal == KILL


def test_a_later_version_is_found_again(news: Archive, hash_embedder: HashEmbedder) -> None:
    before = found(news, hash_embedder)
    withdraw(news, KILL)
    store(news, hash_embedder, replace(BRIDGE, published=published("2024-03-29")))
    assert found(news, hash_embedder) == before
    assert read(news, "bridge").withdrawal is None


def test_the_last_of_several_withdrawals_counts(news: Archive) -> None:
    later = replace(KILL, reason="It fell after all, but not so.", published=published("2024-04-01"))
    withdraw(news, later)
    assert withdraw(news, KILL) == []
    assert read(news, "bridge").withdrawal == later


def test_removing_twice_removes_the_withdrawal_too(news: Archive, hash_embedder: HashEmbedder) -> None:
    withdraw(news, KILL)
    remove(news, "bridge")
    remove(news, "bridge")
    with news.write() as writer, pytest.raises(ArticleNotFoundError):
        writer.remove("bridge")
    store(news, hash_embedder, BRIDGE)
    assert "bridge" in found(news, hash_embedder)


def test_withdrawing_the_later_one_does_not_bring_the_wrong_one_back(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    store(news, hash_embedder, UPDATE)
    withdraw(news, replace(KILL, article_ids=("bridge-2",)))
    assert {"bridge", "bridge-2"}.isdisjoint(found(news, hash_embedder))
    assert (facts(news).superseded, facts(news).withdrawn) == (1, 1)


def test_a_version_sent_again_after_its_correction_was_withdrawn_is_found(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    store(news, hash_embedder, UPDATE)
    withdraw(news, replace(KILL, article_ids=("bridge-2",)))
    store(news, hash_embedder, replace(BRIDGE, published=published("2024-03-28")))
    assert "bridge" in found(news, hash_embedder)


CIRCLE = {
    id_: replace(make_article(id_, f"The quay of Bergen is open, said {id_}."), supersedes=earlier)
    for id_, earlier in zip(("a", "b", "c"), ("b", "c", "a"), strict=True)
}


@pytest.mark.parametrize("order", list(permutations(CIRCLE)))
def test_of_articles_that_supersede_each_other_in_a_circle_the_last_is_found(
    door: Archive, hash_embedder: HashEmbedder, order: tuple[str, ...]
) -> None:
    def seen() -> set[str]:
        with door.snapshot() as snapshot:
            dossiers = snapshot.read(snapshot.find().ids)
        return {id_ for id_, one in dossiers.items() if not (one.superseded_by or one.withdrawal)}

    for id_ in order:
        store(door, hash_embedder, CIRCLE[id_])
    assert found(door, hash_embedder) == seen() == {"c"}
    withdraw(door, Withdrawal(("c",), "It is shut.", None))
    assert found(door, hash_embedder) == seen() == {"b"}, "the last that is not withdrawn"
    remove(door, "c", "c")
    assert found(door, hash_embedder) == seen() == {"a"}, "the circle is open"
    store(door, hash_embedder, CIRCLE["c"])
    assert found(door, hash_embedder) == seen() == {"c"}
    store(door, hash_embedder, replace(CIRCLE["a"], supersedes=None, version=2))
    assert found(door, hash_embedder) == seen() == {"b"}, "the circle is open again"
    withdraw(door, Withdrawal(("a", "b", "c"), "It never was.", None))
    assert found(door, hash_embedder) == set()


def test_a_circle_has_no_place_beside_the_article_in_the_place_of_one_of_it(
    door: Archive, hash_embedder: HashEmbedder
) -> None:
    last = replace(make_article("d", "The quay of Bergen is shut."), supersedes="a")
    store(door, hash_embedder, *CIRCLE.values(), last)
    assert found(door, hash_embedder) == {"d"}
    remove(door, "d")
    assert found(door, hash_embedder) == {"c"}


def found_on(archive: Archive, embedder: HashEmbedder, day: str) -> set[str]:
    """The ids of the articles that are found as of a day, the same in whatever way they are asked for."""
    condition = Filter().until(date.fromisoformat(day))
    ids = findable(archive, condition)
    assert articles_of(near(archive, embedder.embed_question(QUESTION), condition=condition)) == ids
    assert articles_of(by_words(archive, TERMS, condition=condition)) <= ids
    return ids


def test_as_of_a_day_what_was_superseded_later_is_found(news: Archive, hash_embedder: HashEmbedder) -> None:
    before = found_on(news, hash_embedder, "2024-03-26")
    last = replace(make_article("bridge-3", "All six workers live.", day="2024-03-29"), supersedes="bridge-2")
    store(news, hash_embedder, UPDATE, last)
    assert found_on(news, hash_embedder, "2024-03-26") == before == {"bridge"}
    assert found_on(news, hash_embedder, "2024-03-28") == {"bridge-2"}
    assert found_on(news, hash_embedder, "2024-03-29") == {"bridge-3"}
    then = Filter().until(date(2024, 3, 26))
    assert articles_of(by_words(news, ["baltimor"], condition=then)) == {"bridge"}
    assert articles_of(by_words(news, ["nothing"], condition=then)) == set()


def test_as_of_a_day_nothing_is_found_that_was_withdrawn_or_may_have_been_superseded(
    news: Archive, hash_embedder: HashEmbedder
) -> None:
    store(news, hash_embedder, replace(UPDATE, published=None))
    assert not {"bridge", "bridge-2"} & found_on(news, hash_embedder, "2024-03-26")
    store(news, hash_embedder, UPDATE)
    withdraw(news, replace(KILL, article_ids=("bridge-2",)))
    assert "bridge" in found_on(news, hash_embedder, "2024-03-26")
    assert not {"bridge", "bridge-2"} & found_on(news, hash_embedder, "2024-03-27")
    withdraw(news, KILL)
    assert "bridge" not in found_on(news, hash_embedder, "2024-03-26")


def test_as_of_a_day_a_family_has_those_published_by_then(news: Archive, hash_embedder: HashEmbedder) -> None:
    def copy(id_: str, day: str) -> Article:
        return replace(BRIDGE, id=id_, source=id_, published=published(day))

    store(news, hash_embedder, copy("copy", "2024-03-26"), copy("late", "2024-03-30"), UPDATE)
    then, now = (read(news, "copy", as_of).copies for as_of in (date(2024, 3, 26), None))
    assert [one.id for one in then] == ["bridge"]
    assert [one.id for one in now] == ["late"], "the bridge is superseded"


def test_what_was_superseded_later_is_scored_as_it_was(door: Archive, hash_embedder: HashEmbedder) -> None:
    later = replace(BRIDGE, id="later", supersedes="bridge", published=published("2024-03-27"))
    store(door, hash_embedder, BRIDGE, later)
    engine = Engine(door, hash_embedder, Settings.load())
    ((then,), (now,)) = (engine.search(QUESTION, as_of=day).passages for day in (date(2024, 3, 26), None))
    assert (then.article_id, now.article_id) == ("bridge", "later")
    assert then.score == pytest.approx(now.score), "the only one is of average length"


def test_what_stood_there_on_a_day_is_not_said_to_stand_nowhere(
    door: Archive, hash_embedder: HashEmbedder
) -> None:
    early = replace(BRIDGE, body=f"{BRIDGE.body} The pylons were rusty.")
    later = replace(BRIDGE, id="later", supersedes="bridge", published=published("2024-03-27"))
    store(door, hash_embedder, early, later)
    then, now = (rarity(door, "pylon", "bridg", as_of=day) for day in (date(2024, 3, 26), None))
    assert (then.passages_with["pylon"], now.passages_with["pylon"]) == (1, 0)
    assert (then.passages, then.passages_with["bridg"]) == (now.passages, now.passages_with["bridg"])
    engine = Engine(door, hash_embedder, Settings.load(least_closeness=0.9))
    assert engine.search("pylons", as_of=date(2024, 3, 26)).passages
    gone = engine.search("pylons")
    assert (gone.passages, "Nothing in the archive has" in gone.reason) == ((), True)
    assert not engine.search("pylons", as_of=date(2024, 3, 26)).reason


@pytest.mark.parametrize("question", [QUESTION, "What happened to the bridge in March 2024?"])
def test_an_archive_in_which_nothing_is_left_says_that_it_is_empty(
    news: Archive, hash_embedder: HashEmbedder, question: str
) -> None:
    engine = Engine(news, hash_embedder, Settings.load())
    withdraw(news, Withdrawal(tuple(stored(news)), "All of it is wrong.", None))
    assert engine.ask(question).reason == "The archive is empty."
    remove(news, *stored(news))
    answer = engine.ask(question, as_of=date(2024, 3, 26))
    assert (answer.found, answer.reason, answer.searched.articles) == (False, "The archive is empty.", 0)


def test_what_is_not_found_is_no_member_of_a_family(news: Archive, hash_embedder: HashEmbedder) -> None:
    copy = replace(BRIDGE, id="copy", source="Gazette", published=published("2024-03-27"))
    store(news, hash_embedder, copy)
    assert [one.id for one in read(news, "copy").copies] == ["bridge"]
    withdraw(news, KILL)
    assert read(news, "copy").copies == read(news, "bridge").copies == ()


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
    door: Archive, hash_embedder: HashEmbedder, first: Article, second: Article
) -> None:
    with door.write() as writer:
        put(writer, first, hash_embedder)
        assert put(writer, second, hash_embedder) is Outcome.OLDER
        writer.commit()
    assert read(door, "a").article == first
    with door.write() as writer:
        assert put(writer, second, hash_embedder) is Outcome.OLDER
        assert put(writer, first, hash_embedder) is Outcome.UNCHANGED
    remove(door, "a")
    store(door, hash_embedder, second, first)
    assert read(door, "a").article == first


def test_a_file_may_put_its_article_to_an_earlier_day(
    door: Archive, hash_embedder: HashEmbedder, tmp_path: Path
) -> None:
    right, wrong = numbered(None, "2024-05-02", "It rained."), numbered(None, "2042-05-02", "It rained.")
    file, other = tmp_path / "a.txt", tmp_path / "b.txt"
    with door.write() as writer:
        put(writer, wrong, hash_embedder, file)
        assert put(writer, right, hash_embedder, file) is Outcome.OLDER, "one run saw both"
        writer.commit()
    with door.write() as writer:
        assert put(writer, right, hash_embedder, other) is Outcome.OLDER
        assert put(writer, right, hash_embedder, file) is Outcome.OLDER, "the run saw it in the other file"
        writer.commit()
    with door.write() as writer:
        assert put(writer, right, hash_embedder, file) is Outcome.REPLACED
        writer.commit()
    assert read(door, "a").article == right


def test_a_withdrawal_keeps_all_of_its_parts(news: Archive) -> None:
    moment = published("2024-03-28T10:30").moment
    issued = Publication(moment, Precision.MINUTE, "ninjs versioncreated")
    notice = Withdrawal(("bridge",), "<b>\u00e9\nx", issued, 4, "Ledger", "kill.json#2")
    withdraw(news, notice)
    kept = read(news, "bridge").withdrawal
    assert kept == notice
    assert kept
    assert kept.origin == "kill.json#2"


# Whatever comes and goes

IDS = tuple(f"a{number}" for number in range(6))
VERSIONS = st.builds(
    lambda id_, supersedes, day, source: replace(
        make_article(id_, f"Rain fell on {day}.", day=day, source=source), supersedes=supersedes
    ),
    st.sampled_from(IDS),
    st.none() | st.sampled_from(IDS),
    st.sampled_from((None, "2024", "2024-02-01", "2024-02-02")),
    st.sampled_from((None, "Wire", "Ledger")),
)


def is_superseded(article: Article, articles: dict[str, Article], withdrawn: set[str]) -> bool:
    """Whether another is in its place; of a circle the last that is not withdrawn is in no other's."""
    circle, one = [article], article
    while (named := articles.get(one.supersedes or "")) and takes_the_place(one, named):
        one = named
        if one in circle:
            break
        circle.append(one)
    else:
        circle = []
    if not circle or one is not article:
        circle = [article]
    standing = [each for each in circle if each.id not in withdrawn]
    if len(circle) > 1 and last_of(standing or circle) is not article:
        return True
    inside = {each.id for each in circle}
    others = [other for other in articles.values() if other.id not in inside]
    return any(takes_the_place(other, each) for each in circle for other in others)


@given(
    st.lists(
        st.tuples(st.just("put"), VERSIONS)
        | st.tuples(st.sampled_from(("remove", "withdraw")), st.sampled_from(IDS)),
        max_size=25,
    )
)
def test_marks_follow_from_what_is_stored_whatever_came_and_went(steps: list[tuple[str, Article | str]]) -> None:
    archive, notices = MemoryArchive.create(HashEmbedder().card), dict[str, Withdrawal]()
    articles: dict[str, Article] = {}
    with archive.write() as writer:
        for what, which in steps:
            if isinstance(which, Article):
                if writer.put(Dossier(which), NO_VECTORS) in {Outcome.ADDED, Outcome.REPLACED}:
                    articles[which.id] = which
            elif what == "withdraw":
                notices.setdefault(which, Withdrawal((which,), "killed"))
                writer.withdraw(notices[which])
            elif which in articles:
                writer.remove(which)
                del articles[which]
        writer.commit()
    withdrawn = {id_ for id_, notice in notices.items() if id_ in articles and stands(notice, articles[id_])}
    superseded = {id_ for id_, one in articles.items() if is_superseded(one, articles, withdrawn)}
    with archive.snapshot() as snapshot:
        dossiers = snapshot.read(IDS)
        assert set(snapshot.find(Filter()).ids) == articles.keys() - withdrawn - superseded
    assert {id_ for id_, one in dossiers.items() if one.withdrawal} == withdrawn
    assert {id_ for id_, one in dossiers.items() if one.superseded_by} == superseded
