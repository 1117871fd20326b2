"""Which copies of a cited article have the quote, too: only those are the same report in that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.archive import Archive
from search.asking.citation import Citation
from search.family import Copy, Family
from search.quoting.alignment import verify_quote

MOST_COMPARED = 200
"""Texts that are looked at for the quotes of one answer, those of the best citations first."""


def mark_copies(archive: Archive, citations: Sequence[Citation]) -> list[Citation]:
    """Note of the copies of each cited article whether their own texts have the quote.

    Word for word, or the same but for how it is set (`search.quoting.alignment.verify_quote`).
    """
    left, compared = MOST_COMPARED, list[set[str]]()
    for citation in citations:
        others = [copy.article_id for copy in _members(citation) if copy.article_id != citation.article_id]
        compared.append(set(others[:left]))
        left -= len(others[:left])
    wanted = set[str]().union(*compared)
    bodies = archive.bodies(wanted) if wanted else {}
    return [
        _marked(citation, {id_: bodies[id_] for id_ in ids if id_ in bodies})
        for citation, ids in zip(citations, compared, strict=True)
    ]


def _members(citation: Citation) -> tuple[Copy, ...]:
    return (citation.family.origin, *citation.family.copies) if citation.family else ()


def _marked(citation: Citation, bodies: Mapping[str, str]) -> Citation:
    if citation.family is None:
        return citation
    has_quote = {id_: verify_quote(body, citation.quote).status.verified for id_, body in bodies.items()}
    has_quote[citation.article_id] = True
    origin, *copies = (replace(copy, has_quote=has_quote.get(copy.article_id)) for copy in _members(citation))
    return replace(citation, family=Family(origin, tuple(copies), citation.family.first_is_known))
