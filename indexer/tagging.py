"""What is read out of an article: its time mentions, reckoned from its own publication, and its statements."""

from dataclasses import replace
from datetime import date

from search.article import Article, Precision
from search.statements import Statement, read_statements
from search.times import Interval, Modifier, Relation, TimeMention, interval_of, tag

_ANY_DAY, _ANOTHER_DAY = date(2000, 1, 1), date(1930, 7, 17)


def tag_article(article: Article) -> list[TimeMention]:
    """Find and resolve the time expressions of an article's body.

    Relative expressions ("on Sunday") need a publication known to the day. Without one, only what is complete in
    itself ("10 September 2024") is kept: nothing is ever reckoned from a day that the article does not state.

    Returns:
        Mentions with offsets into the body, in order; none for articles in another language than English.
    """
    if not _may_be_english(article):
        return []
    published = article.published
    if published is None or published.precision in {Precision.YEAR, Precision.MONTH}:
        return _complete(article.body)
    known_to_the_day = published.precision is Precision.DAY
    return tag(article.body, published.first_day if known_to_the_day else published.moment)


def _complete(body: str) -> list[TimeMention]:
    """The mentions that mean the same whatever the day of publication: found by reckoning from two days.

    Where only the interval differs ("since 1995" ends with publication), it is that of the value alone.
    """
    on_another = {(one.start, one.end): one for one in tag(body, _ANOTHER_DAY)}
    complete = []
    for mention in tag(body, _ANY_DAY):
        other = on_another.get((mention.start, mention.end))
        if mention.anchor or other is None or other.value != mention.value:
            continue
        same = other.interval == mention.interval
        complete.append(mention if same else replace(mention, interval=_without_publication(mention)))
    return complete


def _without_publication(mention: TimeMention) -> Interval | None:
    """What is named; of "before 2005" what had ended then, and its beginning is not known."""
    named = interval_of(mention.value, mention.modifier)
    if mention.relation is Relation.BEFORE and mention.modifier is not Modifier.END and named and named.start:
        return Interval(None, named.start, named.granularity)
    return named


def read_article_statements(article: Article) -> list[Statement]:
    """Read the standing and the speaker of each sentence of an article's body.

    Returns:
        Statements with offsets into the body, in order; none for articles in another language than English.
    """
    return read_statements(article.body) if _may_be_english(article) else []


def _may_be_english(article: Article) -> bool:
    return article.language in {None, "en"}
