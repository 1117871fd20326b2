"""The lexical view: passages by their words, in one Tantivy index with the fields that filters need.

It finds passages; how they are scored is decided above (`search.archive.scoring`), from stored term counts.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import tantivy

from search.archive.columns import Keys
from search.archive.local.generation import inherit
from search.archive.scoring import PRESENCE_WEIGHT, TermCounts, term_number, token
from search.errors import ViewDamagedError
from search.filters import Filter

_WRITER_BYTES = 50_000_000
_FIRST_ORDINAL, _LAST_ORDINAL = 1, 4_000_000
_THREADS = Path("/proc/self/task")
_RELOADING = "watch-callbacks"
_LONGEST_RELOAD_SECONDS = 5.0
_POLL_SECONDS = 0.001
FOLDER = "passages"


class WordsRow(NamedTuple):
    """A passage as it is searched by words.

    Attributes:
        key: Of the passage.
        article: Key of its article.
        counts: Its terms, the headline's among them.
        first_day: Proleptic Gregorian ordinal of the first day on which its article may have been published.
        last_day: Of the last.
        source: Of its article, as the other two.
    """

    key: int
    article: int
    counts: TermCounts
    first_day: int | None
    last_day: int | None
    source: str | None
    section: str | None
    language: str | None


class TermIndex:
    """Texts under integer keys, ranked by BM25 (k1 1.2, b 0.75); changes count once committed."""

    def __init__(self, folder: Path, index: Any) -> None:
        """Use `TermIndex.open` or `TermIndex.create`."""
        self._folder = folder
        self._index = index
        # Else a thread would show, at a time of its own, what another process commits to the same folder.
        self._index.config_reader(reload_policy="manual")
        self._schema = index.schema
        self._writer: Any = None

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index in `folder`.

        Raises:
            ViewDamagedError: If there is none that can be read.
        """
        with _readable(folder):
            return cls(folder, tantivy.Index.open(str(folder)))

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty index in `folder`, which is made too.

        Raises:
            OSError: If it cannot be written.
        """
        folder.mkdir(parents=True)
        with _writable(folder):
            return cls(folder, tantivy.Index(_schema(), path=str(folder), reuse=False))

    def add(self, row: WordsRow) -> None:
        """Add a text."""
        document = tantivy.Document()
        document.add_unsigned("key", row.key)
        document.add_unsigned("article", row.article)
        document.add_text("text", row.counts.words())
        if row.first_day is not None and row.last_day is not None:
            document.add_integer("first_day", row.first_day)
            document.add_integer("last_day", row.last_day)
        for field in ("source", "section", "language"):
            if value := getattr(row, field):
                document.add_text(field, value)
        self._writing().add_document(document)

    def remove_article(self, article_key: int) -> None:
        """Remove every text of an article."""
        # By query: delete_documents_by_term() takes any integer for a signed one and deletes nothing.
        texts = tantivy.Query.term_query(self._schema, "article", article_key)
        self._writing().delete_documents_by_query(texts)

    def commit(self) -> None:
        """Make all changes durable and visible here.

        Raises:
            OSError: If they cannot be written.
        """
        with _writable(self._folder):
            if self._writer is not None:
                self._writer.commit()
                self._writer.wait_merging_threads()
                self._writer = None
            self._index.reload()

    def search(
        self,
        question: Sequence[str],
        k: int,
        *,
        condition: Filter,
        presence_weight: float = 0.0,
    ) -> dict[int, float]:
        """Score the texts that have any of the question's terms.

        Args:
            question: Distinct analysed terms.
            k: How many texts at most; at least 1.
            condition: Which articles count.
            presence_weight: How much of a term's inverse document frequency is added for merely being there.

        Returns:
            Scores by key, best first.

        Raises:
            ViewDamagedError: If the index cannot be read.
        """
        with _readable(self._folder):
            return self._search(question, k, condition, presence_weight)

    def keys(self) -> tuple[Keys, Keys]:
        """List the key of every text and, in the same order, that of its article.

        Raises:
            ViewDamagedError: If the index cannot be read.
        """
        with _readable(self._folder):
            searcher: Any = self._index.searcher()
            count = int(searcher.num_docs)
            if not count:
                return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
            hits = searcher.search(tantivy.Query.all_query(), limit=count, count=False).hits
            addresses = [address for _, address in hits]
            keys, articles = (searcher.fast_field_values(field, addresses) for field in ("key", "article"))
            return np.array(keys, dtype=np.int64), np.array(articles, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def _search(
        self,
        question: Sequence[str],
        k: int,
        condition: Filter,
        presence_weight: float,
    ) -> dict[int, float]:
        searcher: Any = self._index.searcher()
        scoring = self._scoring(searcher, question, presence_weight)
        if not scoring:
            return {}
        # Conditions are constants of score 0, so that they choose and never rank.
        conditions = [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0))
            for query in self._conditions(condition)
        ]
        any_term = tantivy.Query.boolean_query(scoring)
        hits = searcher.search(
            tantivy.Query.boolean_query([(tantivy.Occur.Must, any_term), *conditions]), limit=k, count=False
        ).hits
        keys = searcher.fast_field_values("key", [address for _, address in hits])
        if None in keys:
            raise ViewDamagedError(f"The words' index in {self._folder} has texts without a key.")
        found = [(key, score) for key, (score, _) in zip(keys, hits, strict=True)]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def _writing(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(_WRITER_BYTES, num_threads=1)
        return self._writer

    def _scoring(self, searcher: Any, question: Sequence[str], presence_weight: float) -> list[tuple[Any, Any]]:
        queries = []
        for term in map(token, map(term_number, question)):
            query = tantivy.Query.term_query(self._schema, "text", term, index_option="freq")
            queries.append((tantivy.Occur.Should, query))
            if presence_weight:
                present = tantivy.Query.const_score_query(query, presence_weight * _rarity(searcher, term))
                queries.append((tantivy.Occur.Should, present))
        return queries

    def _conditions(self, condition: Filter) -> Iterable[Any]:
        for field, first, last in (
            ("first_day", condition.published_from, None),
            ("last_day", None, condition.published_to),
        ):
            if first or last:
                yield tantivy.Query.range_query(
                    self._schema,
                    field,
                    tantivy.FieldType.Integer,
                    first.toordinal() if first else _FIRST_ORDINAL,
                    last.toordinal() if last else _LAST_ORDINAL,
                )
        for field, wanted in (
            ("source", condition.sources),
            ("section", condition.sections),
            ("language", condition.languages),
        ):
            if wanted:
                yield tantivy.Query.term_set_query(self._schema, field, list(wanted))


def wait_for_reloads() -> None:
    """Wait until none of Tantivy's threads opens an index, for which it writes a lock file into its folder.

    Tantivy watches an index for commits from the moment it is opened until `TermIndex` forbids it, and what its
    watcher saw meanwhile it acts upon later, in a thread of its own. Where the system does not list threads (it is
    not Linux), nothing is waited for.
    """
    deadline = time.monotonic() + _LONGEST_RELOAD_SECONDS
    while _RELOADING in _thread_names() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _thread_names() -> set[str]:
    names = set()
    for thread in _THREADS.glob("*/comm"):
        try:
            names.add(thread.read_text(encoding="utf-8", errors="replace").strip())
        except OSError:  # it ended meanwhile
            continue
    return names


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """What goes wrong inside is the fault of what stands in the folder."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise ViewDamagedError(f"The words' index in {folder} cannot be read: {error}.") from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise ViewDamagedError(f"The words' index in {folder} cannot be read.") from error


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """What goes wrong inside is the fault of what the folder is on."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"The words' index in {folder} cannot be written: {error}") from error


def _is_panic(error: BaseException) -> bool:
    """Whether Tantivy gave up; the class of such errors cannot be imported, and is no `Exception`."""
    return type(error).__module__ == "pyo3_runtime"


def _rarity(searcher: Any, term: str) -> float:
    # Holders that were deleted are counted until their segment is merged, so there can seem to be too many.
    holders = min(searcher.doc_freq("text", term), searcher.num_docs)
    return math.log(1 + (searcher.num_docs - holders + 0.5) / (holders + 0.5))


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    for field in ("source", "section", "language"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalView:
    """A term index of passages, kept at one snapshot. Its files are mapped into memory."""

    def __init__(self, folder: Path, passages: TermIndex) -> None:
        """Use `LexicalView.open` or `LexicalView.create`."""
        self._folder = folder
        self._passages = passages

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the view in `folder`, whose files were verified.

        Raises:
            ViewDamagedError: If it cannot be read.
        """
        return cls(folder, TermIndex.open(folder / FOLDER))

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty view in `folder`.

        Raises:
            OSError: If it cannot be written.
        """
        return cls(folder, TermIndex.create(folder / FOLDER))

    def descend(self, folder: Path) -> Self:
        """Begin the next generation of this view in another folder: equal to this one, apart from it."""
        inherit(self._folder / FOLDER, folder / FOLDER)
        return self.open(folder)

    def keys(self) -> tuple[Keys, Keys]:
        """List the passages' keys and the key of each one's article, in no order."""
        return self._passages.keys()

    def add(self, row: WordsRow) -> None:
        """Add a passage."""
        self._passages.add(row)

    def remove(self, key: int) -> None:
        """Remove an article's passages."""
        self._passages.remove_article(key)

    def commit(self) -> None:
        """Make all changes durable and visible.

        Raises:
            OSError: If they cannot be written.
        """
        self._passages.commit()

    def search(self, question: Sequence[str], k: int, condition: Filter) -> list[int]:
        """Find the keys of at most `k` passages by their own scores, best first.

        Args:
            question: Distinct analysed terms.
            k: How many at most.
            condition: Which articles count; what it says of passages is not looked at.
        """
        return list(self._passages.search(question, k, condition=condition, presence_weight=PRESENCE_WEIGHT))

    def __len__(self) -> int:
        return len(self._passages)
