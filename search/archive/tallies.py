"""What a catalogue holds, counted: the facts of a snapshot, and what its articles could be filtered by."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from search.archive.columns import Mask, Names, Places, by_year
from search.archive.records import Days, Facets, Facts

if TYPE_CHECKING:
    from search.archive.catalogue import Catalogue


class Speaking(NamedTuple):
    """Who speaks in which articles: each speaker with each article that it speaks in, once."""

    names: Sequence[str]
    """Of the speakers."""
    speakers: npt.NDArray[np.int64]
    """The place of each one's name."""
    articles: Places
    """The row of the article."""


def facts_of(catalogue: "Catalogue") -> Facts:
    """Count what a snapshot holds."""
    columns, live, stored = catalogue.articles, catalogue.live, catalogue.stored
    first, last = columns.first_day[live], columns.last_day[live]
    dated = first > 0
    families = columns.family[live]
    labels, members = np.unique(families[families > 0], return_counts=True)
    return Facts(
        articles=int(live.sum()),
        passages=int(catalogue.live_passages.sum()),
        superseded=int(columns.superseded[stored].sum()),
        withdrawn=int(columns.withdrawn[stored].sum()),
        families=int((members > 1).sum()) if len(labels) else 0,
        first_published=date.fromordinal(int(first[dated].min())) if dated.any() else None,
        last_published=date.fromordinal(int(last[dated].max())) if dated.any() else None,
        undated=int((~dated).sum()),
        sources=_counted(catalogue, "source", live),
        sections=_counted(catalogue, "section", live),
        languages=_counted(catalogue, "language", live),
        days=Days(catalogue.names["source"].all, columns.source[live][dated], first[dated]),
        readings=_counted(catalogue, "readings", stored),
        embargoed=int((columns.embargo[stored] > 0).sum()),
        next_release=_next_release(catalogue),
    )


def facets_of(catalogue: "Catalogue", which: Mask) -> Facets:
    """Count some articles by what they could be filtered by."""
    names, speakers, articles = catalogue.speaking
    return Facets(
        articles=int(which.sum()),
        sources=_counted(catalogue, "source", which),
        sections=_counted(catalogue, "section", which),
        languages=_counted(catalogue, "language", which),
        years=by_year(catalogue.articles.first_day[which]),
        speakers=_most_frequent(np.bincount(speakers[which[articles]], minlength=len(names)), names),
    )


def speaking_in(catalogue: "Catalogue") -> Speaking:
    """Find out who speaks, in whatever role, in which articles."""
    spoken = catalogue.names["speaker"].all
    names = Names().with_all(map(_name_of, spoken))
    codes = names.codes([_name_of(one) for one in spoken]).astype(np.int64)
    articles = max(1, len(catalogue.articles.key))
    rows = catalogue.article_of[catalogue.passages_of_sayings]
    pairs = np.unique(codes[catalogue.sayings.speaker] * articles + rows)
    return Speaking(names.all, pairs // articles, pairs % articles)


def _next_release(catalogue: "Catalogue") -> datetime | None:
    embargo = catalogue.articles.embargo[catalogue.stored]
    ends = embargo[embargo > 0]
    return datetime.fromtimestamp(int(ends.min()), UTC) if len(ends) else None


def _counted(catalogue: "Catalogue", column: str, which: Mask) -> Mapping[str, int]:
    numbers, names = getattr(catalogue.articles, column)[which], catalogue.names[column].all
    return _most_frequent(np.bincount(numbers[numbers >= 0], minlength=len(names)), names)


def _most_frequent(counts: npt.NDArray[np.int64], names: Sequence[str]) -> dict[str, int]:
    """Name what is counted, the most frequent first, then in order of names; what there is none of is left out."""
    found = {names[number]: int(counts[number]) for number in np.flatnonzero(counts).tolist()}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _name_of(folded_speaker: str) -> str:
    """The name in what `search.statements.folded_speaker` makes of name and role."""
    return folded_speaker.partition("|")[0].strip()
