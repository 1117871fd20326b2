"""Short ways to look into an archive, each through a snapshot of its own."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.renewal import all_ids
from search.archive import EVERYTHING
from search.archive.protocol import Archive, dossier_of
from search.archive.records import Dossier, Facts, Passage, Query
from search.article import Article
from search.filters import Filter


def ids_in(archive: Archive) -> list[str]:
    """Ids of all stored articles, in order."""
    with archive.snapshot() as snapshot:
        return list(all_ids(snapshot))


def ids_under(archive: Archive, path: Path) -> list[str]:
    """Ids of the articles read from a file or from below a folder, in order."""
    with archive.write() as writer:
        return writer.held_under(path)


def dossier_in(archive: Archive, article_id: str) -> Dossier:
    """A stored article with what was read into it and what became of it."""
    with archive.snapshot() as snapshot:
        return dossier_of(snapshot, article_id)


def article_in(archive: Archive, article_id: str) -> Article:
    """A stored article."""
    return dossier_in(archive, article_id).article


def facts_of(archive: Archive) -> Facts:
    """What an archive holds."""
    with archive.snapshot() as snapshot:
        return snapshot.facts


def counts_of(archive: Archive) -> tuple[int, int]:
    """How many articles and passages can be found."""
    facts = facts_of(archive)
    return facts.articles, facts.passages


def contents_of(archive: Archive) -> dict[str, tuple[object, ...]]:
    """All that an archive holds of each article, by id, to compare with what another does."""
    with archive.snapshot(EVERYTHING) as snapshot:
        stored = snapshot.read(list(all_ids(snapshot)))
    return {
        id_: (
            dossier.article.content_hash,
            dossier.article.origin,
            dossier.article.remarks,
            dossier.passages,
            repr(dossier.mentions),
            dossier.statements,
            dossier.readings,
            dossier.family,
        )
        for id_, dossier in stored.items()
    }


def number_of(archive: Archive) -> int:
    """Number of the last committed snapshot."""
    with archive.snapshot() as snapshot:
        return snapshot.number


def with_words(archive: Archive, *terms: str) -> list[Passage]:
    """Passages that have any of some analysed terms, in order."""
    with archive.snapshot() as snapshot:
        found = snapshot.candidates(Query(None, terms), 100, Filter()).passages
    return sorted(one.passage for one in found)


def nearest(archive: Archive, vector: npt.NDArray[np.float32], k: int) -> list[tuple[Passage, float]]:
    """The passages closest to a vector, closest first."""
    with archive.snapshot() as snapshot:
        found = snapshot.candidates(Query(vector, (), by_words=False), k, Filter()).passages
    return sorted(((one.passage, one.cosine) for one in found), key=lambda pair: (-pair[1], pair[0]))
