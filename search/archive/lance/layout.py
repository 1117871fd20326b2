"""Articles, readings and passages as rows of the tables and back, and columns of the tables as a catalogue."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from search.archive.catalogue import Catalogue
from search.archive.columns import NAMED, Articles, Names, Passages, mentions_of, sayings_of
from search.archive.lance.tables import FACTS, Row
from search.archive.liveness import in_utc, is_stored
from search.archive.records import Dossier, InputRecord
from search.archive.rows import (
    article_from_row,
    article_to_row,
    mention_from_row,
    mention_to_row,
    part_to_row,
    publication_from_row,
    publication_to_row,
    statements_from_rows,
    statements_to_rows,
)
from search.archive.scoring import TermCounts
from search.article import Article, Withdrawal
from search.models.embedding.embedder import Vectors
from search.statements import Statement
from search.times import TimeMention

Number = TypeVar("Number", bound=np.generic)

_MOST = np.iinfo(np.uint16).max
_FOLDED = 8
"""Place of the folded speaker in a row of a statement."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """What is known of a stored article without reading it; see the table `catalogue`."""

    key: int
    id: str
    first_day: int
    last_day: int
    source: str | None
    section: str | None
    language: str | None
    superseded: bool
    withdrawn: bool
    supersedes: str | None
    embargo: str | None
    family: int
    text: int
    readings: str
    terms: int
    content_hash: str
    input: str | None
    origin: str
    remarks: str

    @classmethod
    def of(cls, key: int, dossier: Dossier, terms: int, input_path: str | None) -> Self:
        """Lay out an article that is being stored."""
        article, published = dossier.article, dossier.article.published
        return cls(
            key=key,
            id=article.id,
            first_day=published.first_day.toordinal() if published else 0,
            last_day=published.last_day.toordinal() if published else 0,
            source=article.source,
            section=article.section,
            language=article.language,
            superseded=False,
            withdrawn=False,
            supersedes=article.supersedes,
            embargo=article.embargo.isoformat() if article.embargo else None,
            family=0,
            text=0,
            readings=dossier.readings,
            terms=terms,
            content_hash=article.content_hash,
            input=input_path,
            origin=article.origin,
            remarks=json.dumps(article.remarks),
        )

    @property
    def live(self) -> bool:
        """Whether it can be found."""
        return not (self.superseded or self.withdrawn)

    def moved(self, article: Article, input_path: str | None) -> Self:
        """Note where an unchanged article now comes from, and what its reader has to say of it."""
        return replace(self, input=input_path, origin=article.origin, remarks=json.dumps(article.remarks))

    def is_held(self, released: datetime | None) -> bool:
        """Tell whether it is under embargo."""
        return _held_until(self.embargo, released) > 0


CATALOGUE = tuple(CatalogueRow.__dataclass_fields__)
CATALOGUED = (
    *("key", "id", "first_day", "last_day", "superseded", "withdrawn", "supersedes", "source", "section"),
    *("language", "family", "readings", "embargo"),
)
"""The columns of the table `catalogue` that a catalogue in memory has."""

PLACED = ("key", "article", "start", "stop")
READ = ("article", "mention_days", "saying_places", "speakers")


def numbers_in(words: str) -> npt.NDArray[np.uint32]:
    """The distinct terms, by number, that stand among words."""
    return np.unique(np.array(words.split(), dtype=np.uint32))


def counted(words: str, wanted: Sequence[str]) -> tuple[int, ...]:
    """How often tokens stand among words."""
    return tuple(min(words.count(one), _MOST) for one in wanted)


# Articles and readings


def article_to_json(article: Article) -> str:
    """Lay an article out as it is stored."""
    row, parts = article_to_row(article, None), [part_to_row(part) for part in article.parts]
    return json.dumps([row, parts], ensure_ascii=False)


def article_from_json(stored: str, origin: str, remarks: str) -> Article:
    """Read what `article_to_json` made; where it comes from may have changed since."""
    row, parts = json.loads(stored)
    found = article_from_row([*row, json.dumps(parts)])
    return replace(found, origin=origin, remarks=tuple(json.loads(remarks)))


def readings_to_row(key: int, mentions: Iterable[TimeMention], statements: Iterable[Statement]) -> Row:
    """Lay out what was read into an article."""
    read = [mention_to_row(one) for one in sorted(mentions, key=lambda one: one.start)]
    said = statements_to_rows(sorted(filter(is_stored, statements), key=lambda one: one.start))
    days = [(row[0], row[1], row[9], row[10]) for row in read if row[9] is not None and row[10] is not None]
    spoken = sorted((row for row in said if row[_FOLDED] is not None), key=lambda row: int(row[0]))
    return {
        "article": key,
        "mentions": json.dumps(read, ensure_ascii=False),
        "statements": json.dumps(said, ensure_ascii=False),
        "mention_days": [number for row in days for number in row],
        "saying_places": [number for row in spoken for number in row[:2]],
        "speakers": [row[_FOLDED] for row in spoken],
    }


def readings_from_row(body: str, row: Mapping[str, str]) -> tuple[tuple[TimeMention, ...], tuple[Statement, ...]]:
    """Read what was read into a body."""
    mentions = (mention_from_row(body, one) for one in json.loads(row["mentions"]))
    return tuple(mentions), tuple(statements_from_rows(body, json.loads(row["statements"])))


# Passages


def passages_to_rows(
    first_key: int, row: CatalogueRow, dossier: Dossier, counts: Iterable[TermCounts], vectors: Vectors
) -> list[Row]:
    """Lay out the passages of an article, their keys one behind the other."""
    facts = {name: getattr(row, name) for name in FACTS}
    return [
        {
            "key": first_key + place,
            "article": row.key,
            "start": span.start,
            "stop": span.end,
            **facts,
            "terms": own.length,
            "words": own.words(),
            "vector": vector.astype(np.float16),
        }
        for place, (span, own, vector) in enumerate(zip(dossier.passages, counts, vectors, strict=True))
    ]


def vectors_in(table: pa.Table, dimension: int) -> Vectors:
    """The vectors of rows: shape (n, dimension), float32."""
    column = table["vector"].combine_chunks()
    return np.asarray(column.flatten(), dtype=np.float32).reshape(len(table), dimension)


# What a catalogue is made of


def catalogue_of(
    articles: pa.Table, passages: pa.Table, readings: pa.Table, released: datetime | None
) -> Catalogue:
    """Make a catalogue of the columns `CATALOGUED`, `PLACED` and `READ`, without a Python object for each row."""
    articles, passages = _in_order(articles, "key"), _in_order(passages, "key")
    readings = _in_order(readings, "article")
    coded = {column: _coded(articles[column]) for column in NAMED}
    names, speakers = _coded(readings["speakers"].combine_chunks().flatten())
    placed = Passages(
        key=_numbers(passages["key"], np.int64),
        article=_numbers(passages["article"], np.int64),
        start=_numbers(passages["start"], np.int32),
        stop=_numbers(passages["stop"], np.int32),
    )
    embargo = _held(articles["embargo"], released)
    supersedes = _strings(articles["supersedes"])
    supersedes[embargo > 0] = None  # one under embargo supersedes nothing
    return Catalogue(
        Articles(
            key=_numbers(articles["key"], np.int64),
            id=_strings(articles["id"]),
            first_day=_numbers(articles["first_day"], np.int32),
            last_day=_numbers(articles["last_day"], np.int32),
            superseded=_numbers(articles["superseded"], np.bool_),
            withdrawn=_numbers(articles["withdrawn"], np.bool_),
            supersedes=supersedes,
            family=_numbers(articles["family"], np.int64),
            embargo=embargo,
            **{column: numbers for column, (_, numbers) in coded.items()},
        ),
        placed,
        mentions_of(_spread(readings, "mention_days", 4), placed),
        sayings_of(_spread(readings, "saying_places", 2), speakers, placed),
        {column: known for column, (known, _) in coded.items()} | {"speaker": names},
    )


def _in_order(table: pa.Table, key: str) -> pa.Table:
    keys = table[key].to_numpy()
    return table if (keys[1:] > keys[:-1]).all() else table.sort_by(key)


def _numbers(column: pa.ChunkedArray, kind: type[Number]) -> npt.NDArray[Number]:
    return np.asarray(column.to_numpy(), dtype=kind)


def _strings(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """Strings, None where there is none, in an array that may be changed."""
    return np.array(column.to_numpy(), dtype=np.object_)


def _coded(column: pa.Array | pa.ChunkedArray) -> tuple[Names, npt.NDArray[np.int32]]:
    """The distinct strings of a column, and the number of each row's; -1 for none."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Names(encoded.dictionary.to_pylist()), numbers.astype(np.int32)


