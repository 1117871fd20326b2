"""What a snapshot holds, as columns: filters, liveness on a day, facts and counts, whatever engine stores it.

Nothing here opens a file or a connection. An engine gives rows; a catalogue never changes, and the next one is
made of it and of what changed.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from search.archive.columns import (
    NAMED,
    Articles,
    Keys,
    Mask,
    Mentions,
    Names,
    Passages,
    Places,
    Rows,
    Sayings,
    articles_of,
    joined,
    kept,
    mentions_of,
    passages_of,
    places_in,
    published_within,
    sayings_of,
)
from search.archive.records import Facets, Facts, Page
from search.archive.scope import Scope
from search.archive.tallies import Speaking, facets_of, facts_of, speaking_in
from search.filters import Filter, Period
from search.statements import folded, sought

MOST_SCOPES = 16  # of which the catalogues of a snapshot are kept

Regroup = Callable[[Keys], Mapping[int, int]]

LONGEST_TELLING_DAYS = 366
"""Longest mention that speaks about a shorter period: "the 1990s" is not about a Tuesday in 1994.

A deadline ("by 2030", from publication on) speaks about its end however far that is.
"""


@dataclass(frozen=True)
class Catalogue:
    """The columns of a snapshot; see the module.

    Attributes:
        seen: Which articles lie inside of the scope; None for all. No other is found, counted or named.
        whole: The catalogue of all articles, where this is one of a scope; their rows are the same.
    """

    articles: Articles
    passages: Passages
    mentions: Mentions
    sayings: Sayings
    names: Mapping[str, Names] = field(repr=False)
    seen: Mask | None = None
    whole: "Catalogue | None" = field(default=None, repr=False)

    @classmethod
    def of(cls, rows: Rows) -> Self:
        """Make the catalogue of these rows."""
        names = {
            column: Names(
                dict.fromkeys(name for row in rows.articles if (name := getattr(row, column)) is not None)
            )
            for column in NAMED
        }
        names["speaker"] = Names(dict.fromkeys(row.speaker for row in rows.sayings))
        passages = passages_of(rows.passages)
        speakers = names["speaker"].codes([row.speaker for row in rows.sayings])
        return cls(
            articles_of(rows.articles, names),
            passages,
            mentions_of(rows.mentions, passages),
            sayings_of([row[:3] for row in rows.sayings], speakers, passages),
            names,
        )

    def changed(self, gone: Iterable[int], come: Self) -> Self:
        """The next catalogue of all articles: without those of these keys, and with those of another."""
        names = {column: known.with_all(come.names[column].all) for column, known in self.names.items()}
        # The last number, which is -1 as well, is that of no name.
        numbers = {column: known.codes([*come.names[column].all, None]) for column, known in names.items()}
        left = np.fromiter(gone, dtype=np.int64)
        stay = ~np.isin(self.articles.key, left)
        stay_passages = ~np.isin(self.passages.article, left)
        gone_passages = self.passages.key[~stay_passages]
        named = {column: numbers[column][getattr(come.articles, column)] for column in NAMED}
        sayings = replace(come.sayings, speaker=numbers["speaker"][come.sayings.speaker])
        return type(self)(
            joined(kept(self.articles, stay), replace(come.articles, **named), "key"),
            joined(kept(self.passages, stay_passages), come.passages, "key"),
            joined(kept(self.mentions, ~np.isin(self.mentions.passage, gone_passages)), come.mentions),
            joined(kept(self.sayings, ~np.isin(self.sayings.passage, gone_passages)), sayings),
            names,
        )

    # What can be seen

    def within(self, scope: Scope, regroup: Regroup) -> "Catalogue":
        """This catalogue, as far as a scope reaches.

        Args:
            scope: What is seen.
            regroup: Tells the families that articles make by themselves: from their keys to labels by key.
        """
        if scope.sources is None and (scope.embargoed or not self.articles.embargo.any()):
            return self
        scoped = self._scoped.get(scope)
        if scoped is None:
            seen = self._inside(scope)
            articles = replace(self.articles, family=self._families_within(seen, regroup))
            self._scoped[scope] = scoped = replace(self, articles=articles, seen=seen, whole=self)
            for oldest in list(self._scoped)[:-MOST_SCOPES]:
                self._scoped.pop(oldest, None)
        return scoped

    @cached_property
    def _scoped(self) -> dict[Scope, "Catalogue"]:
        """The catalogues of the scopes that were asked for last."""
        return {}

    @cached_property
    def holders(self) -> dict[str, tuple[int, int]]:
        """In how many passages and articles that can be found terms stand, as an engine has counted them."""
        return {}

    def _inside(self, scope: Scope) -> Mask:
        """Which articles lie inside of a scope; none whose place was taken by one that does not."""
        inside = np.ones(len(self.articles.key), dtype=np.bool_)
        if scope.sources is not None:
            numbers = [number for name, number in self.names["source"].numbers.items() if scope.holds(name)]
            inside = np.isin(self.articles.source, numbers)
        if not scope.embargoed:
            inside &= self.articles.embargo == 0
        earlier, later = self._succession
        hidden = np.setdiff1d(earlier[~inside[later]], earlier[inside[later]])
        inside[hidden[self.articles.superseded[hidden]]] = False
        return inside

    def _families_within(self, seen: Mask, regroup: Regroup) -> Keys:
        """Labels of families as the articles inside make them: one outside may hold two together."""
        labels = self.articles.family
        parted = seen & np.isin(labels, np.unique(labels[~seen & (labels > 0)]))
        found = labels.copy()
        if parted.any():
            anew = regroup(self.articles.key[parted])
            found[parted] = [anew[key] for key in self.articles.key[parted].tolist()]
        return found

    @cached_property
    def stored(self) -> Mask:
        """Which articles are seen, whether they can be found or not."""
        return np.ones(len(self.articles.key), dtype=np.bool_) if self.seen is None else self.seen

    # What can be found

    @cached_property
    def live(self) -> Mask:
        """Which articles can be found."""
        return self.stored & ~(self.articles.superseded | self.articles.withdrawn)

    @cached_property
    def article_of(self) -> Places:
        """The row of each passage's article."""
        return self.whole.article_of if self.whole else places_in(self.articles.key, self.passages.article)

    @cached_property
    def live_passages(self) -> Mask:
        """Which passages can be found."""
        return self.live[self.article_of]

    def back_on(self, day: date | None) -> Mask:
        """Which articles are superseded now and were not yet on a day by which they were published.

        What is withdrawn is not among them, whenever that was, nor what may have been superseded by then.
        """
        columns, on = self.articles, day.toordinal() if day else 0
        back = self.stored & columns.superseded & ~columns.withdrawn
        back &= (columns.last_day > 0) & (columns.last_day <= on)
        earlier, later = self._succession
        by_then = columns.first_day[later] <= on  # 0, of one that does not say, is by then
        not_before = columns.last_day[later] >= columns.first_day[earlier]
        back[earlier[by_then & (not_before | (columns.last_day[later] == 0))]] = False
        return back

    @cached_property
    def _succession(self) -> tuple[Places, Places]:
        """Rows of articles, and of each one that names it as superseded and is of the same source."""
        columns = self.articles
        named = np.flatnonzero(self.stored & (columns.supersedes != None))  # noqa: E711 - compared one by one
        given = np.array([self.row_of.get(id_, -1) for id_ in columns.supersedes[named]], dtype=np.int64)
        stored = (given >= 0) & (given != named)
        earlier, later = given[stored], named[stored]
        folds = Names().with_all(source.casefold() for source in self.names["source"].all)
        folded = np.array([*(folds.numbers[source.casefold()] for source in self.names["source"].all), -1])
        one, other = columns.source[earlier], columns.source[later]
        alike = (one == -1) | (other == -1) | (folded[one] == folded[other])
        return earlier[alike], later[alike]

    def found_on(self, day: date | None) -> Mask:
        """Which articles can be found, as of a day if one is given."""
        return self.live | self.back_on(day) if day else self.live

    # Filters

    def passing_articles(self, condition: Filter) -> Mask:
        """Which articles can be found and pass what a filter says of articles."""
        columns, passing = self.articles, self.found_on(condition.as_of).copy()
        passing &= published_within(columns, condition.published_from, condition.published_to)
        for column, wanted in (
            ("source", condition.sources),
            ("section", condition.sections),
            ("language", condition.languages),
        ):
            if wanted:
                numbers = [self.names[column].numbers.get(name, -2) for name in wanted]
                passing &= np.isin(getattr(columns, column), numbers)
        return passing

    def passing(self, condition: Filter) -> Mask:
        """Which passages can be found and pass a filter."""
        passing = self.passing_articles(condition)[self.article_of]
        if condition.about:
            passing &= self._about(condition.about)
        if condition.from_or_about:
            period = condition.from_or_about
            published = published_within(self.articles, period.first, period.last) | (self.articles.first_day == 0)
            passing &= published[self.article_of] | self._about(period)
        if condition.said_by:
            passing &= self._said_by(condition.said_by)
        return passing

    def _about(self, period: Period) -> Mask:
        """Which passages speak about a time in a period."""
        first, last = period.ordinals
        columns = self.mentions
        inside = np.flatnonzero((columns.first_day <= last) & (columns.last_day >= first))
        places = self._mentioning[inside]
        begins, ends = columns.first_day[inside], columns.last_day[inside]
        telling = ends - begins < max(LONGEST_TELLING_DAYS, last - first + 1)
        published = self.articles.first_day[self.article_of[places]]
        telling |= (begins == published) & (ends >= first) & (ends <= last)
        return self._marked(places[telling])

    def _said_by(self, names: Sequence[str]) -> Mask:
        """Which passages share text with a sentence of one of these speakers."""
        # One that has no word in it is nobody's name: it lets nothing through.
        wanted = [one for name in names if folded(name).strip() for one in sought(name)]
        speakers = self.names["speaker"].having(wanted)
        return self._marked(self.passages_of_sayings[speakers[self.sayings.speaker]])

    @cached_property
    def _mentioning(self) -> Places:
        """The row of the passage that each mention stands in."""
        return places_in(self.passages.key, self.mentions.passage)

    @cached_property
    def passages_of_sayings(self) -> Places:
        """The row of the passage that each saying stands in."""
        return places_in(self.passages.key, self.sayings.passage)

    def _marked(self, rows: Places) -> Mask:
        marked = np.zeros(len(self.passages.key), dtype=np.bool_)
        marked[rows] = True
        return marked

    # Rows and ids

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each article that is seen, by id."""
        rows = np.flatnonzero(self.stored)
        return dict(zip(self.articles.id[rows].tolist(), rows.tolist(), strict=True))

    def find(self, condition: Filter | None, after: str | None, most: int) -> Page:
        """See `search.archive.protocol.Snapshot.find`."""
        ids, rows = self._in_order
        begin = 0 if after is None else bisect_right(ids, after)
        if condition is None:
            return Page(tuple(ids[begin : begin + most]), more=len(ids) > begin + most)
        found = np.flatnonzero(self._holding(condition)[rows[begin:]])
        return Page(tuple(ids[begin + place] for place in found[:most].tolist()), more=len(found) > most)

    @cached_property
    def _in_order(self) -> tuple[list[str], Places]:
        """The ids of all articles that are seen, in order, and their rows."""
        seen = np.flatnonzero(self.stored)
        rows = seen[np.argsort(self.articles.id[seen], kind="stable")]
        return self.articles.id[rows].tolist(), rows

    def _holding(self, condition: Filter) -> Mask:
        """Which articles pass a filter, or have a passage that does, if it tells passages apart."""
        if not condition.tells_passages_apart:
            return self.passing_articles(condition)
        holding = np.zeros(len(self.articles.key), dtype=np.bool_)
        holding[self.article_of[self.passing(condition)]] = True
        return holding

    def family_rows(self, row: int, as_of: date | None = None) -> npt.NDArray[np.int64]:
        """Rows of the other articles of a family that can be found, as of a day: those published by then.

        None for an article that itself cannot be found.
        """
        label, found = self.articles.family[row], self.found_on(as_of)
        if not label or not found[row]:
            return np.empty(0, dtype=np.int64)
        kin: Mask = (self.articles.family == label) & found
        if as_of:
            kin &= (self.articles.last_day > 0) & (self.articles.last_day <= as_of.toordinal())
        kin[row] = False
        return np.flatnonzero(kin)

    def published(self, row: int) -> tuple[date, date] | None:
        """First and last day on which an article may have been published; None when it does not say."""
        first, last = int(self.articles.first_day[row]), int(self.articles.last_day[row])
        return (date.fromordinal(first), date.fromordinal(last)) if first else None

    def family_name(self, row: int) -> str:
        """Name the family of an article within this snapshot."""
        label = int(self.articles.family[row])
        return str(label) if label else f"alone {self.articles.key[row]}"

    # Counts

    @cached_property
    def facts(self) -> Facts:
        """What the snapshot holds."""
        return facts_of(self)

    def facets(self, condition: Filter) -> Facets:
        """See `search.archive.protocol.Snapshot.facets`."""
        return facets_of(self, self._holding(condition))

    @cached_property
    def speaking(self) -> Speaking:
        """Who speaks in which articles."""
        return speaking_in(self)
