"""The block of a web page that holds most of its prose, and the other stories that stand between its paragraphs.

Names of classes say little: a block is known by how many words of prose it holds, another story by standing in a
block of its own none of whose lines ends as sentences do.
"""

import re
from copy import deepcopy

from indexer.readers.markup import Element, local_name, paragraphs_of

_NO_PROSE = frozenset(
    "script style noscript template iframe svg form button select input textarea nav footer figure figcaption "
    "picture video audio"
    " canvas object embed map dialog head math label option".split()
)
_CONTAINERS = frozenset(
    "div section aside article ul ol main table td span header center font body html tbody tr".split()
)
ENDS = re.compile(r"[.!?:;…。！？।။۔؟:“”\"'»)\]’–—]\s*$")
SENTENCE_END = re.compile(r"[.!?…。！？।။۔؟][\"'”’»)\]]*\s*$")
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
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]|[^\W_]+")
_DIGITS = re.compile(r"\d+")
PROSE_WORDS = 10
MAX_CARD_CHARS = 220
_MAX_CARD_LINES = 8
_MOST = 0.75  # of the prose, which a block must hold to be the text's
_LINKED = 0.6
PUNCTUATED = 0.6  # of the paragraphs, from which one without an end is something else
_DEEPEST = 200


def line_key(text: str) -> str:
    """A line in the form in which it is compared with others: words only, case folded."""
    return re.sub(r"\W+", " ", text).strip().casefold()


def main_block(root: Element) -> Element | None:
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
            linked += len(WORD.findall(words)) if tag == "a" else 0
        else:
            inner += _weigh(child, weights, depth + 1)
        inline.append(child.tail or "")
    own = len(WORD.findall(" ".join(inline)))
    if own >= PROSE_WORDS and linked <= own / 3:
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


def block_paragraphs(block: Element) -> tuple[list[str], dict[str, str]]:
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
                kinds[line_key(lines[0])] = _kind_of(element, copy)
            elif local_name(element).lower() != "p" and not any(
                True for _ in element.iter("p", "div") if _ is not element
            ):
                kinds.update((line_key(line), _kind_of(element, copy)) for line in lines)
    return paragraphs_of(copy), kinds


def _kind_of(element: Element, block: Element) -> str:
    """How a paragraph is set: names and classes of its element and the two around it, numbers aside."""
    named: list[str] = []
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


def other_stories(block: Element) -> frozenset[str]:
    """The lines of other stories that stand between the paragraphs of a text, in the form of `line_key`.

    They have no name that tells. In a text whose paragraphs end as sentences do, a block in it none of whose lines
    ends so, or a line that is one link, is no part of it. Subheadings, and lists that a sentence introduces, are.
    """
    lines = paragraphs_of(block)
    long = [line for line in lines if len(WORD.findall(line)) >= PROSE_WORDS]
    if not long or sum(bool(SENTENCE_END.search(line)) for line in long) < PUNCTUATED * len(long):
        return frozenset()
    found: set[str] = set()
    for element in block.iter():
        name = local_name(element).lower() if isinstance(element.tag, str) else ""
        if name in {"p", "li", "div", "h2", "h3", "h4", "h5", "span", "strong"} and is_one_link(element):
            text = " ".join("".join(element.itertext()).split())
            if not SENTENCE_END.search(text) and len(WORD.findall(text)) > 2:  # noqa: PLR2004
                found.add(line_key(text))
        if element is not block and name in {"div", "section", "aside", "ul", "table", "ol"}:
            found.update(map(line_key, _card(element, name)))
    return frozenset(key for key in found if key)


def _card(element: Element, name: str) -> list[str]:
    """The lines of a block that is a card or a list of other stories; none if it is not."""
    lines = paragraphs_of(element)
    if (
        not lines
        or len(lines) > _MAX_CARD_LINES
        or any(ENDS.search(line) or len(line) > MAX_CARD_CHARS for line in lines)
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


def is_one_link(element: Element) -> bool:
    """Whether all that an element says is a link."""
    text = "".join(element.itertext()).strip()
    if not text or any(True for _ in element.iter("p", "li", "div") if _ is not element):
        return False
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return linked >= 0.9 * len(text)
