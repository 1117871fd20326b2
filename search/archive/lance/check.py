"""Check an archive of Lance tables anew against everything that can be told from what is stored."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from search.archive.lance.failing import failing_clearly
from search.archive.lance.layout import CATALOGUE, CatalogueRow, vectors_in
from search.archive.lance.state import TOTALS, State, families
from search.archive.liveness import superseded_by, withdrawal_of
from search.archive.scoring import TermCounts
from search.article import Article, Span
from search.errors import ArchiveError

_ARTICLES_A_READ = 500
_LENGTH_TOLERANCE = 0.01

OnProgress = Callable[[int, int], None]
"""Told how many articles were looked at, and how many there are."""


def check(state: State, on_progress: OnProgress = lambda *_: None) -> list[str]:
    """Check a state; nothing is changed. Every sentence is a flaw; none: all is well."""
    try:
        with failing_clearly(state.tables.place):
            return list(_Check(state).flaws(on_progress))
    except ArchiveError as error:
        return [error.problem]


class _Check:
    def __init__(self, state: State) -> None:
        self._state = state
        self._totals = dict.fromkeys(TOTALS, 0)
        self._passages_with = Counter[int]()
        self._articles_with = Counter[int]()

    def flaws(self, on_progress: OnProgress) -> Iterator[str]:
        rows = [CatalogueRow(**row) for row in self._state.tables.read("catalogue", CATALOGUE).to_pylist()]
        if len({row.id for row in rows}) < len(rows):
            yield "An article is stored twice."
        for begin in range(0, len(rows), _ARTICLES_A_READ):
            yield from self._contents(rows[begin : begin + _ARTICLES_A_READ])
            on_progress(min(begin + _ARTICLES_A_READ, len(rows)), len(rows))
        yield from self._frequencies()
        yield from self._families(rows)

    def _contents(self, rows: list[CatalogueRow]) -> Iterator[str]:
        keys, tables = [row.key for row in rows], self._state.tables
        articles = self._state.articles(keys)
        read = set(tables.having("readings", "article", keys, ("article",))["article"].to_pylist())
        words = tables.having("articles", "key", keys, ("key", "words")).to_pylist()
        worded = {one["key"]: one["words"] for one in words}
        columns = ("article", "start", "stop", "terms", "words", "vector")
        passages = tables.having("passages", "article", keys, columns)
        lengths = np.linalg.norm(vectors_in(passages, self._state.record.dimension), axis=1)
        if (abs(lengths - 1) > _LENGTH_TOLERANCE).any():
            yield f"{int((abs(lengths - 1) > _LENGTH_TOLERANCE).sum())} vectors are not of length 1."
        told: dict[int, list[tuple[Span, int, str]]] = {key: [] for key in keys}
        for one in passages.drop_columns(["vector"]).to_pylist():
            told[one["article"]].append((Span(one["start"], one["stop"]), one["terms"], one["words"]))
        for row in rows:
            article = articles.get(row.key)
            if article is None or row.key not in read:
                yield f"Of the article {row.id!r} there is no text or no reading."
            elif article.content_hash != row.content_hash:
                yield f"The article {row.id!r} is not what was stored."
            else:
                yield from self._article(row, article, worded[row.key], told[row.key])

    def _article(
        self, row: CatalogueRow, article: Article, words: str, passages: list[tuple[Span, int, str]]
    ) -> Iterator[str]:
        if any(span.end > len(article.body) for span, _, _ in passages):
            yield f"A passage of {row.id!r} reaches past its end."
            return
        whole, own = TermCounts.of_all(article, [span for span, _, _ in passages])
        found = [(length, stored) for _, length, stored in passages]
        if (row.terms, words) != (whole.length, whole.words()) or found != [
            (one.length, one.words()) for one in own
        ]:
            yield f"The words of {row.id!r} are not those of its text."
        state = self._state
        marks = superseded_by(article, state) is not None, withdrawal_of(article, state) is not None
        if marks != (row.superseded, row.withdrawn):
            yield f"Whether {row.id!r} is superseded or withdrawn is not as it follows."
        if row.live:
            self._articles_with.update(whole.numbers.tolist())
            for one in own:
                self._passages_with.update(one.numbers.tolist())
            counted = len(own), 1, sum(one.length for one in own), whole.length
            for name, count in zip(TOTALS, counted, strict=True):
                self._totals[name] += count

    def _frequencies(self) -> Iterator[str]:
        holders, totals = self._state.holders, self._state.record.totals
        kept = {
            int(term): (int(passages), int(articles))
            for term, (passages, articles) in zip(holders.terms, holders.counts, strict=True)
            if passages or articles
        }
        terms = self._passages_with.keys() | self._articles_with.keys()
        if kept != {term: (self._passages_with[term], self._articles_with[term]) for term in terms}:
            yield "In how many passages and articles terms stand is not as it is counted."
        if totals != self._totals:
            yield f"Of {totals} passages, articles and terms {self._totals} are counted."

    def _families(self, rows: list[CatalogueRow]) -> Iterator[str]:
        texts = self._state.tables.read("texts", ("key", "family", "kin")).to_pylist()
        labels = families({text["key"]: text["kin"] for text in texts})
        if any(labels[text["key"]] != text["family"] for text in texts):
            yield "The families of texts are not those that their relations make."
        if any(labels.get(row.text, 0) != row.family for row in rows):
            yield "The families of articles are not those of their texts."
        if labels.keys() - {row.text for row in rows}:
            yield "There are texts that no article has."
