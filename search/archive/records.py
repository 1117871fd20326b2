"""What passes through the door of the archive: dossiers, queries and what is found, facts, pages, the card."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import Ordinals, by_year
from search.article import Article, Span, Withdrawal
from search.family import Copy, Family, Likeness, family_of
from search.statements import Statement
from search.times import TimeMention

_DAY_BITS = 23
_DAYS = (1 << _DAY_BITS) - 1


class Outcome(StrEnum):
    """What storing an article did.

    `OLDER`: nothing, because a later version of it is stored. `EXPIRED`: nothing, because articles of its day have
    been pruned.
    """

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    OLDER = "older"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class InputRecord:
    """What is remembered of a file that was read.

    Attributes:
        path: Absolute path.
        size: Bytes.
        modified_ns: Time of last change, in nanoseconds since 1970.
        digest: SHA-256 (hex) of the content, and how it was read.
        articles: Number of articles that it gave.
        skipped: What in it could not be read: pairs of origin and reason.
    """

    path: str
    size: int
    modified_ns: int
    digest: str
    articles: int
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A slice of an article's body.

    Attributes:
        article_id: The article.
        start: First code point in its body.
        end: One past the last.
    """

    article_id: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its offsets."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Dossier:
    """An article with its passages and readings, as it is put and read.

    Attributes:
        article: The article.
        passages: Offsets of its passages, in order.
        mentions: Its time mentions, in the order of the text.
        statements: Its statements, in the order of the text; a sentence that is not among them is plainly
            asserted, by nobody but the article.
        readings: Fingerprint of the rules that made mentions and statements; empty when it is not known.
        likeness: What its text is compared by when it is put; None leaves it without a family.
        withdrawal: What withdraws it, when it is read; None when nothing does.
        superseded_by: Id of the stored article in its place, when it is read; None when there is none.
        copies: The other articles of its family that can be found, when it is read; at most `MOST_COPIES`.
    """

    article: Article
    passages: tuple[Span, ...] = ()
    mentions: tuple[TimeMention, ...] = ()
    statements: tuple[Statement, ...] = ()
    readings: str = ""
    likeness: Likeness | None = None
    withdrawal: Withdrawal | None = None
    superseded_by: str | None = None
    copies: tuple[Article, ...] = field(default=(), repr=False)

    @property
    def family(self) -> Family:
        """The article and its copies, in order."""
        return family_of(Copy.of(one) for one in (self.article, *self.copies))


MOST_COPIES = 200
"""Members of a family that are read with one article."""


