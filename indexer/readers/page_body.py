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
from indexer.readers.markup import (
    Element,
    fragment_paragraphs,
    local_name,
    paragraphs_of,
    same_text,
    without_repeats,
)
from indexer.readers.page_dates import headline_at, is_date_line, lines_of
from search.errors import InputError

_NO_PROSE = frozenset(
    "script style noscript template iframe svg form button select input textarea nav footer figure figcaption "
    "picture video audio"
    " canvas object embed map dialog head math label option".split()
)
_CONTAINERS = frozenset(
    "div section aside article ul ol main table td span header center font body html tbody tr".split()
)
_ENDS = re.compile(r"[.!?:;…。！？।။۔؟:“”\"'»)\]’–—]\s*$")
_SENTENCE_END = re.compile(r"[.!?…。！？।။۔؟][\"'”’»)\]]*\s*$")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:related|recirc\w*|recommend\w*|read-?(?:more|next|also)|also-?read|most-?(?:read|popular|"
    r"viewed)|popular|trending|teasers?|promo\w*|newsletters?|subscri\w*|paywall"
    r"|signup|sign-up|share|sharing|social|comments?|disqus|widget|sidebar|ad|ads|advert\w*|banner|sponsor\w*|"
    r"outbrain|taboola|breadcrumbs?|tags?|taglist|author-?(?:bio|box|info)|cookie\w*|consent"
    r"|caption|credit|gallery|slideshow|carousel|more-?(?:stories|news|from|on)|latest|headlines|footer|nav|"
    r"menu|toolbar|print|hidden|sr-only|visually-hidden|screen-reader\w*|infobox|factbox|poll|quiz|player|"
    r"timeline-nav)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]|[^\W_]+")
