"""One state of an archive in memory: dictionaries, which nobody changes once the state is committed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import combinations
from math import ceil
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.catalogue import Catalogue
from search.archive.columns import ArticleRow, Keys, Mask, MentionRow, PassageRow, Rows, SayingRow
from search.archive.liveness import in_utc, under_embargo
from search.archive.records import ArchiveCard, Dossier, Frequencies, InputRecord
from search.archive.scoring import TermCounts, term_number
from search.article import Article, Withdrawal
from search.models.embedding.embedder import Vectors
from search.statements import folded_speaker


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is kept.

    Attributes:
        key: Its number, never used twice.
        first_passage: Number of its first passage; those of the others follow.
        dossier: What was put; its likeness is kept.
        vectors: Of its passages, as little-endian float16.
        own: The terms of each passage.
        whole: Those of the article.
        input_path: The file it was read from.
        superseded: Whether another is in its place.
        withdrawn: Whether a withdrawal stands.
        family: Label of its family; 0 where it was not compared.
    """

    key: int
    first_passage: int
    dossier: Dossier
    vectors: npt.NDArray[np.float16]
    own: tuple[TermCounts, ...]
    whole: TermCounts
    input_path: str | None
    superseded: bool = False
    withdrawn: bool = False
    family: int = 0

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.dossier.article

    @property
    def live(self) -> bool:
        """Whether it can be found."""
        return not (self.superseded or self.withdrawn)


@dataclass
class State:
    """A state; also the `Versions` that it consists of.

    Attributes:
        card: The archive's.
        number: Of the last commit that changed something.
        articles: By id.
        withdrawals: By the id that they name.
        inputs: What is remembered of files, by path.
        holdings: Ids of the articles that files hold, by path.
        changes: Number of the last commit that changed an article, by id.
        pruned_before: Articles published before this day are taken no more.
        released: Until when embargoes have ended; None where none was ever kept.
        keys: How many articles were ever stored.
        passage_keys: How many passages were.
        related: Whether two texts, given by digest, derive from one another, for those that were compared.
    """

    card: ArchiveCard
    number: int = 0
    articles: dict[str, StoredArticle] = field(default_factory=dict)
    withdrawals: dict[str, Withdrawal] = field(default_factory=dict)
    inputs: dict[str, InputRecord] = field(default_factory=dict)
    holdings: dict[str, set[str]] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    pruned_before: date | None = None
    released: datetime | None = None
    keys: int = 0
    passage_keys: int = 0
    related: dict[tuple[bytes, bytes], bool] = field(default_factory=dict)

    def copy(self) -> Self:
        """Make a state that can be changed without changing this one."""
        return replace(
            self,
            articles=dict(self.articles),
            withdrawals=dict(self.withdrawals),
            inputs=dict(self.inputs),
            holdings={path: set(ids) for path, ids in self.holdings.items()},
            changes=dict(self.changes),
            related=dict(self.related),
        )

    # Look-ups of `search.archive.liveness.Versions`

    def article(self, article_id: str) -> Article | None:
        """Look up the stored article of an id."""
        stored = self.articles.get(article_id)
        return stored.article if stored else None

    def named_by(self, article_id: str) -> str | None:
        """Look up the id that the stored article of an id names as superseded."""
        article = self.article(article_id)
        return article.supersedes if article and not under_embargo(article, self.released) else None

    def naming(self, article_id: str) -> list[Article]:
        """List the stored articles that name an id as superseded."""
        naming = [one.article for one in self.articles.values() if one.article.supersedes == article_id]
        return [article for article in naming if not under_embargo(article, self.released)]

    def noted(self, article_id: str) -> Withdrawal | None:
        """Look up the withdrawal that names an id."""
        return self.withdrawals.get(article_id)

    # Families

    def label_families(self) -> None:
        """Derive the families anew from all pairs of texts that share a bucket and derive from one another.

        However many share one: `search.archive.local` compares a text with some hundred others at most, which only
        thousands of near-identical forms would reach.
        """
        firsts: dict[bytes, StoredArticle] = {}
        for stored in self._in_order():
            if stored.dossier.likeness:
                firsts.setdefault(stored.dossier.likeness.digest, stored)
        self.related = {
            pair: self.related[pair] if pair in self.related else _derive(firsts[pair[0]], firsts[pair[1]])
            for pair in _sharing_a_bucket(firsts)
        }
        labels = {digest: first.key for digest, first in firsts.items()}
        for (one, other), derived in sorted(self.related.items()):
            if derived and labels[one] != labels[other]:
                kept, left = sorted((labels[one], labels[other]))
                labels = {digest: kept if label == left else label for digest, label in labels.items()}
        for id_, stored in self.articles.items():
            label = labels[stored.dossier.likeness.digest] if stored.dossier.likeness else 0
            if label != stored.family:
                self.articles[id_] = replace(stored, family=label)

    def families_among(self, keys: Keys) -> dict[int, int]:
        """Tell the families that articles, given by key, make by themselves: labels by key."""
        wanted = set(keys.tolist())
        among = [stored for stored in self._in_order() if stored.key in wanted]
        labels = {stored.key: stored.key for stored in among}
        for one, other in combinations(among, 2):
            if self._related(one, other) and labels[one.key] != labels[other.key]:
                kept, left = sorted((labels[one.key], labels[other.key]))
                labels = {key: kept if label == left else label for key, label in labels.items()}
        return labels

    def _related(self, one: StoredArticle, other: StoredArticle) -> bool:
        pair = sorted(stored.dossier.likeness.digest for stored in (one, other) if stored.dossier.likeness)
        return len(pair) == 2 and (pair[0] == pair[1] or self.related.get((pair[0], pair[1]), False))  # noqa: PLR2004

    # What a snapshot reads; only for states that are committed

    @cached_property
    def catalogue(self) -> Catalogue:
        """The columns of this state."""
        in_order = self._in_order()
        return Catalogue.of(
            Rows(
                [_article_row(stored, self.released) for stored in in_order],
                [
                    PassageRow(stored.first_passage + place, stored.key, span.start, span.end)
                    for stored in in_order
                    for place, span in enumerate(stored.dossier.passages)
                ],
                [row for stored in in_order for row in _mention_rows(stored)],
                [
                    SayingRow(stored.key, said.start, said.end, folded_speaker(said.speaker))
                    for stored in in_order
                    for statement in stored.dossier.statements
                    for said in (statement, *statement.parts)
                    if said.speaker
                ],
            )
        )

    @cached_property
    def vectors(self) -> Vectors:
        """Of all passages, in the order of the catalogue: shape (n, dimension), float32."""
        stored = [one.vectors.astype(np.float32) for one in self._in_order() if len(one.vectors)]
        return np.concatenate(stored) if stored else np.empty((0, self.card.dimension), dtype=np.float32)

    @cached_property
    def counted(self) -> list[tuple[TermCounts, TermCounts]]:
        """The terms of each passage, in the order of the catalogue, with those of its article."""
        return [(own, stored.whole) for stored in self._in_order() for own in stored.own]

    def frequencies(self, terms: Iterable[str], catalogue: Catalogue, as_of: date | None) -> Frequencies:
        """Tell in how many passages and articles terms stand that can be found, as far as a catalogue reaches."""
        numbers = {term: term_number(term) for term in terms}
        found = self._counted(numbers, catalogue.live)
        return found.with_missing(self._counted(numbers, catalogue.back_on(as_of))) if as_of else found

    def _counted(self, numbers: Mapping[str, int], which: Mask) -> Frequencies:
        counted = [stored for stored, marked in zip(self._in_order(), which.tolist(), strict=True) if marked]
        passages, articles = (
            [own for stored in counted for own in stored.own],
            [stored.whole for stored in counted],
        )
        return Frequencies(
            len(passages),
            len(articles),
            sum(counts.length for counts in passages),
            sum(counts.length for counts in articles),
            _holders(passages, numbers),
            _holders(articles, numbers),
        )

    def _in_order(self) -> list[StoredArticle]:
        return sorted(self.articles.values(), key=lambda stored: stored.key)


