"""A filter of each kind, made of what an archive holds, for measuring what they cost."""

from collections.abc import Iterable
from datetime import date, timedelta

from search.archive.protocol import Snapshot
from search.errors import QueryError
from search.filters import Filter, Period

_LOOKED_AT = 300


def filters_of(snapshot: Snapshot) -> dict[str, Filter]:
    """Make filters by name, from none to `as_of`; days are reckoned from one of which there are articles."""
    facets, day = snapshot.facets(Filter()), _day_of_some(snapshot)
    month = Period(day, day + timedelta(days=30))
    year = Period(day, day + timedelta(days=365))
    sources, speakers = list(facets.sources), list(facets.speakers)
    made = {
        "no filter": Filter(),
        "a day": Filter(published_from=day, published_to=day),
        "a year": Filter(published_from=year.first, published_to=year.last),
        "one source": Filter(sources=tuple(sources[:1])),
        "ten sources": Filter(sources=tuple(sources[:10])),
        "a section": Filter(sections=tuple(list(facets.sections)[:1])),
        "a language": Filter(languages=tuple(list(facets.languages)[:1])),
        "said_by many": _said_by(speakers),
        "said_by few": _said_by(speakers[len(speakers) // 2 :]),
        "about a month": Filter(about=month),
        "about a year": Filter(about=year),
        "from_or_about": Filter(from_or_about=month),
        "as_of": Filter().until(day),
    }
    return {name: condition for name, condition in made.items() if condition or name == "no filter"}


def _day_of_some(snapshot: Snapshot) -> date:
    """The middle of the days on which some hundred articles were published."""
    dossiers = snapshot.read(snapshot.find(most=_LOOKED_AT).ids).values()
    days = sorted(one.article.published.first_day for one in dossiers if one.article.published)
    return days[len(days) // 2] if days else date.min


def _said_by(speakers: Iterable[str]) -> Filter:
    """A filter by the first of some speakers that is a name or a role."""
    for speaker in speakers:
        try:
            return Filter(said_by=(speaker,))
        except QueryError:
            continue
    return Filter()
