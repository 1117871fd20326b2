"""Which articles a quote may be from, told by its rarest words, at a bounded price."""

import math

from search.archive import Archive
from search.article import Article
from search.english.terms import content_terms
from search.filters import Filter
from search.quoting.folding import fold

_TERMS = 32
_PASSAGES = 100
_ARTICLES = 20
_MOST_HOLDERS = 300_000
"""Passages, counted once for each term that they have, that are ranked at most for one quote."""

_NO_TERM = ""


def articles_with(archive: Archive, quote: str) -> list[Article]:
    """Load the articles that a quote's rarest words find, best first.

    Only articles that can be found are: none that is withdrawn or superseded. Words that stand nearly everywhere
    are left out when ranking by them would take long; a quote that has no others finds nothing.
    """
    with archive.reading():
        passages = archive.lexical(_telling(archive, quote), _PASSAGES, Filter())
        fetched = archive.fetch(passages)
        keys = list(dict.fromkeys(fetched[key].article for key in passages if key in fetched))[:_ARTICLES]
        articles = archive.fetch_articles(keys)
    return [articles[key] for key in keys if key in articles]


def _telling(archive: Archive, quote: str) -> list[str]:
    """Choose the rarest terms of a quote, the rarest first."""
    rarity = archive.rarity([*content_terms(fold(quote).text), _NO_TERM])
    rarest = rarity.pop(_NO_TERM)
    chosen = []
    holders = 0.0
    for term in sorted(rarity, key=lambda term: (-rarity[term], term))[:_TERMS]:
        # Inverse document frequency is ln((N + 1) / (n + 0.5)); of a term that nothing has, ln((N + 1) / 0.5).
        holders += 0.5 * math.exp(rarest - rarity[term]) - 0.5
        if holders > _MOST_HOLDERS:
            break
        chosen.append(term)
    return chosen
