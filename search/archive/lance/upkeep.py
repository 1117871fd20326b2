"""Upkeep of tables: few fragments instead of many, indexes of what came, and no versions that nobody can name.

What it makes is named by a record like any commit, and changes no answer but by how far indexes are approximate.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import lance
import numpy as np
import pyarrow as pa

from search.archive.engines import EXACT_LIMIT
from search.archive.lance.place import Place
from search.archive.lance.record import Record
from search.archive.lance.state import Holders, State
from search.archive.lance.tables import Tables, nearest

KEPT_FOR = timedelta(hours=1)
"""How long versions stay readable after a commit that took their place, unless a tag names them."""

_RECALL_AT = 10
_QUESTIONS = 100
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
    """

    exact_limit: int = EXACT_LIMIT
    fragments: int = 64
    indexed_from: int = 10_000
    lists_from: int = 100_000
    rows_of_a_list: int = 1_000


DEFAULT_REGIME = Regime()


def is_due(state: State, regime: Regime) -> bool:
    """Tell whether there are so many fragments that questions are slowed down."""
    return len(state.tables.dataset("passages").get_fragments()) >= regime.fragments


def keep_up(state: State, regime: Regime, *, anew: bool = False) -> Record:
    """Join fragments, bring indexes up to date and sum up frequencies; whoever calls holds the lease.

    Args:
        state: What was committed last.
        regime: How.
        anew: Make every index from nothing.

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
            dataset.optimize.compact_files()
            _index(name, dataset, regime, anew=anew)
            dataset = lance.dataset(tables.place.table(name), session=tables.session)
            _check(tables, name, dataset, begin)
        versions[name] = dataset.version
    following = tables.at(versions)
    return replace(record, versions=versions, summed=record.summed + summed, recall=_recall(state, following))


def clean_up(place: Place, tables: Tables, kept_for: timedelta = KEPT_FOR) -> int:
    """Delete old versions and records that neither the last record nor a tag names; returns how many versions.

    Whoever calls holds the lease.
    """
    until = datetime.now(UTC) - kept_for
    records = place.records()
    recent = [number for number, one in enumerate(records) if datetime.fromisoformat(one.made) >= until]
    kept = records[max(0, (recent[0] if recent else len(records)) - 1) :]  # the first was the last one until then
    named = [*kept, *records[-2:], *place.tags().values()]  # the last but one may be being tagged
    deleted = 0
    for name in tables.versions:
        versions = {one.versions[name] for one in named}
        dataset = lance.dataset(place.table(name))
        old = [one["version"] for one in dataset.versions() if one["timestamp"].astimezone(UTC) < until]
        if unnamed := sorted({*old} - versions - {dataset.version}):
            dataset.cleanup_old_versions(versions=unnamed)
            deleted += len(unnamed)
    place.forget_records(kept[0].sequence)
    return deleted


def _index(name: str, dataset: lance.LanceDataset, regime: Regime, *, anew: bool) -> None:
    """Make the indexes that a table should have, and take into the others what came since."""
    there = set() if anew else indexed(dataset)
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
    if name == "passages" and rows >= regime.lists_from and "vector" not in there:
        dimension = dataset.schema.field("vector").type.list_size
        dataset.create_index(
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


def _recall(state: State, tables: Tables) -> float:
    """Measure the share of the closest ten passages that are found by the lists; 1 where there are none."""
    if "vector" not in indexed(tables.dataset("passages")):
        return 1.0
    keys = state.catalogue.passages.key
    shares = []
    for vector in state.vectors(keys[:: max(1, len(keys) // _QUESTIONS)]):
        found, expected = (
            set(tables.keys("passages", nearest=asked).tolist())
            for asked in (nearest(vector, _RECALL_AT), nearest(vector, _RECALL_AT) | {"use_index": False})
        )
        shares.append(len(found & expected) / len(expected))
    return round(float(np.mean(shares)), 3)