def _spread(readings: pa.Table, column: str, size: int) -> npt.NDArray[np.int64]:
    """A row for every `size` numbers of a list, the key of its article before them: shape (n, 1 + size)."""
    lists = readings[column].combine_chunks()
    flat = lists.flatten().to_numpy(zero_copy_only=False).reshape(-1, size)
    counts = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False) // size
    return np.column_stack([np.repeat(_numbers(readings["article"], np.int64), counts), flat])


def _held(embargoes: pa.ChunkedArray, released: datetime | None) -> npt.NDArray[np.int64]:
    """Until when articles are under embargo; few ever say so."""
    until = np.zeros(len(embargoes), dtype=np.int64)
    for row in np.flatnonzero(embargoes.is_valid().to_numpy()).tolist():
        until[row] = _held_until(embargoes[row].as_py(), released)
    return until


def _held_until(embargo: str | None, released: datetime | None) -> int:
    if embargo is None or released is None:
        return 0
    ends = in_utc(datetime.fromisoformat(embargo))
    return ceil(ends.timestamp()) if ends > released else 0


# What is remembered beside articles


def withdrawal_to_json(withdrawal: Withdrawal) -> str:
    """Lay a withdrawal out as it is stored."""
    told = withdrawal.reason, *publication_to_row(withdrawal.published)
    return json.dumps([*told, withdrawal.version, withdrawal.source, withdrawal.origin], ensure_ascii=False)


def withdrawal_from_json(article_id: str, stored: str) -> Withdrawal:
    """Read what `withdrawal_to_json` made."""
    reason, *published, version, source, origin = json.loads(stored)
    return Withdrawal((article_id,), reason, publication_from_row(*published), version, source, origin)


def input_to_row(record: InputRecord) -> Row:
    """Lay out what is remembered of a file."""
    values = {name: getattr(record, name) for name in ("path", "size", "modified_ns", "digest", "articles")}
    return values | {"skipped": json.dumps(record.skipped, ensure_ascii=False)}


def input_from_row(row: Mapping[str, Any]) -> InputRecord:
    """Read what `input_to_row` made."""
    skipped = tuple((origin, reason) for origin, reason in json.loads(row["skipped"]))
    return InputRecord(**{**row, "skipped": skipped})


def remarks_of(row: CatalogueRow) -> tuple[str, ...]:
    """What its reader had to say of an article."""
    return tuple(json.loads(row.remarks))


def day_of(stored: str) -> date | None:
    """Read a day that may be empty."""
    return date.fromisoformat(stored) if stored else None


def moment_of(stored: str) -> datetime | None:
    """Read an instant that may be empty."""
    return datetime.fromisoformat(stored) if stored else None
