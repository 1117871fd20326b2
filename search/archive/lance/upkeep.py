"""Upkeep of tables: few fragments instead of many, indexes of what came, and no versions that nobody can name.

What it makes is named by a record like any commit, and changes no answer but by how far indexes are approximate.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import lance
import numpy as np
import pyarrow as pa

from search.archive.engines import EXACT_LIMIT
from search.archive.lance.failing import failing_clearly
from search.archive.lance.place import Place
from search.archive.lance.record import Record
from search.archive.lance.state import Holders, State
from search.archive.lance.tables import Tables, nearest
from search.errors import ArchiveError
from search.models.embedding.embedder import Vectors

KEPT_FOR = timedelta(hours=1)
"""How long versions stay readable after a commit that took their place, unless a tag names them."""

_LOG = logging.getLogger(__name__)
_NEAREST = 10
_ASKED = 100
_MOVED = 0.75
_MOST_PROBES = 8
_GROWN = 2
_HARMLESS = {"Rewrite", "CreateIndex", "BaseOperation", "ReserveFragments"}
_SUMMED_FROM = 2
_WORDS: dict[str, Any] = {
    "base_tokenizer": "whitespace",
    "with_position": False,
    "stem": False,
    "remove_stop_words": False,
    "lower_case": False,
    "ascii_folding": False,
}
_SCALAR = {
    "catalogue": ("key", "text"),
    "articles": ("key",),
    "readings": ("article",),
    "passages": ("key", "article", "first_day", "last_day", "source", "section", "language"),
    "texts": ("key", "digest", "family"),
    "buckets": ("bucket",),
    "changes": ("snapshot",),
}
_SEARCHED = ("passages", "articles")
_FEW_NAMES = {"source", "section", "language"}


@dataclass(frozen=True, slots=True)
class Regime:
    """From which sizes on passages are found by indexes, and tables are kept up.

    Attributes:
        exact_limit: Passages that pass a filter up to which each of them is looked at.
        fragments: Of the passages: from so many on a commit is followed by upkeep.
        indexed_from: Rows from which a table is indexed by its columns and words.
        lists_from: Passages from which vectors are put into inverted lists.
        rows_of_a_list: How many of them are put into a list, about.
        probes: Inverted lists that are looked at, at least.
        recall_wanted: Share of the ten nearest passages that the lists have to find; more are looked at until they
            do.
        recall_needed: Share below which lists are not used at all.
    """

    exact_limit: int = EXACT_LIMIT
    fragments: int = 64
    indexed_from: int = 10_000
    lists_from: int = 100_000
    rows_of_a_list: int = 1_000
    probes: int = 64
    recall_wanted: float = 0.97
    recall_needed: float = 0.9


DEFAULT_REGIME = Regime()


def is_due(state: State, regime: Regime) -> bool:
    """Tell whether there are so many fragments that questions are slowed down."""
    return len(state.tables.dataset("passages").get_fragments()) >= regime.fragments


def keep_up(state: State, regime: Regime, *, anew: bool = False, erased: bool = False) -> Record:
    """Join fragments, bring indexes up to date and sum up frequencies; whoever calls holds the lease.

    Args:
        state: What was committed last.
        regime: How.
        anew: Make every index from nothing.
        erased: Write every fragment anew that rows have gone from, and every index.

    Returns:
        What has to be added to the records; its sequence and commit are those of the state.

    Raises:
        ArchiveBusyError: If another writer changes a table meanwhile.
    """
    tables, record = state.tables, state.record
    versions = {}
    summed = _is_worth_summing(state)
    for name in tables.versions:
        dataset = tables.latest(name)
        begin = dataset.version
        if name == "frequencies" and summed:
            dataset = lance.write_dataset(_summed(state.holders, record.number), dataset, mode="overwrite")
            tables.check(name, dataset, begin + 1)
        else:
            dataset.optimize.compact_files(materialize_deletions_threshold=0.0 if erased else None)
            _index(name, dataset, regime, record.refused, anew=anew or erased)
            dataset = tables.place.dataset(name, session=tables.session)
            _check(tables, name, dataset, begin)
        versions[name] = dataset.version
    following = replace(record, versions=versions, summed=record.summed + summed)
    return _measured(state, tables.at(versions), following, regime)


def clean_up(place: Place, tables: Tables, kept_for: timedelta = KEPT_FOR, *, erased: bool = False) -> int:
    """Delete old versions and records that neither the last record nor a tag names; returns how many versions.

    Whoever calls holds the lease.

    Args:
        place: Of the archive.
        tables: At the versions of the last record.
        kept_for: How long a version stays after another took its place.
        erased: Leave nothing of what was before the last record, what killed writers left included.
    """
    until = datetime.now(UTC) - kept_for
    records = place.records()
    recent = [number for number, one in enumerate(records) if datetime.fromisoformat(one.made) >= until]
    kept = records[max(0, (recent[0] if recent else len(records)) - 1) :]  # the first was the last one until then
    kept = records[-1:] if erased else kept
    named = [
        *kept,
        *records[-1 if erased else -2 :],
        *place.tags().values(),
    ]  # the last but one may be being tagged
    deleted = 0
    for name in tables.versions:
        versions = {one.versions[name] for one in named}
        dataset = place.dataset(name)
        old = [one["version"] for one in dataset.versions() if one["timestamp"].astimezone(UTC) < until]
        if unnamed := sorted({*old} - versions - {dataset.version}):
            dataset.cleanup_old_versions(versions=unnamed, delete_unverified=erased)
            deleted += len(unnamed)
    place.forget_records(kept[0].sequence)
    return deleted


def _index(name: str, dataset: lance.LanceDataset, regime: Regime, refused: int, *, anew: bool) -> None:
    """Make the indexes that a table should have, and take into the others what came since."""
    if anew:
        for one in dataset.describe_indices():
            dataset.drop_index(one.name)
    there = indexed(dataset)
    rows = dataset.count_rows()
    if there:
        dataset.optimize.optimize_indices()
    if rows < regime.indexed_from:
        return
    for column in _SCALAR.get(name, ()):
        if column not in there:
            dataset.create_scalar_index(column, "BITMAP" if column in _FEW_NAMES else "BTREE")
    if name in _SEARCHED and "words" not in there:
        dataset.create_scalar_index("words", "INVERTED", **_WORDS)
    if name == "passages" and rows >= max(regime.lists_from, _GROWN * refused) and "vector" not in there:
        make_lists(dataset, rows, regime)


def make_lists(passages: lance.LanceDataset, rows: int, regime: Regime) -> None:
    """Put the vectors of so many passages into inverted lists."""
    dimension = passages.schema.field("vector").type.list_size
    passages.create_index(
        "vector",
        "IVF_PQ",
        metric="cosine",
        num_partitions=max(1, rows // regime.rows_of_a_list),
        num_sub_vectors=dimension // 8 if dimension % 8 == 0 else 1,
    )


def indexed(dataset: lance.LanceDataset) -> set[str]:
    """The columns of a table that have an index."""
    return {name for one in dataset.describe_indices() for name in one.field_names}


def _check(tables: Tables, name: str, dataset: lance.LanceDataset, begin: int) -> None:
    """Refuse versions that somebody else made: upkeep brings no rows and takes none."""
    made = range(begin + 1, dataset.version + 1)
    foreign = [one for one in made if type(dataset.read_transaction(one).operation).__name__ not in _HARMLESS]
    tables.check(name, dataset, foreign[0] - 1 if foreign else dataset.version)


def _is_worth_summing(state: State) -> bool:
    rows: int = state.tables.dataset("frequencies").count_rows()
    return rows > _SUMMED_FROM * len(state.holders.terms)


def _summed(holders: Holders, number: int) -> pa.Table:
    told = holders.counts.any(axis=1)
    terms, counts = holders.terms[told], holders.counts[told].astype(np.int32)
    snapshots = np.full(len(terms), number, dtype=np.int64)
    return pa.table({"snapshot": snapshots, "term": terms, "passages": counts[:, 0], "articles": counts[:, 1]})


def _measured(state: State, tables: Tables, record: Record, regime: Regime) -> Record:
    """Choose how many inverted lists are looked at, and drop them where they find too little."""
    if "vector" not in indexed(tables.dataset("passages")):
        return replace(record, recall=1.0, probes=regime.probes)
    probes, found = choose_probes(tables, _questions(state), len(state.catalogue.passages.key), regime)
    if found >= regime.recall_needed:
        return replace(record, recall=round(found, 3), probes=probes, refused=0)
    _LOG.warning(
        "Inverted lists find %.3f of the ten nearest passages, which is too little: none are used.", found
    )
    dataset = tables.latest("passages")
    for one in dataset.describe_indices():
        if "vector" in one.field_names:
            dataset.drop_index(one.name)
    versions = record.versions | {"passages": tables.place.dataset("passages").version}
    return replace(
        record, versions=versions, recall=1.0, probes=regime.probes, refused=len(state.catalogue.passages.key)
    )


def choose_probes(tables: Tables, asked: Vectors, rows: int, regime: Regime) -> tuple[int, float]:
    """Choose how many of the lists of so many passages are looked at; tells the share of the closest ten found."""
    most = min(math.ceil(rows / regime.rows_of_a_list), _MOST_PROBES * regime.probes)
    probes, expected = regime.probes, closest(tables, asked)
    while (found := recall(tables, asked, expected, probes)) < regime.recall_wanted and probes < most:
        probes *= 2
    return probes, found


def check_lists(state: State, regime: Regime) -> list[str]:
    """Measure anew what is found by inverted lists, if there are any; gives a sentence if that is too little."""
    try:
        with failing_clearly(state.tables.place):
            if "vector" not in indexed(state.tables.dataset("passages")):
                return []
            asked = _questions(state)
            found = recall(state.tables, asked, closest(state.tables, asked), state.record.probes)
    except ArchiveError as error:
        return [error.problem]
    if found >= regime.recall_needed:
        return []
    return [
        f"Of the ten passages closest in meaning only {found:.1%} are found: dateline rebuild makes lists anew."
    ]


def closest(tables: Tables, asked: Vectors) -> list[set[int]]:
    """Find the keys of the ten passages closest to each question, by looking at every passage."""
    exactly = (nearest(vector, _NEAREST, 1) | {"use_index": False} for vector in asked)
    return [set(tables.keys("passages", nearest=search).tolist()) for search in exactly]


def recall(tables: Tables, asked: Vectors, expected: Sequence[set[int]], probes: int) -> float:
    """Measure the share of the passages closest to each question that are found by looking at some lists."""
    shares = []
    for vector, keys in zip(asked, expected, strict=True):
        found = set(tables.keys("passages", nearest=nearest(vector, _NEAREST, probes)).tolist())
        shares.append(len(found & keys) / max(1, len(keys)))
    return float(np.mean(shares)) if shares else 1.0


def _questions(state: State) -> Vectors:
    """Stored vectors that were moved as far as a question is from what answers it: shape (n, dimension)."""
    keys = state.catalogue.passages.key
    found = state.vectors(keys[:: max(1, len(keys) // _ASKED)])
    noise = np.random.default_rng(len(keys)).standard_normal(found.shape, dtype=np.float32)
    asked: Vectors = found + noise * np.float32(_MOVED / math.sqrt(found.shape[1]))
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return asked