_DIGITS = re.compile(r"\d+")
_SHINGLE = 4
_PROSE_WORDS = 10
_MAX_CARD_CHARS = 220
_MAX_CARD_LINES = 8
_MOST = 0.75  # of the prose, which a block must hold to be the text's
_LINKED = 0.6
_STATED_SHARE = 0.6  # of what is found, from which a stated text is not only its beginning
_PUNCTUATED = 0.6  # of the paragraphs, from which one without an end is something else
_MOST_LINES_OF_LEAD = 40
_MOST_LEADS = 3
_LEAST_LEAD_CHARS, _MOST_LEAD_CHARS = 60, 600
_FAR_LESS = 0.6
_AS_GOOD = 0.02
_SURE = 0.9
_DEEPEST = 200


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
    block = _main_block(root)
    other = _other_stories(block if block is not None else root)
    raw = _extracted(page, careful=True)
    found = {"careful": _prose(raw, other, headline, byline)}
    kinds: dict[str, str] = {}
    if block is not None:
        paragraphs, kinds = _block_paragraphs(block)
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
    known = {_key(paragraph) for paragraph in paragraphs}
    first = _key(paragraphs[0])
    lead: list[str] = []
    for line in lines[position + 1 : position + _MOST_LINES_OF_LEAD] if position is not None else []:
        key = _key(line.text)
        if key and (key in first or first in key):
            return lead if len(lead) <= _MOST_LEADS else []
        if (
            _LEAST_LEAD_CHARS <= len(line.text) <= _MOST_LEAD_CHARS
            and _SENTENCE_END.search(line.text)
            and key not in known
            and not (
                is_notice(line.text)
                or is_pointer(line.text)
                or is_date_line(line.text)
                or byline_of(line.text)
                or _is_one_link(line.element)
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
            kinds.get(_key(paragraph))
            for paragraph in found[surest]
            if len(_WORD.findall(paragraph)) >= _PROSE_WORDS
        } - {None}
        alike = _shingles([paragraph for paragraph in found["block"] if kinds.get(_key(paragraph)) in trusted])
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
    words = [word for paragraph in paragraphs for word in _WORD.findall(paragraph.casefold())]
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _remarks(chosen: str, found: dict[str, list[str]]) -> tuple[str, ...]:
    length = {name: sum(map(len, paragraphs)) for name, paragraphs in found.items()}
    if chosen == "careful" or length["careful"] >= _FAR_LESS * length[chosen]:
        return ()
    ways = {"usual": "less careful extraction", "trusting": "the least careful extraction", "block":
        "the block of the page with most of its prose",
            "stated": "the text that the page states of itself"}  # fmt: skip
    return (
        f"careful extraction found {length['careful']:,} of {length[chosen]:,} characters; {ways[chosen]} is "
        f"read instead.",
    )


def _extracted(page: str, *, careful: bool | None) -> list[str]:
    """What the library takes for the text: with much suspicion, with little, or (None) as it does by itself."""
    from trafilatura import bare_extraction

    try:
        document: Any = bare_extraction(
            page, with_metadata=False, include_comments=False, include_tables=False, include_images=False, include_links=False,
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
    """Paragraphs without what is none: labels, notices, pointers, other stories, the headline and the byline again."""
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
    return "another story" if _key(paragraph) in other else None


def left_out_of(page: str, root: Element, kept: Sequence[str]) -> list[tuple[str, str]]:
    """List what a page has beside the text that was kept, and why it is none of it, in the order of the page.

    Args:
        page: The page.
        root: The same, parsed.
        kept: The paragraphs that were kept.
    """
    block = _main_block(root)
    if block is None:
        return []
    other = _other_stories(block)
    known = {_key(paragraph) for paragraph in kept}
    careful = {_key(paragraph) for paragraph in _extracted(page, careful=True)}
    found = []
    for paragraph in dict.fromkeys(paragraphs_of(block)):
        if _key(paragraph) and _key(paragraph) not in known:
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
                or ("a heading or the end of the page" if _key(paragraph) in careful else "not in the text")
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
            or _SENTENCE_END.search(paragraphs[number])
            or not opens_list_of_stories(paragraphs[number])
        ):
            continue
        ended = sum(line.rstrip().endswith((".", "。")) for line in after)
        if max(map(len, after)) <= _MAX_CARD_CHARS and ended * 3 <= len(after):
            return paragraphs[:number]
    return paragraphs


def _is_leftover(paragraph: str, paragraphs: Sequence[str]) -> bool:
    """Whether the last line of a punctuated text is a heading of what came after it."""
    ended = sum(bool(_SENTENCE_END.search(one)) for one in paragraphs)
    return (
        not _SENTENCE_END.search(paragraph)
        and len(paragraph) <= 80
        and ended >= _PUNCTUATED * len(paragraphs)
        and len(paragraphs) > 3
        and not _ENDS.search(paragraph)
    )


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


# ---- the block of the page that holds most of its prose


def _main_block(root: Element) -> Element | None:
    """The smallest element that holds most of the page's prose; None on a page without prose."""
    weights: dict[Element, int] = {}
    _weigh(root, weights, 0)
    body = next((element for element in root.iter("body")), root)
    articles = [element for element in root.iter("article") if weights.get(element, 0) >= weights.get(body, 0) / 2]
    node = articles[0] if articles else body
    if not weights.get(node):
        return None
    while True:
        heavy = [
            child
            for child in node
            if isinstance(child.tag, str) and weights.get(child, 0) >= _MOST * weights[node]
        ]
        if not heavy or local_name(heavy[0]).lower() not in _CONTAINERS:
            return node
        node = heavy[0]


def _weigh(element: Element, weights: dict[Element, int], depth: int) -> int:
    """Note how many words of prose each element holds; those of links, menus and forms do not count."""
    name = local_name(element).lower()
    if not name or name in _NO_PROSE or depth > _DEEPEST or _is_unseen(element):
        return 0
    inner = 0
    inline: list[str] = [element.text or ""]
    linked = 0
    for child in element:
        tag = local_name(child).lower()
        if (
            tag
            and tag
            not in _CONTAINERS
            | {"p", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dd", "dt", "figure"}
            and tag not in _NO_PROSE
        ):
            words = "".join(child.itertext()) if tag != "br" else " "
            inline.append(words)
            linked += len(_WORD.findall(words)) if tag == "a" else 0
        else:
            inner += _weigh(child, weights, depth + 1)
        inline.append(child.tail or "")
    own = len(_WORD.findall(" ".join(inline)))
    if own >= _PROSE_WORDS and linked <= own / 3:
        inner += own
    if inner:
        weights[element] = inner
    return inner


def _is_unseen(element: Element) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_UNSEEN.search(element.get("style") or ""))
    )


