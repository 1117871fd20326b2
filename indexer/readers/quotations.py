"""Pull quotes and those who said them, brought back together.

Layouts part a quotation from its attribution: the quotation is one paragraph, "The minister said:" another,
before it or (a pull quote) after it. A quotation must not lose its speaker, so both become one paragraph in
reading order: attribution, then quotation, word for word.

Which attribution belongs to which quotation is told from the run of paragraphs in which they alternate. A run
that begins with an attribution announces: each attribution goes with the quotation after it. A run that begins
with a quotation and ends with an attribution is of pull quotes: each attribution goes with the quotation before
it, provided that it names an act of saying. In a run that begins and ends with a quotation the colon announces,
and the first quotation stands alone.
"""

import re
from collections.abc import Sequence
from itertools import islice

from search.english.verbs import Nature, finite_forms, forms

_PAIRS = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "``": "''"}
_MAX_ATTRIBUTION_WORDS = 40
_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!St)(?<!Gen)(?<!Sen)(?<!Gov)(?<!Rep)(?<!Lt)[.!?]\s"
)
_SAID = sorted(finite_forms(Nature.INVERTS) | forms(Nature.QUOTES) | finite_forms(Nature.SURELY))
_SAYING = re.compile(
    rf"\b(?:{'|'.join(_SAID)}|writes|posted|testified|asserted|statement|post|interview|speech|remarks?|words"
    r"|according to)\b",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(?:—|–|―|--)\s*[^\W\d_]")
_MAX_SIGNATURE_WORDS = 15


def join_quotations(paragraphs: Sequence[str]) -> list[str]:
    """Join quotations and attributions that stand as neighbouring paragraphs; all others stay as they are."""
    joined: list[str] = []
    index = 0
    while index < len(paragraphs):
        run = _alternating_run(paragraphs, index)
        joined.extend(_join_run(run) if len(run) > 1 else run)
        index += len(run)
    return _with_signatures(joined)


def is_quotation(paragraph: str) -> bool:
    """Whether a paragraph is wholly one quotation."""
    for opening, closings in _PAIRS.items():
        if not paragraph.startswith(opening) or len(paragraph) < 2 * len(opening) + 2:
            continue
        for closing in closings if len(opening) == 1 else (closings,):
            if paragraph.endswith(closing):
                inside = paragraph[len(opening) : -len(closing)]
                if opening not in inside and closing not in inside:
                    return True
    return False


def is_attribution(paragraph: str) -> bool:
    """Whether a paragraph is a line that ends with a colon and can introduce a quotation."""
    if not paragraph.endswith((":", "：")) or is_quotation(paragraph):
        return False
    short = len(paragraph.split()) <= _MAX_ATTRIBUTION_WORDS
    return short and not _SENTENCE_END.search(paragraph) and not re.search(r'["“”«»]', paragraph)


def _alternating_run(paragraphs: Sequence[str], start: int) -> list[str]:
    run = [paragraphs[start]]
    kind = _kind(run[0])
    for paragraph in islice(paragraphs, start + 1, None):
        following = _kind(paragraph)
        if not kind or not following or following == kind:
            break
        run.append(paragraph)
        kind = following
    return run


def _kind(paragraph: str) -> str:
    if is_quotation(paragraph):
        return "quotation"
    return "attribution" if is_attribution(paragraph) else ""


def _join_run(run: list[str]) -> list[str]:
    if is_attribution(run[0]):
        paired = len(run) // 2 * 2
        return [
            *(f"{said} {quote}" for said, quote in zip(run[:paired:2], run[1:paired:2], strict=True)),
            *run[paired:],
        ]
    if is_quotation(run[-1]):
        return [run[0], *_join_run(run[1:])]
    pulled: list[str] = []
    for quote, said in zip(run[::2], run[1::2], strict=True):
        pulled.extend([f"{said} {quote}"] if _SAYING.search(said) else [quote, said])
    return pulled


def _with_signatures(paragraphs: Sequence[str]) -> list[str]:
    """Join a quotation and the signature under it: `"..."`, then `— A. Speaker`."""
    joined: list[str] = []
    for paragraph in paragraphs:
        signs = _SIGNATURE.match(paragraph) and len(paragraph.split()) <= _MAX_SIGNATURE_WORDS
        if joined and signs and not paragraph.endswith((".", "!", "?", ":")) and is_quotation(joined[-1]):
            joined[-1] = f"{joined[-1]} {paragraph}"
        else:
            joined.append(paragraph)
    return joined
