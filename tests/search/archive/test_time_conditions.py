"""Conditions on the time spoken of, against an oracle that looks at every mention of every passage."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.dossier import tag_article
from search.archive import Archive
from search.archive.catalogue import LONGEST_TELLING_DAYS
from search.archive.records import Passage
from search.article import Article, Span
from search.english.terms import content_terms
from search.filters import Filter, Period
from tests.fakes import HashEmbedder, make_article, store
from tests.search.archive.conftest import ENGINES, create
from tests.search.archive.glances import articles_of, by_words, near, read

TIMES = (
    "on Sunday",
    "yesterday",
    "next month",
    "in December 2006",
    "on 3 January 2007",
    "in 2007",
    "in the 1990s",
    "since March 2006",
    "after 2005",
    "within weeks",
    "by 2009",
    "every Monday",
    "",
)
DAYS = (None, "2006", "2006-12", "2006-12-05", "2006-12-31T23:59", "2007-01-02", "2007-01-03", "2007-06-30")


def make_articles() -> list[Article]:
    choose = np.random.default_rng(7)
    return [
        make_article(
            f"a{number}",
            "\n\n".join(
                f"The ferry sailed {TIMES[choose.integers(len(TIMES))]}. " + "Gulls cried. " * 120
                for _ in range(3)
            ),
            "",
            DAYS[choose.integers(len(DAYS))],
            source="Wire" if number % 3 else "Ledger",
        )
        for number in range(60)
    ]


ARTICLES = {article.id: article for article in make_articles()}
MENTIONS = {id_: tag_article(article) for id_, article in ARTICLES.items()}


@pytest.fixture(scope="module", params=ENGINES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    embedder = HashEmbedder()
    with ExitStack() as stack:
        archive = create(request.param, tmp_path_factory.mktemp("times"), embedder, stack)
        store(archive, embedder, *ARTICLES.values())
        yield archive


@pytest.fixture(scope="module")
def passages(archive: Archive) -> dict[Passage, tuple[Article, Span]]:
    return {
        Passage(id_, span.start, span.end): (article, span)
        for id_, article in ARTICLES.items()
        for span in read(archive, id_).passages
    }


def speaks_of(article: Article, span: Span, period: Period) -> bool:
    first, last = period.first or date.min, period.last or date.max
    longest = max(LONGEST_TELLING_DAYS, (last - first).days + 1)
    for mention in MENTIONS[article.id]:
        begins = mention.interval.first_day if mention.interval else None
        ends = mention.interval.last_day if mention.interval else None
        if begins is None or ends is None or not span.start <= mention.start < mention.end <= span.end:
            continue
        deadline = article.published is not None and begins == article.published.first_day
        told = (ends - begins).days < longest or (deadline and first <= ends <= last)
        if begins <= last and first <= ends and told:
            return True
    return False


def published_in(article: Article, first: date | None, last: date | None) -> bool:
    if article.published is None:
        return not first and not last
    return (first or date.min) <= article.published.first_day and article.published.last_day <= (last or date.max)


def passes(article: Article, span: Span, condition: Filter) -> bool:
    if condition.sources and article.source not in condition.sources:
        return False
    if not published_in(article, condition.published_from, condition.published_to):
        return False
    if condition.about and not speaks_of(article, span, condition.about):
        return False
    either = condition.from_or_about
    return (
        either is None
        or article.published is None
        or published_in(article, either.first, either.last)
        or speaks_of(article, span, either)
    )


@st.composite
def periods(draw: st.DrawFn) -> Period:
    day = st.dates(date(2005, 6, 1), date(2007, 12, 31)) | st.sampled_from(
        [
            date(1994, 2, 1),
            date(2006, 12, 1),
            date(2006, 12, 31),
            date(2007, 1, 3),
            date(2008, 1, 1),
            date(2009, 1, 1),
            date(2009, 12, 31),
        ]
    )
    first, last = draw(
        st.tuples(day, day).map(sorted)
        | st.tuples(day, st.none())
        | st.tuples(st.none(), day)
        | day.map(lambda d: (d, d))
    )
    return Period(first, last)


conditions = st.builds(
    Filter,
    published_from=st.none() | st.just(date(2006, 12, 5)),
    published_to=st.none() | st.just(date(2007, 1, 2)),
    sources=st.sampled_from([(), ("Wire",), ("Ledger",)]),
    about=st.none() | periods(),
    from_or_about=st.none() | periods(),
)


@given(condition=conditions, k=st.integers(1, 300))
def test_as_many_come_back_as_speak_of_the_time(
    archive: Archive, passages: dict[Passage, tuple[Article, Span]], condition: Filter, k: int
) -> None:
    expected = {passage for passage, (article, span) in passages.items() if passes(article, span, condition)}
    question = HashEmbedder().embed_question("When did the ferry sail?")
    closest = [one.passage for one in near(archive, question, k, condition)]
    assert len(closest) == len(set(closest)) == min(k, len(expected))
    assert set(closest) <= expected
    sailed = {passage for passage in expected if "ferry" in passages[passage][1].of(passages[passage][0].body)}
    worded = [one.passage for one in by_words(archive, content_terms("ferry"), k, condition)]
    assert len(worded) == len(set(worded)) == min(k, len(sailed))
    assert set(worded) <= sailed


def test_a_passage_does_not_speak_of_what_another_one_names(door: Archive, hash_embedder: HashEmbedder) -> None:
    body = "The ferry sailed in May 1950. " + "Gulls cried. " * 130 + "\n\nThe ferry sank in June 1960."
    question = hash_embedder.embed_question("ferry")
    article = make_article("ferry", body, day="2006-12-05")
    store(door, hash_embedder, article)
    assert len(read(door, "ferry").passages) > 1
    for year, words in ((1950, "sailed"), (1960, "sank")):
        about = Filter(about=Period(date(year, 1, 1), date(year, 12, 31)))
        (found,) = near(door, question, 9, about)
        assert f"The ferry {words} in" in found.passage.span.of(article.body)


def test_a_decade_does_not_speak_of_one_day_in_it(archive: Archive) -> None:
    question = HashEmbedder().embed_question("ferry")
    a_day, the_decade = date(1994, 2, 1), (date(1990, 1, 1), date(1999, 12, 31))
    assert near(archive, question, 50, Filter(about=Period(a_day, a_day))) == []
    assert near(archive, question, 50, Filter(about=Period(*the_decade)))


def test_what_nobody_knows_the_date_of_passes_a_question_with_a_date(archive: Archive) -> None:
    condition = Filter(from_or_about=Period(date(1871, 1, 1), date(1871, 12, 31)))
    found = near(archive, HashEmbedder().embed_question("ferry"), condition=condition)
    assert articles_of(found) == {article.id for article in ARTICLES.values() if article.published is None}


def test_a_question_of_a_deadline_finds_it_however_early_it_was_set(
    door: Archive, hash_embedder: HashEmbedder
) -> None:
    body = "Ruritania will close its mines by 2030, the government said."
    store(door, hash_embedder, make_article("coal", body, "Coal", "2022-01-10"))
    for last, found in ((date(2030, 12, 31), 1), (date(2025, 2, 1), 0)):
        condition = Filter(from_or_about=Period(date(2022, 1, 12), last))
        assert len(by_words(door, content_terms("mines"), 5, condition)) == found
