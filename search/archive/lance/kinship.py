"""The families of articles, settled for all that a commit brings at once.

A vertex is a text, an edge a pair of texts that share a bucket and were compared; a family is a connected
component, labelled by the smallest key in it, which is of no meaning outside. A text that joined two others takes
them apart when it goes.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from search.archive.lance.layout import CatalogueRow
from search.archive.lance.pending import Pending
from search.archive.lance.state import families
from search.archive.lance.tables import Change, Row
from search.family import Likeness

MOST_VERIFIED = 100
"""Texts that a new one is compared with, those that share the most buckets first."""


@dataclass(slots=True)
class _Text:
    """A text that is stored or comes.

    Attributes:
        digest: Equal for texts that are word for word the same.
        family: Label of its family as it is stored; 0 for none.
        likeness: What it is compared by; None of one that is stored.
        kin: Keys of texts that it is related to.
    """

    digest: str
    family: int
    likeness: Likeness | None = None
    kin: set[int] = field(default_factory=set)

    @property
    def buckets(self) -> list[int]:
        """Its buckets, each once."""
        return sorted(set(self.likeness.buckets)) if self.likeness else []


def settle(pending: Pending) -> dict[str, Change]:
    """Find the families of what a writer collected; notes the labels in it, and returns what becomes of texts."""
    if not (pending.likenesses or pending.left_texts):
        return {}
    return _Families(pending).settle()


class _Families:
    def __init__(self, pending: Pending) -> None:
        self._pending = pending
        self._tables = pending.state.tables
        self._stored: dict[int, _Text] = {}
        self._new: dict[int, _Text] = {}

    def settle(self) -> dict[str, Change]:
        self._assign()
        forgotten = self._forgotten()
        self._relate(forgotten)
        texts, labels = self._affected(forgotten)
        changed = {key for key, label in labels.items() if texts[key].family != label}
        for row in self._with_texts(changed):
            self._pending.relabel(replace(row, family=labels[row.text]))
        rows: list[Row] = [
            {"key": key, "digest": texts[key].digest, "family": labels[key], "kin": sorted(texts[key].kin)}
            for key in sorted(changed)
        ]
        buckets: list[Row] = [
            {"bucket": bucket, "text": key} for key, text in self._new.items() for bucket in text.buckets
        ]
        return {
            "texts": Change({*(changed - self._new.keys()), *forgotten}, rows),
            "buckets": Change({*forgotten}, buckets),
        }

    def _assign(self) -> None:
        """Give every article that comes the key of its text, which may be stored."""
        pending = self._pending
        digests = {id_: likeness.digest.hex() for id_, likeness in pending.likenesses.items()}
        known: dict[str, int] = {}
        for key, text in self._texts("digest", {*digests.values()}).items():
            known[text.digest] = key
        for id_, likeness in pending.likenesses.items():
            digest = digests[id_]
            if digest not in known:
                known[digest] = key = pending.next_key("texts")
                self._new[key] = _Text(digest, 0, likeness)
            its = known[digest]
            family = self._stored[its].family if its in self._stored else 0
            pending.set_row(replace(pending.stored(id_), text=its, family=family))

    def _forgotten(self) -> set[int]:
        """The texts that no article has any more."""
        left = self._pending.left_texts
        return left - {row.text for row in self._with_texts(left)}

    def _relate(self, forgotten: set[int]) -> None:
        """Compare new texts with those that share most buckets with each."""
        wanted = {bucket for text in self._new.values() for bucket in text.buckets}
        holders: dict[int, list[int]] = {}
        for row in self._tables.having("buckets", "bucket", wanted, ("bucket", "text")).to_pylist():
            if row["text"] not in forgotten:
                holders.setdefault(row["bucket"], []).append(row["text"])
        nearest: dict[int, list[int]] = {}
        for key, text in self._new.items():
            shared = Counter(other for bucket in text.buckets for other in holders.get(bucket, ()))
            nearest[key] = sorted(shared, key=lambda other: (-shared[other], other))[:MOST_VERIFIED]
            for bucket in text.buckets:
                holders.setdefault(bucket, []).append(key)
        bodies = self._bodies({other for others in nearest.values() for other in others})
        for key, others in nearest.items():
            text = self._new[key]
            text.kin |= {other for other in others if text.likeness and text.likeness.same(bodies[other])}

    def _affected(self, forgotten: Collection[int]) -> tuple[dict[int, _Text], dict[int, int]]:
        """All texts of the families that may have changed, and the labels of what they are now."""
        related = {other for text in self._new.values() for other in text.kin} - self._new.keys()
        known = self._texts("key", related | {*forgotten})
        texts = self._texts("family", {text.family for text in known.values()})
        texts = {key: text for key, text in texts.items() if key not in forgotten}
        texts |= self._new
        return texts, families({key: text.kin for key, text in texts.items()})

    def _texts(self, column: str, values: Collection[int] | Collection[str]) -> dict[int, _Text]:
        rows = self._tables.having("texts", column, values, ("key", "digest", "family", "kin")).to_pylist()
        found = {row["key"]: _Text(row["digest"], row["family"], kin=set(row["kin"])) for row in rows}
        self._stored |= found
        return found

    def _with_texts(self, texts: Collection[int]) -> list[CatalogueRow]:
        """The articles, as they are now, that have some texts."""
        pending = self._pending
        stored = self._tables.having("catalogue", "text", texts, ("id",))["id"].to_pylist()
        rows = map(pending.row, {*stored, *pending.rows})
        return [row for row in rows if row and row.text in texts]

    def _bodies(self, texts: Collection[int]) -> Mapping[int, str]:
        """A body with each text."""
        firsts: dict[int, CatalogueRow] = {}
        for row in sorted(self._with_texts(texts), key=_by_key):
            firsts.setdefault(row.text, row)
        articles = self._pending.articles(row.id for row in firsts.values())
        return {text: articles[row.id].body for text, row in firsts.items()}


def _by_key(row: CatalogueRow) -> int:
    return row.key
