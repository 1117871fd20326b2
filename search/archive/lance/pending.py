"""What a writer has collected over a committed state, not yet in any table: what came, went or changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from search.archive import liveness
from search.archive.lance.layout import (
    CATALOGUE,
    CatalogueRow,
    article_to_json,
    day_of,
    moment_of,
    passages_to_rows,
    readings_to_row,
    remarks_of,
    withdrawal_to_json,
)
from search.archive.lance.state import TOTALS, State
from search.archive.lance.tables import Change, Row
from search.archive.records import Dossier
from search.archive.scoring import TermCounts
from search.article import Article, Withdrawal
from search.family import Likeness
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention

_BLOCK = 1_000
_BLOCKS = 64
_ARTICLES = 1_000

Numbers = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Content:
    """An article that comes, with all that is stored of it."""

    dossier: Dossier
    vectors: Vectors
    whole: TermCounts
    own: list[TermCounts]


class Pending:
    """What was collected; also the `Versions` that it makes of the state.

    Attributes:
        state: What was committed last.
        rows: What is known of the articles that came or changed, by id; None of those that went.
        likenesses: Of the articles that came to be compared, by id.
        left_texts: Keys of texts that an article has no more.
        model: The model of all vectors.
        pruned_before: Articles published before this day are taken no more.
        released: Until when embargoes have ended; None where none was ever kept.
    """

    def __init__(self, state: State) -> None:
        """Collect over a state."""
        self.state = state
        self.rows: dict[str, CatalogueRow | None] = {}
        self.likenesses = dict[str, Likeness]()
        self.left_texts: set[int] = set()
        self.model: ModelCard | None = None
        self.pruned_before = day_of(state.record.pruned_before)
        self.released = moment_of(state.record.released)
        self.last_keys = dict(state.record.last_keys)
        self._contents: dict[str, Content] = {}
        self._readings: dict[str, tuple[tuple[TimeMention, ...], tuple[Statement, ...]]] = {}
        self._withdrawals: dict[str, Withdrawal | None] = {}
        self._changed: dict[int, str] = {}
        self._naming: dict[str, set[str]] = {}
        self._block = lru_cache(_BLOCKS)(self._read_block)
        self._read = lru_cache(_ARTICLES)(state.article)

    # Look-ups

    def row(self, article_id: str) -> CatalogueRow | None:
        """Look up what is known of an article; None if it is not stored."""
        if article_id in self.rows:
            return self.rows[article_id]
        key = self.state.key_of(article_id)
        return None if key is None else self._block(key // _BLOCK)[key]

    def stored(self, article_id: str) -> CatalogueRow:
        """The same of an article that is stored."""
        row = self.row(article_id)
        assert row is not None  # noqa: S101 - of an article that was looked up
        return row

    def article(self, article_id: str) -> Article | None:
        """Look up an article."""
        row = self.row(article_id)
        if row is None:
            return None
        content = self._contents.get(article_id)
        article = content.dossier.article if content else self._read(article_id)
        return replace(article, origin=row.origin, remarks=remarks_of(row)) if article else None

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Look up articles that are stored, many at a time."""
        wanted = set(ids)
        found = {id_: self._contents[id_].dossier.article for id_ in wanted & self._contents.keys()}
        read = self.state.articles([self.state.key(id_) for id_ in wanted - found.keys()])
        return found | {article.id: article for article in read.values()}

    def named_by(self, article_id: str) -> str | None:
        """Look up the id that the article of an id names as superseded; one under embargo names none."""
        row = self.row(article_id)
        return None if row is None or row.is_held(self.released) else row.supersedes

    def naming(self, article_id: str) -> list[Article]:
        """List the articles that name an id as superseded, but for those under embargo."""
        stored = [id_ for id_ in self.state.ids_naming(article_id) if id_ not in self.rows]
        come = [id_ for id_ in self._naming.get(article_id, ()) if self.named_by(id_) == article_id]
        return [article for id_ in (*stored, *come) if (article := self.article(id_))]

    def noted(self, article_id: str) -> Withdrawal | None:
        """Look up the withdrawal that names an id."""
        if article_id in self._withdrawals:
            return self._withdrawals[article_id]
        return self.state.noted(article_id)

    def published_before(self, day: date) -> list[str]:
        """List the ids of the articles, found or not, that were published before a day; undated ones were not."""
        columns, on = self.state.catalogue.articles, day.toordinal()
        stored = columns.id[(columns.last_day > 0) & (columns.last_day < on)].tolist()
        return self._as_they_are(stored, lambda row: 0 < row.last_day < on)

    def embargoed(self) -> list[str]:
        """List the ids of the articles that are under embargo."""
        columns = self.state.catalogue.articles
        return self._as_they_are(columns.id[columns.embargo > 0].tolist(), lambda row: row.is_held(self.released))

    def _as_they_are(self, stored: Iterable[str], holds: Callable[[CatalogueRow], bool]) -> list[str]:
        """The ids of stored articles that did not change, and of those that came or changed of which it holds."""
        come = (row.id for row in self.rows.values() if row and holds(row))
        return sorted({*(id_ for id_ in stored if id_ not in self.rows), *come})

    def next_key(self, kind: str, count: int = 1) -> int:
        """Take the next keys of articles, passages or texts; returns the first of them."""
        first = self.last_keys[kind] + 1
        self.last_keys[kind] += count
        return first

    def _read_block(self, block: int) -> dict[int, CatalogueRow]:
        """Read what is known of stored articles, of many at once: those asked for next are likely beside."""
        where = f"key >= {block * _BLOCK} AND key < {(block + 1) * _BLOCK}"
        rows = self.state.tables.read("catalogue", CATALOGUE, where).to_pylist()
        return {row["key"]: CatalogueRow(**row) for row in rows}

    # Changes

    def set_row(self, row: CatalogueRow) -> None:
        """Note what is known of an article now."""
        self.rows[row.id] = row
        if row.supersedes:
            self._naming.setdefault(row.supersedes, set()).add(row.id)

    def note(self, row: CatalogueRow) -> None:
        """Note that an article changes with the next snapshot."""
        self._changed[row.key] = row.id

    def relabel(self, row: CatalogueRow) -> None:
        """Note the family of an article, which by itself is no change that anybody is told of."""
        self.set_row(row)
        self._changed.setdefault(row.key, "")

    def store(self, dossier: Dossier, vectors: Vectors, input_path: str | None, *, keep_text: bool) -> None:
        """Store an article, in place of one with its id.

        Args:
            dossier: The article.
            vectors: Of its passages.
            input_path: The file that it is from.
            keep_text: Whether it is compared with others as the one before it was.
        """
        article = dossier.article
        self.released = liveness.released_with(article, self.released)
        before = self.row(article.id)
        if before is not None:
            self._let_go(before, keep_text=keep_text)
        whole, own = TermCounts.of_all(article, dossier.passages)
        self._contents[article.id] = Content(dossier, np.asarray(vectors), whole, own)
        row = CatalogueRow.of(self.next_key("articles"), dossier, whole.length, input_path)
        if keep_text and before is not None:
            row = replace(row, text=before.text, family=before.family)
        elif dossier.likeness is not None:
            self.likenesses[article.id] = dossier.likeness
        self.set_row(row)
        self.note(row)
        ids = {article.id, article.supersedes, before.supersedes if before else None}
        self.settle((id_ for id_ in ids if id_), of=article.id)

    def delete(self, article_id: str) -> None:
        """Remove an article that is stored."""
        row = self.stored(article_id)
        self._let_go(row, keep_text=False)
        self.rows[article_id] = None
        self.settle([row.supersedes] if row.supersedes else [], of=article_id)

    def _let_go(self, row: CatalogueRow, *, keep_text: bool) -> None:
        self.note(row)
        self._contents.pop(row.id, None)
        self._readings.pop(row.id, None)
        if not keep_text:
            self.likenesses.pop(row.id, None)
            self.left_texts |= {row.text} - {0}

    def put_readings(
        self,
        article_id: str,
        mentions: Iterable[TimeMention],
        statements: Iterable[Statement],
        readings: str,
    ) -> None:
        """Replace what was read into an article that is stored."""
        row = replace(self.stored(article_id), readings=readings)
        self._readings[article_id] = tuple(mentions), tuple(statements)
        self.set_row(row)
        self.note(row)

    def withdraw(self, article_id: str, withdrawal: Withdrawal | None) -> None:
        """Remember or forget the withdrawal that names an article."""
        self._withdrawals[article_id] = withdrawal

    def settle(self, ids: Iterable[str], of: str = "") -> None:
        """Bring up to date whether articles are live that a change may have touched."""
        for article_id in liveness.touched(ids, of, self):
            row, article = self.row(article_id), self.article(article_id)
            if row is None or article is None:
                continue
            superseded = liveness.superseded_by(article, self) is not None
            withdrawn = liveness.withdrawal_of(article, self) is not None
            if (superseded, withdrawn) != (row.superseded, row.withdrawn):
                self.set_row(replace(row, superseded=superseded, withdrawn=withdrawn))
                self.note(row)

    # What becomes of the tables

    @property
    def dimension(self) -> int:
        """Of the vectors."""
        return self.model.dimension if self.model else self.state.record.dimension

    @property
    def has_changed(self) -> bool:
        """Whether an article came, went or was changed."""
        return bool(self._changed)

    def changes(self, number: int) -> tuple[dict[str, Change], dict[str, int]]:
        """What becomes of the tables with a snapshot, and what the totals are then."""
        state = self.state
        changes = {name: Change() for name in ("catalogue", "articles", "readings", "passages")}
        for id_, row in self.rows.items():
            key = state.key_of(id_)
            if key is not None:
                changes["catalogue"].gone.add(key)
                if row is None or row.key != key:
                    for name in ("articles", "readings", "passages"):
                        changes[name].gone.add(key)
            if row is not None:
                changes["catalogue"].rows.append(_as_row(row))
        for row, content in self._in_order():
            self._add(changes, row, content)
        for id_, (mentions, statements) in self._readings.items():
            key = self.stored(id_).key
            changes["readings"].gone.add(key)
            changes["readings"].rows.append(readings_to_row(key, mentions, statements))
        changes["withdrawals"] = Change(
            {*self._withdrawals},
            [
                {"id": id_, "withdrawal": withdrawal_to_json(withdrawal)}
                for id_, withdrawal in self._withdrawals.items()
                if withdrawal
            ],
        )
        changes["changes"] = Change(
            rows=[{"snapshot": number, "article": key, "id": id_} for key, id_ in sorted(self._changed.items())]
        )
        changes["frequencies"], totals = self._counted(number)
        return changes, totals

    def _in_order(self) -> list[tuple[CatalogueRow, Content]]:
        """The articles that come, in the order of their keys."""
        come = [(self.stored(id_), content) for id_, content in self._contents.items()]
        return sorted(come, key=lambda pair: pair[0].key)

    def _add(self, changes: dict[str, Change], row: CatalogueRow, content: Content) -> None:
        dossier = content.dossier
        article = {"key": row.key, "article": article_to_json(dossier.article), "words": content.whole.words()}
        changes["articles"].rows.append(article)
        if row.id not in self._readings:
            changes["readings"].rows.append(readings_to_row(row.key, dossier.mentions, dossier.statements))
        first = self.next_key("passages", len(dossier.passages))
        changes["passages"].rows += passages_to_rows(first, row, dossier, content.own, content.vectors)

    def _counted(self, number: int) -> tuple[Change, dict[str, int]]:
        """By how much the document frequencies change, and the totals."""
        catalogue, totals = self.state.catalogue, dict(self.state.record.totals)
        left: list[int] = []
        counted: list[int] = []
        tallies: list[tuple[str, Numbers, int]] = []
        for id_, row in self.rows.items():
            key = self.state.key_of(id_)
            was = key is not None and bool(catalogue.live[catalogue.row_of[id_]])
            now = row is not None and row.live
            same = row is not None and row.key == key
            if was and not (now and same):
                left.append(self.state.key(id_))
            if row is not None and now and not (was and same):
                content = self._contents.get(id_)
                if content is None:
                    counted.append(row.key)
                    continue
                tallies.append(("articles", content.whole.numbers, 1))
                tallies += [("passages", own.numbers, 1) for own in content.own]
                _total(totals, 1, [content.whole.length], [own.length for own in content.own])
        for sign, keys in ((-1, left), (1, counted)):
            articles, passages = self.state.words(keys)
            tallies += [("articles", numbers, sign) for numbers, _ in articles]
            tallies += [("passages", numbers, sign) for numbers, _ in passages]
            _total(totals, sign, [length for _, length in articles], [length for _, length in passages])
        rows: dict[int, Counter[str]] = {}
        for column, numbers, sign in tallies:
            for term in numbers.tolist():
                rows.setdefault(term, Counter())[column] += sign
        found: list[Row] = [
            {"snapshot": number, "term": term, "passages": by["passages"], "articles": by["articles"]}
            for term, by in sorted(rows.items())
            if by["passages"] or by["articles"]
        ]
        return Change(rows=found), totals


def _as_row(row: CatalogueRow) -> Row:
    return {name: getattr(row, name) for name in CATALOGUE}


def _total(totals: dict[str, int], sign: int, articles: Sequence[int], passages: Sequence[int]) -> None:
    changes = len(passages), len(articles), sum(passages), sum(articles)
    for name, change in zip(TOTALS, changes, strict=True):
        totals[name] += sign * change
