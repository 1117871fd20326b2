"""Quotations in prose, Markdown or plain, and the references that stand by them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.article import Span
from search.citation_id import PATTERN
from search.verification import Claim
from search.words import UNSPACED

LEAST_WORDS = 4
"""Words that a quotation must have to be a claim; fewer are names, titles and irony."""

_REACH = 2_000
_CLOSERS = {
    mark: re.compile(closer)
    for mark, closer in {
        '"': r'(?<!\s)"(?!\w)',
        "“": "”",
        "„": "[“”]",
        "«": "»",
        "»": "«",
        "‘": r"’(?!\w)",
        "'": r"(?<=[\w.,!?…])'(?!\w)",
        "「": "」",
        "『": "』",
        "``": "''",
    }.items()
}
_LEFT_OPEN = frozenset({"“", "„", "«", "「", "『"})
_OPENER = re.compile(r"""(?<!\w)(?:(?:["“„»‘「『]|``)(?=\S)|«(?=\s?\S)|'(?=[^\W\d_]))""")
_MAYBE_APOSTROPHES = frozenset({"‘", "'"})
_SPACE = re.compile(r"\s*")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_BLOCK_QUOTE = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_BLOCK = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_SAID_BY = re.compile(r"^\s*(?:[-—–*\[(]|/v1/)", re.MULTILINE)
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:['’][^\W{UNSPACED}]+)*")
_REFERENCE = re.compile(
    rf"\[(?P<start>[0-9]{{1,10}}):(?P<end>[0-9]{{1,10}})\] of (?P<article>\S[^\n]*)"
    rf"|[\[(<](?P<id>{PATTERN})[\])>]"
    rf"|/v1/citations/(?P<linked>{PATTERN})(?![\w.-])"
)


@dataclass(frozen=True, slots=True)
class Located:
    """A claim and where in an input it was read: `line 3`, `citations[0]`."""

    where: str
    claim: Claim


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

    Quotation marks are straight and curly ones, double and single, guillemets and corner brackets. A paragraph of
    a Markdown block quote without them is a quotation itself, up to a line that begins with a dash. A reference is
    `[START:END] of ARTICLE_ID`, as the command line prints it, or a citation id in brackets or in the address of a
    link. Takes time proportional to the length of the text.
    """
    text = text.replace("\r\n", "\n")
    blocks = [block.span() for block in _BLOCK.finditer(text)]
    text = _BLOCK_QUOTE.sub(lambda mark: " " * len(mark.group()), text)
    lines = _Lines(text)
    quotations: list[Span] = []
    refused = []
    for found in _marked(text):
        if isinstance(found, int):
            refused.append(
                Refused(lines.of(found), f"The quotation mark {text[found]} is not closed in its paragraph.")
            )
        elif count_words(found.of(text)) >= LEAST_WORDS:
            quotations.append(found)
    quotations = sorted([*quotations, *_unmarked(text, blocks, quotations)], key=lambda span: span.start)
    claims = []
    unchecked = 0
    checked = 0
    for number, span in enumerate(quotations):
        unchecked += count_words(text[checked : span.start])
        beyond = quotations[number + 1].start if number + 1 < len(quotations) else len(text)
        reference = _REFERENCE.search(text, span.end, min(beyond, span.end + _REACH))
        claims.append(Located(lines.of(span.start), _claim(span.of(text), reference)))
        checked = span.end
        if reference:
            unchecked += count_words(text[checked : reference.start()])
            article = claims[-1].claim.article_id
            checked = reference.start("article") + len(article) if article else reference.end()
    return ClaimsRead(tuple(claims), tuple(refused), unchecked + count_words(text[checked:]))


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


def _marked(text: str) -> Iterator[Span | int]:
    """Yield what stands between quotation marks, outermost only, and the place of each mark that is not closed."""
    for paragraph in _PARAGRAPH.finditer(text):
        place, end = paragraph.span()
        unclosed: set[str] = set()
        while opener := _OPENER.search(text, place, end):
            mark, place = opener.group(), opener.end()
            if mark in unclosed:
                continue
            if closer := _CLOSERS[mark].search(text, place, end):
                yield from _unless_empty(text, place, closer.start())
                place = closer.end()
            elif mark in _LEFT_OPEN and text.startswith(mark, _space_after(text, end)):
                # Each paragraph of a longer quotation is opened, the last one alone is closed.
                yield from _unless_empty(text, place, end)
                place = end
            else:
                unclosed.add(mark)
                if mark not in _MAYBE_APOSTROPHES:
                    yield opener.start()


def _unmarked(text: str, blocks: Iterable[tuple[int, int]], marked: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs of block quotes that have no quotation of their own."""
    starts = [span.start for span in marked]
    for begin, stop in blocks:
        for paragraph in _PARAGRAPH.finditer(text, begin, stop):
            start, end = paragraph.span()
            if said_by := _SAID_BY.search(text, start, end):
                end = said_by.start()
            first = bisect_left(starts, start)
            has_own = first < len(starts) and starts[first] < end
            if not has_own and count_words(text[start:end]) >= LEAST_WORDS:
                yield from _unless_empty(text, start, end)


def _unless_empty(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands between two places, without white space around it, if anything does."""
    inside = text[start:end]
    if bare := inside.strip():
        start += len(inside) - len(inside.lstrip())
        yield Span(start, start + len(bare))


def _space_after(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _claim(quote: str, reference: re.Match[str] | None) -> Claim:
    if reference is None:
        return Claim(quote)
    if article := reference["article"]:
        return Claim(quote, _article_id(article), start=int(reference["start"]), end=int(reference["end"]))
    return Claim(quote, citation_id=reference["id"] or reference["linked"])


def _article_id(rest_of_line: str) -> str:
    """Read the article id that a line goes on with: up to the score that the terminal shows, or one word."""
    before, score, _ = rest_of_line.partition(", score ")
    return before if score else rest_of_line.split(maxsplit=1)[0].rstrip(".,;:!?)]}>\"'”’»*_")
