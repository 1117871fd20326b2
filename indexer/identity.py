"""Which article a text is: a later version of one that is stored, or another that has the same address.

An id that the publisher or the client gave means what it says. One that was made of an address is only as good as
the address: sites give several articles that of a section, or put another text where one was. A text akin to the
one that is stored under the id is its later version; an unlike one is another article and gets an id of its own,
so that neither is lost.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from indexer.readers.draft import id_of_address
from search.article import Article

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]|[^\W_]+")
_SHINGLE = 3
_LEAST_SHARED = 0.1
_LEAST_SHINGLES = 12
_LEAST_SHARED_WORDS = 0.5


def identified(article: Article, stored: Callable[[str], Article | None]) -> Article:
    """Give an article the id of what it is a version of, or one of its own.

    Args:
        article: As it was read.
        stored: The article that is stored, or about to be, under an id; None if there is none.

    Returns:
        The article; with a remark where its address is that of another text, too.
    """
    if article.url is None or article.id != id_of_address(article.url):
        return article
    besides = ((), (article.headline.casefold(),), (article.headline.casefold(), article.body))
    for words in besides:
        id_ = id_of_address(article.url, *words)
        other = stored(id_)
        if other is None or is_akin(other.body, article.body):
            break
    if id_ == article.id:
        return article
    remark = f"has the address of another article ({article.id}), whose text is unlike; both are kept."
    return replace(article, id=id_, remarks=(*article.remarks, remark))


def is_akin(first: str, second: str) -> bool:
    """Tell whether one of two texts may be a later version of the other: they share runs of words, or most words.

    Unlike articles of a few hundred words share one run of three words in a hundred; a version that was rewritten
    keeps at least its names and quotations.
    """
    words, others = (_WORD.findall(text.casefold()) for text in (first, second))
    runs, other_runs = _runs(words), _runs(others)
    least = min(len(runs), len(other_runs))
    if least < _LEAST_SHINGLES:
        few = min(set(words), set(others), key=len)
        return len(set(words) & set(others)) >= _LEAST_SHARED_WORDS * len(few)
    return len(runs & other_runs) >= _LEAST_SHARED * least


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
