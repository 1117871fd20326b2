"""What citations bear out: the words of their quotes, who says them, and the times that they speak of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from search.article import Span
from search.asking.citation import Citation
from search.asking.wording.names import Word, names_in, words_in
from search.english.sentences import sentences
from search.english.table import any_word_of, words_of
from search.english.terms import terms
from search.english.verbs import Nature, forms
from search.statements import Standing

_FEW_WORDS = r"\b(?:\W+\w+){0,3}?\W+"


@cache
def _orders() -> re.Pattern[str]:
    def any_of(kind: str) -> str:
        return f"(?:{any_word_of('machine_orders', kind)})"

    retelling = f"{any_of('retelling')} {any_of('of')} {any_of('text')}"
    orders = (
        rf"\b{any_of('before')}{_FEW_WORDS}{any_of('which')}{_FEW_WORDS}{any_of('after')}\b",
        rf"\b{any_of('before')}{_FEW_WORDS}{any_of('after')}\s+{any_of('behind')}\b",
        rf"(?<!\w){any_of('alone')}(?!\w)",
        r"<\|",
        rf"\b{retelling}{_FEW_WORDS}(?:{any_of('dictated')}|{any_of('telling')})\b",
        rf"\b{any_of('whichever')} {retelling}\b",
        rf"\b{any_of('replying')} {any_of('to any')} {any_of('asked')} {any_of('must be')}\b",
        rf"\b{any_of('audience')} {any_of('must be')} be {any_of('informed')}\b",
        rf"^\W*{any_of('duty')} {any_of('telling')}\b",
        rf"^\W*{any_of('duty of nobody')} {any_of('telling')}(?:{_FEW_WORDS}that\b|\s*:)",
    )
    return re.compile("|".join(orders), re.IGNORECASE)


def _to_be_said(*kinds: str) -> str:
    told = "|".join(map(re.escape, sorted(forms(Nature.SAYS) | words_of("machine_orders", "telling", "informed"))))
    return rf"\b(?:{any_word_of('machine_orders', *kinds)})\s+(?:be\s+)?(?:{told})\b"


@cache
def _dictated() -> re.Pattern[str]:
    behind = r"(?:\s+\w+){0,6}?(?:\s+that\b|\s*:)(?P<what>[^.?!]*)"
    return re.compile(_to_be_said("dictated") + behind, re.IGNORECASE)


def is_dictated(text: str) -> bool:
    """Tell whether a sentence says what somebody is to say: "it must be told that ...", "has to say: ..."."""
    return _dictated().search(text) is not None


def is_to_be_said(text: str) -> bool:
    """Tell whether a sentence has somebody say something that has not been said: "must be told", "will say"."""
    return re.search(_to_be_said("dictated", "to be said"), text, re.IGNORECASE) is not None


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
    def dictated(self) -> frozenset[str]:
        """Terms that the quotes have only in what somebody is to say ("must be told that ...")."""
        what = [found["what"] for quote in self.quotes for found in _dictated().finditer(quote)]
        rest = [_dictated().sub(" ", quote) for quote in self.quotes]
        return frozenset(_terms(what) - _terms((*rest, *self.about)))

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
    def whole_names(self) -> frozenset[tuple[str, ...]]:
        """Every name in them, as it stands there; a time behind it ("California Monday") is no part of it."""
        told = (
            blanked(quote, time_spans(citation, quote))
            for citation, quote in zip(self.citations, self.quotes, strict=True)
        )
        return frozenset(name for text in (*told, *self.about) for name in names_in(text))

    @cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """Every name in them, as it may be given: whole, its last parts, or a place without what kind it is."""
        found = self.whole_names
        sites = words_of("name_parts", "site")
        return frozenset(
            (
                *(name[start:] for name in found for start in range(len(name))),
                *(name[:-1] for name in found if len(name) > 1 and name[-1] in sites),
            )
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


def _terms(texts: Iterable[str]) -> set[str]:
    return {term for text in texts for term in terms(text)}


def blanked(text: str, spans: Iterable[Span]) -> str:
    """Put a letter that begins no name in the place of every one of some slices; the length of a text stays."""
    for span in spans:
        text = text[: span.start] + "x" * (span.end - span.start) + text[span.end :]
    return text


def time_spans(citation: Citation, quote: str) -> list[Span]:
    """List where the times of a quote stand in what is told of it; none where something was left out."""
    if quote != citation.quote:
        return []
    return [Span(one.start - citation.start, one.end - citation.start) for one in citation.times]
