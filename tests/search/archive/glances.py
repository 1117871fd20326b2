"""Short ways to look into an archive through its door."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from search.archive import Archive
from search.archive.records import Candidates, Dossier, Facts, Frequencies, Query, Retrieved
from search.archive.scoring import Scoring
from search.article import Withdrawal
from search.filters import Filter
from tests.fakes import HashEmbedder

EVERYTHING = 1_000


def stored(archive: Archive) -> list[str]:
    """The ids of all stored articles."""
    with archive.snapshot() as snapshot:
        return list(snapshot.find().ids)


def findable(archive: Archive, condition: Filter = Filter()) -> set[str]:  # noqa: B008 - it never changes
    """The ids of the articles that can be found under a filter."""
    with archive.snapshot() as snapshot:
        return set(snapshot.find(condition).ids)


def read(archive: Archive, article_id: str, as_of: date | None = None) -> Dossier:
    with archive.snapshot() as snapshot:
        return snapshot.read([article_id], as_of)[article_id]


def facts(archive: Archive) -> Facts:
    with archive.snapshot() as snapshot:
        return snapshot.facts


def number(archive: Archive) -> int:
    with archive.snapshot() as snapshot:
        return snapshot.number


def rarity(archive: Archive, *terms: str, as_of: date | None = None) -> Frequencies:
    with archive.snapshot() as snapshot:
        return snapshot.rarity(terms, as_of)


def ask(
    archive: Archive,
    vector: np.ndarray | None = None,
    terms: Iterable[str] = (),
    k: int = EVERYTHING,
    condition: Filter = Filter(),  # noqa: B008 - it never changes
) -> Candidates:
    """Ask with a vector, with terms, or with both."""
    with archive.snapshot() as snapshot:
        return snapshot.candidates(Query(vector, tuple(terms)), k, condition)


def near(
    archive: Archive,
    vector: np.ndarray,
    k: int = EVERYTHING,
    condition: Filter = Filter(),  # noqa: B008 - it never changes
) -> list[Retrieved]:
    """The closest passages, closest first."""
    passages = ask(archive, vector, (), k, condition).passages
    return sorted((one for one in passages if one.near), key=lambda one: (-one.cosine, one.passage))


def by_words(
    archive: Archive,
    terms: Iterable[str],
    k: int = EVERYTHING,
    condition: Filter = Filter(),  # noqa: B008 - it never changes
) -> list[Retrieved]:
    """The passages that have any of some terms, best first."""
    wanted = tuple(terms)
    scoring = Scoring(wanted, rarity(archive, *wanted, as_of=condition.as_of))
    passages = ask(archive, None, wanted, k, condition).passages
    return sorted(passages, key=lambda one: (-scoring.of_passage(one), one.passage))


def articles_of(passages: Iterable[Retrieved]) -> set[str]:
    return {one.passage.article_id for one in passages}


def everything(archive: Archive, embedder: HashEmbedder) -> tuple[object, ...]:
    """All that a snapshot tells, but for who it is."""
    with archive.snapshot() as snapshot:
        query = Query(embedder.embed_question("the bridge, the missiles"), ("bridg", "missil", "rate", "tulip"))
        found = snapshot.candidates(query, EVERYTHING, Filter())
        return (
            snapshot.number,
            snapshot.facts,
            snapshot.find(),
            snapshot.read(snapshot.find().ids),
            sorted(found.passages, key=lambda one: one.passage),
            found.passing,
            snapshot.rarity(query.terms),
            snapshot.facets(Filter()),
            snapshot.sample.tolist(),
        )


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
