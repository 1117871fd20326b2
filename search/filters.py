"""Which articles a question may be answered from."""

from dataclasses import dataclass
from datetime import date

from search.errors import QueryError


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on articles, all of which must hold; an empty condition lets every article through.

    Attributes:
        published_from: First calendar day, in the article's own zone. An article known only to the month or
            year passes when the whole of it lies inside; one without a publication time never does.
        published_to: Last calendar day, inclusive.
        sources: Publishers or agencies, any of them; letter case does not matter.
        sections: Desks or categories, any of them; letter case does not matter.
        languages: ISO 639-1 codes, any of them.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise QueryError(
                f"The filter begins on {self.published_from}, after it ends on {self.published_to}.",
                "Swap the two dates.",
            )

    def __bool__(self) -> bool:
        return self != Filter()
