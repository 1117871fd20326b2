"""Scopes: what of an archive somebody may see. Whatever lies outside is as if it were not stored."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen of an archive: whole articles.

    Attributes:
        sources: Publishers or agencies, as `str.casefold` has their names; None for all articles, those without a
            source among them. None of the sources named is stored: nothing is seen.
        embargoed: Whether articles are seen whose embargo is not over.
    """

    sources: frozenset[str] | None = None
    embargoed: bool = False

    @classmethod
    def of(cls, *sources: str, embargoed: bool = False) -> Self:
        """The articles of some sources, given in any letter case."""
        return cls(frozenset(source.casefold() for source in sources), embargoed)

    @property
    def name(self) -> str:
        """Names it: equal scopes, equal names."""
        return repr((sorted(self.sources) if self.sources is not None else None, self.embargoed))

    def holds(self, source: str | None) -> bool:
        """Tell whether the articles of a source, None for those without one, lie inside."""
        return self.sources is None or (source is not None and source.casefold() in self.sources)


EVERYTHING = Scope(embargoed=True)
"""All that is stored: what care of the archive needs, and nobody who asks it."""

PUBLISHED = Scope()
"""All but what is under embargo: what is seen unless a scope says otherwise."""
