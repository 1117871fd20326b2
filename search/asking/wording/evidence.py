"""What citations bear out: the words of their quotes, who says them, and the times that they speak of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from search.article import Span
from search.asking.citation import Citation
from search.asking.wording.names import Word, names_in, words_in
from search.english.sentences import sentences
from search.english.table import any_word_of
from search.statements import Standing

_FEW_WORDS = r"\b(?:\W+\w+){0,3}?\W+"


@cache
def _orders() -> re.Pattern[str]:
    before, which, after, behind, alone = (
        f"(?:{any_word_of('machine_orders', kind)})" for kind in ("before", "which", "after", "behind", "alone")
    )
    return re.compile(
        rf"\b{before}{_FEW_WORDS}(?:{which}{_FEW_WORDS}{after}\b|{after}\s+{behind}\b)|(?<!\w){alone}(?!\w)|<\|",
        re.IGNORECASE,
    )


def telling(quote: str) -> str:
    """Leave out of a quote the sentences that address a program that reads it; what is left may be empty."""
    told = [sentence.of(quote) for sentence in sentences(quote)]
    kept = [one for one in told if not _orders().search(" ".join(one.split()))]
    return quote if len(kept) == len(told) else " ".join(kept)


@dataclass(frozen=True)
class Evidence:
    """The citations that a sentence rests on.

    Attributes:
        citations: At least one.
    """

    citations: Sequence[Citation]

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """What is told in each quote, without orders to programs."""
        return tuple(telling(citation.quote) for citation in self.citations)

    @cached_property
    def about(self) -> tuple[str, ...]:
        """Who says it, and what they are."""
        told = (part for citation in self.citations for one in self.speakers_of(citation) for part in one)
        return tuple(part for part in told if part)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Every word of the quotes and of their speakers."""
        return tuple(word for text in (*self.quotes, *self.about) for word in words_in(text))

    @cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """Every name in them, as it may be given: whole, or its last parts."""
        return frozenset(
            name[start:]
            for text in (*self.quotes, *self.about)
            for name in names_in(text)
            for start in range(len(name))
        )

    @property
    def standings(self) -> frozenset[Standing]:
        """How what is told is put forward."""
        stated = (
            part.standing
            for citation in self.citations
            for one in citation.statements
            for part in (one, *one.parts)
        )
        return frozenset((*(one.standing for one in self.citations if one.standing), *stated))

    @staticmethod
    def speakers_of(citation: Citation) -> list[tuple[str, str | None]]:
        """List who says something in a quote, by name and role; the first of them says what answers."""
        stated = [speaker for one in citation.statements for speaker in one.speakers]
        speakers = [citation.speaker, *stated] if citation.speaker else stated
        return list(dict.fromkeys((one.name, one.role) for one in speakers))


def time_spans(citation: Citation, quote: str) -> list[Span]:
    """List where the times of a quote stand in what is told of it; none where something was left out."""
    if quote != citation.quote:
        return []
    return [Span(one.start - citation.start, one.end - citation.start) for one in citation.times]
