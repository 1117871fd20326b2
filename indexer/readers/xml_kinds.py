"""Which kind of XML a text is, by its root element; and the reader for kinds that are not read."""

import re
from collections.abc import Iterator

from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, Skipped
from indexer.readers.markup import find_all, local_name, parse_xml
from search.errors import InputError

_LISTS = {"urlset": "a sitemap", "sitemapindex": "a list of sitemaps"}
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([\w.-]+)")


def xml_root_of(head: str) -> str | None:
    """The local name of the first element of an XML or HTML text; None when it does not begin with one."""
    position = 0
    while prolog := _PROLOG.match(head, position):
        position = prolog.end()
    root = _ROOT.match(head, position)
    return root[1] if root else None


class OtherXmlReader:
    """Turns away XML that no other reader knows, naming what it is."""

    name = "XML"

    def recognises(self, content: Content) -> bool:
        """An XML declaration, or a root element in a file named `.xml`."""
        head = content.head_text
        return (
            head.startswith("<?xml")
            or (content.suffix == ".xml" and head.startswith("<"))
            or xml_root_of(head) in _LISTS
        )

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Say what it is, or what is wrong with XML that is broken."""
        root = parse_xml(content.read_all(), options.encoding)
        name = local_name(root)
        if name in _LISTS:
            listed = find_all(root, "loc")
            raise InputError(f"not articles but {_LISTS[name]}: {len(listed):,} addresses, none of their texts.")
        yield Skipped(content.origin, f"XML of a kind that is not read (its root element is <{name}>).")
