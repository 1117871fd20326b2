"""Citations of single sentences, with everything that is read in them."""

from search.article import Article
from search.asking.citation import Citation, Trail, cite
from search.english.sentences import sentences
from search.statements import read_statements
from search.times import tag


def citation_of(article: Article, number: int) -> Citation:
    """Cite the sentence of an article with this number, from 0."""
    span = sentences(article.body)[number]
    statement = read_statements(article.body)[number]
    mentions = tag(article.body, article.published.first_day) if article.published else []
    return cite(
        article,
        span,
        1.0,
        Trail(span, 0.5, 1, 0.0, None, 1.0),
        mentions,
        standing=statement.standing,
        speaker=statement.speaker,
        statements=(statement,),
    )