@dataclass(frozen=True, slots=True)
class Query:
    """What candidates are asked for.

    Attributes:
        vector: Unit vector of the question, shape (dimension,), float32; None where closeness does not matter.
        terms: Distinct analysed terms of the question.
        near: Whether to look for what is close; cosines are given in any case where there is a vector.
        by_words: Whether to look by words; `terms` are counted in any case.
    """

    vector: npt.NDArray[np.float32] | None
    terms: tuple[str, ...]
    near: bool = True
    by_words: bool = True


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was found, with what it is scored by.

    Attributes:
        passage: Which one.
        cosine: Between question and passage; 0 when no vector was given.
        near: Whether it was among the k closest.
        has_words: Whether it was among the k best by words.
        counts: How often each of the query's terms stands in it and its headline, in their order.
        length: How many terms it has, its headline's among them.
        article_counts: How often each stands in its whole article.
        article_length: How many terms that has.
        published: First and last day on which its article may have been published; None when it does not say.
        family: Names the family of its article within this snapshot.
    """

    passage: Passage
    cosine: float
    near: bool
    has_words: bool
    counts: tuple[int, ...]
    length: int
    article_counts: tuple[int, ...]
    article_length: int
    published: tuple[date, date] | None
    family: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for a query.

    Attributes:
        passages: The k closest and the k best by words, in no order.
        passing: How many passages pass the filter.
    """

    passages: tuple[Retrieved, ...]
    passing: int


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many passages and articles terms stand.

    Attributes:
        passages: How many passages can be found.
        articles: How many articles can be found.
        passage_terms: How many terms those passages have together.
        article_terms: How many those articles have.
        passages_with: How many of the passages have each term.
        articles_with: How many of the articles have it.
    """

    passages: int
    articles: int
    passage_terms: int
    article_terms: int
    passages_with: Mapping[str, int]
    articles_with: Mapping[str, int]

    @classmethod
    def of(
        cls, totals: tuple[int, int, int, int], holders: Mapping[str, tuple[int, int]], terms: Iterable[str]
    ) -> Self:
        """Take the totals, in the order of the attributes, and in how many passages and articles each term is."""
        found = {term: holders[term] for term in terms}
        return cls(
            *totals,
            {term: passages for term, (passages, _) in found.items()},
            {term: articles for term, (_, articles) in found.items()},
        )

    def with_missing(self, back: "Frequencies") -> "Frequencies":
        """These, with the counts that terms which no passage has have in what could be found on some day."""
        own, whole = dict(self.passages_with), dict(self.articles_with)
        for term in [term for term in back.passages_with if not own[term]]:
            own[term] += back.passages_with[term]
            whole[term] += back.articles_with[term]
        return replace(self, passages_with=own, articles_with=whole)


class Days(Mapping[tuple[str, date], int]):
    """Articles by source ("" where there is none) and day, in order; counted when it is first looked at."""

    def __init__(self, names: Sequence[str], sources: npt.NDArray[np.int32], days: Ordinals) -> None:
        """Count articles.

        Args:
            names: Of the sources.
            sources: The number of each article's; -1 for none.
            days: The day of each, a proleptic Gregorian ordinal.
        """
        self._names = names
        self._sources = sources
        self._days = days

    @cached_property
    def by_source(self) -> dict[str, npt.NDArray[np.int64]]:
        """Ordinals of days, in order, and numbers of articles by source: shape (2, n) each."""
        pairs, counts = np.unique((self._sources + np.int64(1)) << _DAY_BITS | self._days, return_counts=True)
        numbers, days = pairs >> _DAY_BITS, pairs & _DAYS
        begins = np.flatnonzero(np.diff(numbers, prepend=-1))
        parts = zip(np.split(days, begins[1:]), np.split(counts, begins[1:]), strict=True)
        names = ["", *self._names]
        return {names[numbers[begin]]: np.stack(part) for begin, part in zip(begins, parts, strict=False)}

    @property
    def by_year(self) -> dict[int, int]:
        """Articles by year, in order; those without a day are not among them."""
        return by_year(self._days)

    @cached_property
    def _counts(self) -> dict[tuple[str, date], int]:
        return {
            (source, date.fromordinal(day)): count
            for source, pairs in sorted(self.by_source.items())
            for day, count in pairs.T.tolist()
        }

    def __getitem__(self, place: tuple[str, date]) -> int:
        return self._counts[place]

    def __iter__(self) -> Iterator[tuple[str, date]]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an archive holds at a snapshot; made once for it. Only what can be found counts, unless said otherwise.

    Attributes:
        articles: How many.
        passages: How many.
        superseded: How many articles more are stored in whose place another is.
        withdrawn: How many more are stored that were withdrawn; some may be superseded too.
        families: How many families of more than one article there are.
        first_published: First day on which an article may have been published; None when none says.
        last_published: Last such day.
        undated: How many articles do not say when they were published.
        sources: Articles by source, the most frequent first.
        sections: Articles by section, likewise.
        languages: Articles by language, likewise.
        days: Articles by source ("" where there is none) and first day of publication, in order.
        readings: Articles by the fingerprint of the rules that read them.
        embargoed: How many of all that are stored are under embargo; only scopes that see them count them.
        next_release: When the first of these embargoes ends; None when there are none.
    """

    articles: int
    passages: int
    superseded: int
    withdrawn: int
    families: int
    first_published: date | None
    last_published: date | None
    undated: int
    sources: Mapping[str, int]
    sections: Mapping[str, int]
    languages: Mapping[str, int]
    days: Days
    readings: Mapping[str, int]
    embargoed: int = 0
    next_release: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """Articles that pass a filter, counted by what they could be filtered by; the most frequent first.

    Attributes:
        articles: How many pass.
        sources: By source.
        sections: By section.
        languages: By language.
        years: By year of publication, in order.
        speakers: By who speaks in them, as the archive compares names.
    """

    articles: int
    sources: Mapping[str, int]
    sections: Mapping[str, int]
    languages: Mapping[str, int]
    years: Mapping[int, int]
    speakers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of article ids.

    Attributes:
        ids: In order.
        more: Whether others follow the last of them.
    """

    ids: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an archive remembers beside its articles.

    Attributes:
        withdrawals: One for each id that is named by one.
        inputs: The files that were read.
        holdings: Ids of the articles that files hold, by path.
        pruned_before: Articles published before this day are taken no more.
    """

    withdrawals: tuple[Withdrawal, ...]
    inputs: tuple[InputRecord, ...]
    holdings: Mapping[str, frozenset[str]]
    pruned_before: date | None


@dataclass(frozen=True, slots=True)
class ArchiveCard:
    """What an archive is.

    Attributes:
        place: Where it is, in words for people: a folder, an address.
        archive_id: Its own id, made when it was.
        schema_version: Of its storage.
        model: Name of the model that its vectors are from.
        fingerprint: Of that model.
        dimension: Of its vectors.
        lineage: The line that its snapshots' numbers belong to; returning to an earlier state begins another.
        verified: Whether its indexes are known to be as they were saved; after they were copied they are read
            behind the first answers.
        recall: Share of the ten passages closest in meaning that are found, as it was measured; 1 where every one
            is compared.
    """

    place: str
    archive_id: str
    schema_version: int
    model: str
    fingerprint: str
    dimension: int
    lineage: str = ""
    verified: bool = True
    recall: float = 1.0
