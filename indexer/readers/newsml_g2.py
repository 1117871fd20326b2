"""NewsML-G2 (IPTC): a newsMessage with items, or one newsItem."""

from collections.abc import Iterator

from indexer.published import StatedDate
from indexer.readers.clearance import (
    embargo_of,
    kind_without_text,
    prohibited_in,
    refusal_of,
    require_finding_allowed,
    require_mining_allowed,
)
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, Skipped
from indexer.readers.draft import Draft, correction_of, finish
from indexer.readers.furniture import byline_of, without_sign_off
from indexer.readers.markup import (
    Element,
    children,
    descend,
    find_all,
    fragment_paragraphs,
    local_name,
    looks_like_html,
    names_of,
    paragraphs_of,
    parse_xml,
    text_of,
    xml_root_of,
)
from indexer.readers.nitf import draft_of_nitf, opened_with_furniture
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

_ROOTS = frozenset({"newsMessage", "newsItem", "packageItem", "planningItem", "conceptItem", "knowledgeItem"})
_NOT_NEWS = {
    "packageItem": "a package of references to other items",
    "planningItem": "a planning item",
    "conceptItem": "a concept",
    "knowledgeItem": "a list of concepts",
    "catalogItem": "a catalogue",
}
_IN_PLACE_OF = frozenset({"evolvedfrom", "replaces", "supersedes", "corrects", "previousversion"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class NewsMlG2Reader:
    """Reads NewsML-G2 files, one article for each news item with text."""

    name = "NewsML-G2"

    def recognises(self, content: Content) -> bool:
        """An XML file with one of the standard's root elements."""
        return xml_root_of(content.head_text) in _ROOTS

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article for each news item."""
        root = parse_xml(content.read_all(), options.encoding)
        message = descend(root, "header")
        items = [root] if local_name(root) != "newsMessage" else [
            item for item_set in children(root, "itemSet") for item in children(item_set, "newsItem", *_NOT_NEWS)
        ]  # fmt: skip
        if not items:
            raise InputError("a news message without items.")
        for number, item in enumerate(items, start=1):
            origin = f"{content.origin}#{number}" if len(items) > 1 else content.origin
            try:
                yield finish(draft_of_item(item, message, options), origin, options)
            except InputError as error:
                yield Skipped(origin, str(error))


def draft_of_item(item: Element, message: Element | None, options: ReadOptions) -> Draft:
    """Read one item.

    Published is, in this order: `versionCreated` (when this version, whose text this is, was issued),
    `contentModified`, `contentCreated`, `firstCreated`, and the `sent` of the message.

    Args:
        item: The item's element.
        message: The `header` of the message around it, or None.
        options: For the embargo.

    An item that is cancelled or withheld makes a draft without a text, which withdraws it.

    Raises:
        InputError: If the item is no text, is under embargo, or its text is elsewhere.
    """
    kind = _NOT_NEWS.get(local_name(item))
    item_meta, content_meta = descend(item, "itemMeta"), descend(item, "contentMeta")
    kind = kind or kind_without_text(_code(descend(item_meta, "itemClass")))
    if kind:
        raise InputError(f"no text: {kind}.")
    published = (
        StatedDate(text_of(descend(item_meta, "versionCreated")), "NewsML-G2 versionCreated"),
        StatedDate(text_of(descend(content_meta, "contentModified")), "NewsML-G2 contentModified"),
        StatedDate(text_of(descend(content_meta, "contentCreated")), "NewsML-G2 contentCreated"),
        StatedDate(text_of(descend(item_meta, "firstCreated")), "NewsML-G2 firstCreated"),
        StatedDate(text_of(descend(message, "sent")), "NewsML-G2 sent"),
    )
    note = _editors_note(item_meta)
    if refused := refusal_of(_code(descend(item_meta, "pubStatus"))):
        return Draft(
            body="",
            id=item.get("guid"),
            published=published,
            version=item.get("version"),
            editors_note=note,
            refused=refused,
        )
    embargo = embargo_of(text_of(descend(item_meta, "embargoed")), options)
    rights = children(item, "rightsInfo")
    for stated in rights:
        _require_cleared(stated)
    inner, paragraphs = _content(item, options)
    headlines = [element for element in children(content_meta, "headline") if text_of(element)]
    main = [element for element in headlines if "sub" not in (element.get("role") or "").lower()]
    headline = text_of((main or headlines or [None])[0]) or (inner.headline if inner else None) or ""
    byline = ", ".join(text for element in children(content_meta, "by") if (text := names_of(element))) or None
    body = opened_with_furniture(paragraphs, headline, byline)
    if not body:
        raise InputError("no text: its content is empty.")
    opening = dateline_of(body[0])
    printed = text_of(descend(content_meta, "dateline"))
    described = dateline_of(f"{printed} ") if printed else None
    dateline = described.line if described else printed.strip(" -–—")
    return Draft(
        id=item.get("guid"),
        headline=headline,
        is_headline_sure=True,
        body=join_quotations(without_sign_off(body)),
        standfirst=_standfirst(content_meta, headlines, main) or (inner.standfirst if inner else None),
        byline=(byline_of(byline) or byline) if byline else _byline(paragraphs, inner),
        dateline=(dateline if dateline and not dateline[0].isdigit() else None)
        or (opening.line if opening else inner.dateline if inner else None),
        source=_source(item_meta, content_meta, item) or text_of(descend(message, "sender")) or None,
        url=_url(item_meta),
        language=_language(item, content_meta),
        section=_section(content_meta),
        published=published,
        version=item.get("version"),
        supersedes=_supersedes(item_meta),
        notice=correction_of(_correction(item_meta, note)),
        editors_note=note,
        embargo=embargo,
        rights=next(
            (
                text
                for name in ("usageTerms", "copyrightNotice")
                for stated in rights
                if (text := text_of(descend(stated, name)))
            ),
            None,
        ),
    )


def _require_cleared(rights: Element) -> None:
    """Refuse an item whose rights exclude finding things in it, by a code or by an expression (ODRL)."""
    for mining in find_all(rights, "dataMining"):
        require_mining_allowed(mining.get("uri") or mining.get("href") or _code(mining))
    for rule in find_all(rights, "prohibition"):
        require_finding_allowed(
            str(action.get("name") or action.get("id") or text_of(action)) for action in find_all(rule, "action")
        )
    for expression in find_all(rights, "rightsExpressionData"):
        require_finding_allowed(prohibited_in(text_of(expression)))


def _editors_note(item_meta: Element | None) -> str:
    """The first note to editors, those between the desks left out."""
    notes = children(item_meta, "edNote")
    shown = [note for note in notes if "private" not in f"{note.get('role')} {note.get('pubconstraint')}"]
    return next((text for note in shown if (text := text_of(note))), "")


def _correction(item_meta: Element | None, note: str) -> str | None:
    """What a signal of a correction (`sig:correction`) stands for: the note to editors, or the signal itself."""
    for signal in children(item_meta, "signal"):
        code = (_code(signal) or "").rpartition(":")[2]
        if "correct" in code.lower():
            return note or code
    return None


def _supersedes(item_meta: Element | None) -> str | None:
    """The item that this one evolved from or replaces: a link of that relation (IPTC `irel`)."""
    for link in children(item_meta, "link"):
        if (link.get("rel") or "").rpartition(":")[2].lower() in _IN_PLACE_OF:
            named = link.get("residref") or link.get("href")
            return str(named) if named else None
    return None


def _content(item: Element, options: ReadOptions) -> tuple[Draft | None, list[str]]:
    """The first inline content that has text: as a draft when it is NITF, and its paragraphs."""
    content_set = descend(item, "contentSet")
    for inline in children(content_set, "inlineXML", "inlineData"):
        nitf = next(iter(find_all(inline, "nitf")), None)
        if nitf is not None:
            draft = draft_of_nitf(nitf, options)
            return draft, [draft.body] if isinstance(draft.body, str) else list(draft.body)
        page = _main_section(next(iter(find_all(inline, "body", "body.content")), inline))
        is_text = len(page) == 0 and page.text
        if is_text and looks_like_html(page.text):
            paragraphs = fragment_paragraphs(page.text)
        elif is_text:
            paragraphs = [" ".join(part.split()) for part in page.text.replace("\r\n", "\n").split("\n\n")]
        else:
            paragraphs = paragraphs_of(page)
        if any(paragraphs):
            return None, [paragraph for paragraph in paragraphs if paragraph]
    if children(content_set, "remoteContent"):
        raise InputError("no text: its content is in other files.")
    raise InputError("no text: its content is empty.")


def _main_section(body: Element) -> Element:
    """The part of a body that calls itself main, if there is one: slug lines and links stand in others."""
    sections = [
        section
        for section in children(body, "section", "main")
        if "main" in (section.get("class") or "main").split()
    ]
    return sections[0] if len(sections) == 1 else body


def _byline(paragraphs: list[str], inner: Draft | None) -> str | None:
    return (inner.byline if inner else None) or (byline_of(paragraphs[0]) if paragraphs else None)


def _standfirst(content_meta: Element | None, headlines: list[Element], main: list[Element]) -> str | None:
    for description in children(content_meta, "description"):
        role = (description.get("role") or "").lower()
        if "caption" not in role and text_of(description):
            return text_of(description)
    subordinate = [text_of(element) for element in headlines if element not in main]
    return subordinate[0] if subordinate and main else None


def _source(item_meta: Element | None, content_meta: Element | None, item: Element) -> str | None:
    """The provider by name; codes such as `nprov:REUTERS` without their scheme."""
    named = (
        text_of(descend(content_meta, "creditline")).strip("–- /"),
        *(_name(element) for element in children(content_meta, "infoSource")),
        _name(descend(item_meta, "provider")),
        _name(descend(item, "rightsInfo", "copyrightHolder")),
    )
    return next((name for name in named if name), None)


def _name(element: Element | None) -> str:
    if element is None:
        return ""
    literal = element.get("literal") or (element.get("qcode") or "").rpartition(":")[2]
    name = text_of(descend(element, "name")) or literal
    return "" if name.isdigit() else name


def _url(item_meta: Element | None) -> str | None:
    links = children(item_meta, "link")
    return next(
        (
            str(link.get("href"))
            for link in links
            if (link.get("rel") or "").rpartition(":")[2].lower() == "canonical"
        ),
        None,
    )


def _language(item: Element, content_meta: Element | None) -> str | None:
    language = descend(content_meta, "language")
    tag = (language.get("tag") if language is not None else None) or item.get(_LANG)
    return str(tag) if tag else None


def _section(content_meta: Element | None) -> str | None:
    for subject in children(content_meta, "subject"):
        scheme = (subject.get("qcode") or "").partition(":")[0].lower()
        if ("department" in scheme or "desk" in scheme or "section" in scheme) and text_of(
            descend(subject, "name")
        ):
            return text_of(descend(subject, "name"))
    return None


def _code(element: Element | None) -> str | None:
    return None if element is None else element.get("qcode") or element.get("literal") or text_of(element)