def _sharing_a_bucket(texts: Mapping[bytes, StoredArticle]) -> set[tuple[bytes, bytes]]:
    buckets: dict[int, list[bytes]] = {}
    for digest, stored in texts.items():
        for bucket in stored.dossier.likeness.buckets if stored.dossier.likeness else ():
            buckets.setdefault(bucket, []).append(digest)
    return {pair for digests in buckets.values() for pair in combinations(sorted(set(digests)), 2)}


def _derive(one: StoredArticle, other: StoredArticle) -> bool:
    return one.dossier.likeness is not None and one.dossier.likeness.same(other.article.body)


def _article_row(stored: StoredArticle, released: datetime | None) -> ArticleRow:
    article, published = stored.article, stored.article.published
    held = under_embargo(article, released)
    return ArticleRow(
        stored.key,
        article.id,
        published.first_day.toordinal() if published else 0,
        published.last_day.toordinal() if published else 0,
        stored.superseded,
        stored.withdrawn,
        None if held else article.supersedes,
        article.source,
        article.section,
        article.language,
        stored.family,
        stored.dossier.readings,
        ceil(in_utc(article.embargo).timestamp()) if held and article.embargo else 0,
    )


def _mention_rows(stored: StoredArticle) -> Iterator[MentionRow]:
    for mention in stored.dossier.mentions:
        first, last = (mention.interval.first_day, mention.interval.last_day) if mention.interval else (None, None)
        if first and last:
            yield MentionRow(stored.key, mention.start, mention.end, first.toordinal(), last.toordinal())


def _holders(texts: Iterable[TermCounts], numbers: Mapping[str, int]) -> dict[str, int]:
    held = [counts.look_up(list(numbers.values())) for counts in texts]
    return {term: sum(counts[place] > 0 for counts in held) for place, term in enumerate(numbers)}
