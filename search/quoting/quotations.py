"""Quotations in prose, Markdown or plain, and the references that stand by them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.article import Span
from search.english.quotations import quotations
from search.english.terms import UNSPACED
from search.quoting.citation_id import PATTERN
from search.quoting.verification import Claim, speakers_of
from search.statements import Speaker

LEAST_WORDS = 4
"""Words that a quotation must have to be a claim; fewer are names, titles and irony."""

_REACH = 2_000
_BLOCK_MARK = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_BLOCK_PARAGRAPH = re.compile(r"(?:^[ \t]*>[> \t]*[^\s>][^\n]*(?:\n|\Z))+", re.MULTILINE)
_ATTRIBUTION = re.compile(r"^[> \t]*(?:[—–―]|--)", re.MULTILINE)
_LINK_BEGUN = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\Z")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
"""What Markdown escapes: a mark that means itself behind a backslash."""
_EMPHASIS = "*_ \t\n"
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:['’][^\W{UNSPACED}]+)*")
_REFERENCE = re.compile(
    rf"\[(?P<start>[0-9]{{1,10}}):(?P<end>[0-9]{{1,10}})\] of (?P<article>\S[^\n]*)"
    rf"|[\[(<](?P<id>{PATTERN})[\])>]"
    rf"|/v1/citations/(?P<linked>{PATTERN})(?![\w.-])"
)


@dataclass(frozen=True, slots=True)
class Located:
    """A claim and where in an input it was read.

    Attributes:
        where: In words: `line 3`, `citations[0]`.
        claim: The claim.
        span: Where the quote stands in a text, whose line ends count as one code point; None in JSON.
        speaker: Who the text says it is by; None where it names nobody, and in JSON.
    """

    where: str
    claim: Claim
    span: Span | None = None
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be verified as given, where it stands, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimsRead:
    """What was read from an input.

    Attributes:
        claims: The claims, each with the place it was read from, in order.
        refused: What looked like a claim and is none, with the reason, in order.
        unchecked_words: How many words belong to no claim.
    """

    claims: tuple[Located, ...]
    refused: tuple[Refused, ...]
    unchecked_words: int


def read_quotations(text: str) -> ClaimsRead:
    """Read the quotations of a text, each with the first reference between it and the next one.

    One of fewer than `LEAST_WORDS` words is no claim; a quotation mark that is never closed is refused.

    Quotations stand in the marks of `search.english.quotations`, or in a block quote (lines that begin with
    `>`): each paragraph of it in which none stands in such marks is one, up to a reference or a line that
    begins with a dash. A reference is `[START:END] of ARTICLE_ID`, as the command line prints it, or a citation id
    in brackets or in the address of a link. Takes time proportional to the length of the text.
    """
    text = text.replace("\r\n", "\n")
    blocks = [paragraph.span() for paragraph in _BLOCK_PARAGRAPH.finditer(text)]
    text = _BLOCK_MARK.sub(lambda mark: " " * len(mark.group()), text)
    lines = _Lines(text)
    claimed: list[Span] = []
    refused = []
    for found in quotations(text):
        if isinstance(found, int):
            refused.append(
                Refused(lines.of(found), f"The quotation mark {text[found]} is not closed in its paragraph.")
            )
        elif count_words(found.of(text)) >= LEAST_WORDS:
            claimed.append(found)
    claimed = sorted([*claimed, *_block_quotes(text, blocks, claimed)], key=lambda span: span.start)
    claims: list[Located] = []
    unchecked = 0
    checked = 0
    for number, span in enumerate(claimed):
        unchecked += count_words(text[checked : span.start])
        beyond = claimed[number + 1].start if number + 1 < len(claimed) else len(text)
        reference = _REFERENCE.search(text, span.end, min(beyond, span.end + _REACH))
        claims.append(Located(lines.of(span.start), _claim(span.of(text), reference), span))
        checked = span.end
        if reference:
            unchecked += count_words(text[checked : reference.start()])
            article = claims[-1].claim.article_id
            checked = reference.start("article") + len(article) if article else reference.end()
    unchecked += count_words(text[checked:])
    speakers = speakers_of(text, claimed)
    named = (replace(one, speaker=speaker) for one, speaker in zip(claims, speakers, strict=True))
    return ClaimsRead(tuple(named), tuple(refused), unchecked)


def _block_quotes(text: str, blocks: Sequence[tuple[int, int]], marked: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs of block quotes of which no part is a claim already."""
    starts = [span.start for span in marked]
    for start, end in blocks:
        nearest = bisect_left(starts, end) - 1
        if nearest >= 0 and marked[nearest].end > start:
            continue
        inside = text[start:end]
        for beyond in (_REFERENCE, _LINK_BEGUN, _ATTRIBUTION):
            if cut := beyond.search(inside):
                inside = inside[: cut.start()]
        if count_words(inside) >= LEAST_WORDS:
            first = start + len(inside) - len(inside.lstrip(_EMPHASIS))
            yield Span(first, first + len(inside.strip(_EMPHASIS)))


def count_words(text: str) -> int:
    """Count words; of scripts written without spaces, characters."""
    return sum(1 for _ in _WORD.finditer(text))


class _Lines:
    """Numbers the lines of a text, for places that never go back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._place = 0

    def of(self, place: int) -> str:
        if place < self._place:
            self._line, self._place = 1, 0
        self._line += self._text.count("\n", self._place, place)
        self._place = place
        return f"line {self._line}"


def _claim(quote: str, reference: re.Match[str] | None) -> Claim:
    quote = _ESCAPED.sub(r"\1", quote)
    if reference is None:
        return Claim(quote)
    if article := reference["article"]:
        return Claim(quote, _article_id(article), start=int(reference["start"]), end=int(reference["end"]))
    return Claim(quote, citation_id=reference["id"] or reference["linked"])


def _article_id(rest_of_line: str) -> str:
    """Read the article id that a line goes on with: up to the score that the terminal shows, or one word."""
    before, score, _ = rest_of_line.partition(", score ")
    return before if score else rest_of_line.split(maxsplit=1)[0].rstrip(".,;:!?)]}>\"'”’»*_")
