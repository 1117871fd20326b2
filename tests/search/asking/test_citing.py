from dataclasses import replace

import pytest

from search.archive import Archive
from search.article import Span
from search.asking.citation import Trail, cite
from search.asking.citing import mark_copies
from search.asking.retrieval import Material
from tests.fakes import HashEmbedder, make_article, store

LEAD = (
    "The council voted on Thursday to rebuild the old fish quay, which a storm tore apart in January, and set "
    "aside 46 million crowns for the “work”."
)
MORE = "Work begins in September and lasts two years, the mayor told reporters after a debate of four hours."
WIRE = make_article("wire", f"{LEAD}\n\n{MORE}", source="Wire", day="2024-05-02")
SHORT = make_article("short", LEAD.replace("“work”", '"work"'), source="Gazette", day="2024-05-03")
TRAIL = Trail(Span(0, 10), 0.5, 1, 2.0, None, 3.0)


@pytest.mark.parametrize(("quote", "stands"), [(LEAD, True), (MORE, False)])
def test_a_copy_is_told_to_have_the_quote_only_if_it_has(
    archive: Archive,
    hash_embedder: HashEmbedder,
    quote: str,
    stands: bool,  # noqa: FBT001
) -> None:
    store(archive, hash_embedder, WIRE, SHORT)
    start = WIRE.body.index(quote)
    with archive.snapshot() as snapshot:
        material = Material((), snapshot.read(["wire"]), snapshot.number)
    cited = cite(WIRE, Span(start, start + len(quote)), 1.0, TRAIL, family=material.dossiers["wire"].family)
    (marked,) = mark_copies(material, [cited])
    assert marked.family
    assert [(one.article_id, one.has_quote) for one in (marked.family.origin, *marked.family.copies)] == [
        ("wire", True),
        ("short", stands),
    ]
    alone = replace(cited, family=None)
    assert mark_copies(material, [alone]) == [alone]
