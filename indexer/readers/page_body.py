"""The text of the article on a web page: nothing of other stories or of the publisher, and nothing lost.

The library's extraction at its most careful is what is read as a rule. It is measured against what else the page
shows of its text: the `articleBody` that it states, what the library finds with less suspicion, and the block of
the page that holds most of its prose. Where these agree on far more, the one of them that agrees best with the
rest is read, and that is remarked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.readers.furniture import (
    byline_of,
    is_count,
    is_end_matter,
    is_label,
    is_notice,
    is_pointer,
    opens_list_of_stories,
    without_sign_off,
)
from indexer.readers.main_block import (
    ENDS,
    MAX_CARD_CHARS,
    PROSE_WORDS,
    PUNCTUATED,
    SENTENCE_END,
    WORD,
    block_paragraphs,
    is_one_link,
    line_key,
    main_block,
    other_stories,
)
from indexer.readers.markup import (
    Element,
    fragment_paragraphs,
    paragraphs_of,
    same_text,
    without_repeats,
)
from indexer.readers.page_dates import is_date_line
from indexer.readers.page_lines import headline_at, lines_of
from search.errors import InputError

_SHINGLE = 4
_STATED_SHARE = 0.6  # of what is found, from which a stated text is not only its beginning
_MOST_LINES_OF_LEAD = 40
_MOST_LEADS = 3
_MAX_HEADING_CHARS = 80
_LEAST_LEAD_CHARS, _MOST_LEAD_CHARS = 60, 600
_FAR_LESS = 0.6
_AS_GOOD = 0.02
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class PageBody:
    """The text of a page.

    Attributes:
        paragraphs: Of the article, in order.
        opening: What stood before them and is none: bylines, dates.
        remarks: What there is to say of how they were found.
    """

    paragraphs: tuple[str, ...]
    opening: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def body_of(page: str, root: Element, stated: str | None, headline: str | None, byline: str | None) -> PageBody:
    """Find the text of the article on a page.

    Args:
        page: The page.
        root: The same, parsed; it is left as it is.
        stated: The text that the page states of itself (JSON-LD `articleBody`), if it does.
        headline: Its headline, which is not part of the text.
        byline: Its byline, neither.

    Raises:
        InputError: If the page cannot be read.
    """
    block = main_block(root)
    other = other_stories(block if block is not None else root)
    raw = _extracted(page, careful=True)
    found = {"careful": _prose(raw, other, headline, byline)}
    kinds: dict[str, str] = {}
    if block is not None:
        paragraphs, kinds = block_paragraphs(block)
        found["block"] = _prose(paragraphs, other, headline, byline)
    if stated:
        found["stated"] = _prose(_stated_paragraphs(stated), frozenset(), headline, byline)
    # What careful extraction found is as a rule what the block holds, too; then the other ways can add nothing.
    careful = _shingles(found["careful"])
    if block is None or any(_f1(careful, _shingles(paragraphs)) < _SURE for paragraphs in found.values()):
        found["usual"] = _prose(_extracted(page, careful=None), other, headline, byline)
        found["trusting"] = _prose(_extracted(page, careful=False), other, headline, byline)
    chosen = _choose(found, kinds)
    text = found[chosen]
    return PageBody((*_lead(root, headline, text), *text), tuple(raw[:4]), _remarks(chosen, found))


def _lead(root: Element, headline: str | None, paragraphs: Sequence[str]) -> list[str]:
    """The sentences between the headline and the text that extraction left out: a lead that is set apart."""
    if not paragraphs:
        return []
    lines = lines_of(root)
    position = headline_at(lines, headline)
    known = {line_key(paragraph) for paragraph in paragraphs}
    first = line_key(paragraphs[0])
    lead: list[str] = []
    for line in lines[position + 1 : position + _MOST_LINES_OF_LEAD] if position is not None else []:
        key = line_key(line.text)
        if key and (key in first or first in key):
            return lead if len(lead) <= _MOST_LEADS else []
        if (
            _LEAST_LEAD_CHARS <= len(line.text) <= _MOST_LEAD_CHARS
            and SENTENCE_END.search(line.text)
            and key not in known
            and not (
                is_notice(line.text)
                or is_pointer(line.text)
                or is_date_line(line.text)
                or byline_of(line.text)
                or is_one_link(line.element)
            )
        ):
            lead.append(line.text)
    return []


def _choose(found: dict[str, list[str]], kinds: dict[str, str]) -> str:
    """The way that agrees best with what the others find.

    Args:
        found: Paragraphs by the way in which they were found.
        kinds: By paragraph of the block, what its elements call themselves.
    """
    counted = {name: _shingles(paragraphs) for name, paragraphs in found.items()}
    sizes = {name: count.total() for name, count in counted.items()}
    if not any(sizes.values()):
        return "careful"
    stated, block = counted.get("stated", Counter()), counted.get("block", Counter())
    if "usual" not in found:
        return "careful"
    if stated.total() >= _STATED_SHARE * max(sizes["careful"], min(sizes["usual"], block.total()), 1):
        agreed = stated
    elif block:
        # What is set like the paragraphs that careful extraction found is of the same text.
        surest = "careful" if sizes["careful"] else "usual"
        trusted = {
            kinds.get(line_key(paragraph))
            for paragraph in found[surest]
            if len(WORD.findall(paragraph)) >= PROSE_WORDS
        } - {None}
        alike = _shingles([paragraph for paragraph in found["block"] if kinds.get(line_key(paragraph)) in trusted])
        agreed = alike | (block & counted["careful"]) | (counted["careful"] & counted["usual"])
    else:
        agreed = counted["careful"] if sizes["careful"] >= _FAR_LESS * sizes["usual"] else counted["usual"]
    if not agreed:
        return max(sizes, key=lambda name: sizes[name])
    scores = {name: _f1(count, agreed) for name, count in counted.items()}
    best = max(scores.values())
    # The order is that of trust: what is as good as the best comes from the most careful.
    order = [name for name in ("careful", "usual", "block", "trusting", "stated") if name in scores]
    return next(name for name in order if scores[name] >= best - _AS_GOOD)


def _f1(found: Counter[tuple[str, ...]], expected: Counter[tuple[str, ...]]) -> float:
    common = (found & expected).total()
    together = found.total() + expected.total()
    return 2 * common / together if together else 0.0


def _shingles(paragraphs: Sequence[str]) -> Counter[tuple[str, ...]]:
    words = [word for paragraph in paragraphs for word in WORD.findall(paragraph.casefold())]
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _remarks(chosen: str, found: dict[str, list[str]]) -> tuple[str, ...]:
    length = {name: sum(map(len, paragraphs)) for name, paragraphs in found.items()}
    if chosen == "careful" or length["careful"] >= _FAR_LESS * length[chosen]:
        return ()
    ways = {
        "usual": "less careful extraction",
        "trusting": "the least careful extraction",
        "block": "the block of the page with most of its prose",
        "stated": "the text that the page states of itself",
    }
    return (
        (
            f"careful extraction found {length['careful']:,} of {length[chosen]:,} characters; {ways[chosen]} is "
            f"read instead."
        ),
    )


def _extracted(page: str, *, careful: bool | None) -> list[str]:
    """What the library takes for the text: with much suspicion, with little, or (None) as it does by itself."""
    from trafilatura import bare_extraction

    try:
        document: Any = bare_extraction(
            page, with_metadata=False, include_comments=False, include_tables=False, include_images=False, include_links=False,  # noqa: E501
            favor_precision=careful is True, favor_recall=careful is False,
        )  # fmt: skip
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        # What trafilatura raises on pages that are badly malformed is not part of its contract.
        raise InputError(f"an HTML page that cannot be read: {error}.") from None
    body = getattr(document, "body", None)
    return [] if body is None else paragraphs_of(body, leave_out=frozenset({"graphic", "comments"}))


def _stated_paragraphs(stated: str) -> list[str]:
    if re.search(r"<(?:p|br|div)\b", stated, re.IGNORECASE):
        return fragment_paragraphs(stated)
    lines = [" ".join(line.split()) for line in re.split(r"\n+", stated)]
    return [line for line in lines if line]


def _prose(
    paragraphs: Iterable[str], other: frozenset[str], headline: str | None, byline: str | None
) -> list[str]:
    """Paragraphs without what is none: labels, notices, pointers, other stories, the headline and the byline again."""  # noqa: E501
    kept = [paragraph for paragraph in _without_end_matter(list(paragraphs)) if _why_not(paragraph, other) is None]
    kept = without_repeats(kept, headline, byline)
    while kept and (byline_of(kept[0]) or is_date_line(kept[0])):
        kept.pop(0)
    kept = [paragraph for paragraph in kept if not same_text(paragraph, headline or "")]
    while kept and (is_end_matter(kept[-1]) or _is_leftover(kept[-1], kept)):
        kept.pop()
    return without_sign_off(kept) if kept else []


def _why_not(paragraph: str, other: frozenset[str]) -> str | None:
    """What a paragraph is that is no prose of the article; None if it may be."""
    for judge, kind in (
        (is_label, "a label"),
        (is_count, "a count"),
        (is_pointer, "points to another story"),
        (is_notice, "a notice to readers"),
    ):
        if judge(paragraph):
            return kind
    return "another story" if line_key(paragraph) in other else None


def left_out_of(page: str, root: Element, kept: Sequence[str]) -> list[tuple[str, str]]:
    """List what a page has beside the text that was kept, and why it is none of it, in the order of the page.

    Args:
        page: The page.
        root: The same, parsed.
        kept: The paragraphs that were kept.
    """
    block = main_block(root)
    if block is None:
        return []
    other = other_stories(block)
    known = {line_key(paragraph) for paragraph in kept}
    careful = {line_key(paragraph) for paragraph in _extracted(page, careful=True)}
    found = []
    for paragraph in dict.fromkeys(paragraphs_of(block)):
        if line_key(paragraph) and line_key(paragraph) not in known:
            beside = (
                "end matter"
                if is_end_matter(paragraph)
                else "a date or a byline"
                if is_date_line(paragraph) or byline_of(paragraph)
                else None
            )
            reason = (
                _why_not(paragraph, other)
                or beside
                or ("a heading or the end of the page" if line_key(paragraph) in careful else "not in the text")
            )
            found.append((reason, paragraph))
    return found


def _without_end_matter(paragraphs: list[str]) -> list[str]:
    """Paragraphs without the list of other stories at their end, which a line such as "More from ..." opens."""
    for number in range(len(paragraphs) // 2, len(paragraphs)):
        after = paragraphs[number + 1 :]
        if (
            not after
            or len(after) > _MOST_LINES_OF_LEAD
            or SENTENCE_END.search(paragraphs[number])
            or not opens_list_of_stories(paragraphs[number])
        ):
            continue
        ended = sum(line.rstrip().endswith((".", "。")) for line in after)
        if max(map(len, after)) <= MAX_CARD_CHARS and ended * 3 <= len(after):
            return paragraphs[:number]
    return paragraphs


def _is_leftover(paragraph: str, paragraphs: Sequence[str]) -> bool:
    """Whether the last line of a punctuated text is a heading of what came after it."""
    ended = sum(bool(SENTENCE_END.search(one)) for one in paragraphs)
    return (
        not SENTENCE_END.search(paragraph)
        and len(paragraph) <= _MAX_HEADING_CHARS
        and ended >= PUNCTUATED * len(paragraphs)
        and len(paragraphs) > _MOST_LEADS
        and not ENDS.search(paragraph)
    )