def _block_paragraphs(block: Element) -> tuple[list[str], dict[str, str]]:
    """The paragraphs of a block without the smaller blocks in it that call themselves something else.

    Returns:
        The paragraphs, and by the key of each how it is set: its element and those around it, by name and class.
    """
    weights: dict[Element, int] = {}
    total = _weigh(block, weights, 0)
    left_out = {
        element
        for element in block.iter()
        if isinstance(element.tag, str) and element is not block
        and (_is_unseen(element) or (_calls_itself_aside(element) and weights.get(element, 0) * 4 <= total))
    }  # fmt: skip
    # A name that most of the text bears says nothing.
    named = sum(
        weights.get(element, 0)
        for element in left_out
        if not any(above in left_out for above in element.iterancestors())
    )
    if named * 3 > total:
        left_out = {element for element in left_out if _is_unseen(element)}
    copy = _without(block, left_out)
    kinds: dict[str, str] = {}
    for element in copy.iter():
        if isinstance(element.tag, str) and local_name(element).lower() in {
            "p",
            "div",
            "li",
            "blockquote",
            "section",
            "td",
            "span",
        }:
            lines = paragraphs_of(element)
            if len(lines) == 1:
                kinds[_key(lines[0])] = _kind_of(element, copy)
            elif local_name(element).lower() != "p" and not any(
                True for _ in element.iter("p", "div") if _ is not element
            ):
                kinds.update((_key(line), _kind_of(element, copy)) for line in lines)
    return paragraphs_of(copy), kinds


def _kind_of(element: Element, block: Element) -> str:
    """How a paragraph is set: names and classes of its element and the two around it, numbers aside."""
    named = []
    node = element
    while node is not None and node is not block and len(named) <= 2:  # noqa: PLR2004
        named.append(f"{local_name(node)}.{_DIGITS.sub('', node.get('class') or '')}")
        node = node.getparent()
    return "<".join(named)


def _calls_itself_aside(element: Element) -> bool:
    if local_name(element).lower() == "aside":
        return True
    return bool(_ASIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _without(block: Element, left_out: set[Element]) -> Element:
    """A copy of a block without these elements of it and all that holds no prose."""
    from copy import deepcopy

    marked = [(element, element.get("data-left-out")) for element in left_out]
    for element in left_out:
        element.set("data-left-out", "1")
    copy = deepcopy(block)
    for element, before in marked:
        if before is None:
            del element.attrib["data-left-out"]
    copy.tail = None
    for element in list(copy.iter()):
        if isinstance(element.tag, str) and (
            element.get("data-left-out") or local_name(element).lower() in _NO_PROSE
        ):
            parent = element.getparent()
            if parent is not None:
                _remove(parent, element)
    return copy


def _remove(parent: Element, element: Element) -> None:
    before = element.getprevious()
    tail = " " + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


# ---- other stories between the paragraphs


def _other_stories(block: Element) -> frozenset[str]:
    """The lines of other stories that stand between the paragraphs of a text, in the form of `_key`.

    They have no name that tells. In a text whose paragraphs end as sentences do, a block in it none of whose lines
    ends so, or a line that is one link, is no part of it. Subheadings, and lists that a sentence introduces, are.
    """
    lines = paragraphs_of(block)
    long = [line for line in lines if len(_WORD.findall(line)) >= _PROSE_WORDS]
    if not long or sum(bool(_SENTENCE_END.search(line)) for line in long) < _PUNCTUATED * len(long):
        return frozenset()
    found: set[str] = set()
    for element in block.iter():
        name = local_name(element).lower() if isinstance(element.tag, str) else ""
        if name in {"p", "li", "div", "h2", "h3", "h4", "h5", "span", "strong"} and _is_one_link(element):
            text = " ".join("".join(element.itertext()).split())
            if not _SENTENCE_END.search(text) and len(_WORD.findall(text)) > 2:  # noqa: PLR2004
                found.add(_key(text))
        if element is not block and name in {"div", "section", "aside", "ul", "table", "ol"}:
            found.update(map(_key, _card(element, name)))
    return frozenset(key for key in found if key)


def _card(element: Element, name: str) -> list[str]:
    """The lines of a block that is a card or a list of other stories; none if it is not."""
    lines = paragraphs_of(element)
    if (
        not lines
        or len(lines) > _MAX_CARD_LINES
        or any(_ENDS.search(line) or len(line) > _MAX_CARD_CHARS for line in lines)
    ):
        return []
    wordy = [line for line in lines if len(line.split()) >= 5]  # noqa: PLR2004 - a subheading is shorter
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    is_linked = linked >= _LINKED * sum(map(len, lines))
    headings = [
        local_name(child)
        for child in element.iter()
        if isinstance(child.tag, str) and re.fullmatch("h[1-6]", local_name(child).lower())
    ]
    if name in {"ul", "ol", "table"}:
        return lines if is_linked and len(wordy) * 2 >= len(lines) else []
    if is_linked and wordy:
        return lines
    return lines if len(wordy) > 1 and not headings and len(wordy) == len(lines) else []


def _is_one_link(element: Element) -> bool:
    text = "".join(element.itertext()).strip()
    if not text or any(True for _ in element.iter("p", "li", "div") if _ is not element):
        return False
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return linked >= 0.9 * len(text)
