"""Conditions on the time spoken of, against an oracle that looks at every mention of every passage."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.dossier import tag_article
from search.archive import Archive
from search.archive.local.conditions import LONGEST_TELLING_DAYS
from search.article import Article, Span
from search.english.terms import content_terms
from search.filters import Filter, Period
from tests.fakes import HashEmbedder, make_article, store

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


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    embedder = HashEmbedder()
    with Archive.create(tmp_path_factory.mktemp("times"), embedder.card) as archive:
        store(archive, embedder, *ARTICLES.values())
        yield archive


@pytest.fixture(scope="module")
def passages(archive: Archive) -> dict[int, tuple[Article, Span]]:
    stored = archive.fetch(range(1, archive.status().passages + 1))
    articles = archive.fetch_articles({passage.article for passage in stored.values()})
    return {key: (articles[passage.article], passage.span) for key, passage in stored.items()}


def speaks_of(article: Article, span: Span, period: Period) -> bool:
    first, last = period.first or date.min, period.last or date.max
    longest = max(LONGEST_TELLING_DAYS, (last - first).days + 1)
    for mention in tag_article(article):
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
    archive: Archive, passages: dict[int, tuple[Article, Span]], condition: Filter, k: int
) -> None:
    expected = {key for key, (article, span) in passages.items() if passes(article, span, condition)}
    question = HashEmbedder().embed_question("When did the ferry sail?")
    dense = [key for key, _ in archive.dense(question, k, condition)]
    assert len(dense) == len(set(dense)) == min(k, len(expected))
    assert set(dense) <= expected
    sailed = {key for key in expected if "ferry" in passages[key][1].of(passages[key][0].body)}
    lexical = archive.lexical(content_terms("ferry"), k, condition)
    assert len(lexical) == len(set(lexical)) == min(k, len(sailed))
    assert set(lexical) <= sailed


def test_a_passage_does_not_speak_of_what_another_one_names(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    body = "The ferry sailed in May 1950. " + "Gulls cried. " * 130 + "\n\nThe ferry sank in June 1960."
    question = embedder.embed_question("ferry")
    with Archive.create(tmp_path, embedder.card) as archive:
        store(archive, embedder, make_article("ferry", body, day="2006-12-05"))
        assert archive.status().passages > 1
        for year, words in ((1950, "sailed"), (1960, "sank")):
            about = Filter(about=Period(date(year, 1, 1), date(year, 12, 31)))
            (found,) = archive.fetch(key for key, _ in archive.dense(question, 9, about)).values()
            assert f"The ferry {words} in" in found.span.of(body)


def test_a_decade_does_not_speak_of_one_day_in_it(archive: Archive) -> None:
    question = HashEmbedder().embed_question("ferry")
    a_day, the_decade = date(1994, 2, 1), (date(1990, 1, 1), date(1999, 12, 31))
    assert archive.dense(question, 50, Filter(about=Period(a_day, a_day))) == []
    assert archive.dense(question, 50, Filter(about=Period(*the_decade)))


def test_what_nobody_knows_the_date_of_passes_a_question_with_a_date(archive: Archive) -> None:
    question = HashEmbedder().embed_question("ferry")
    condition = Filter(from_or_about=Period(date(1871, 1, 1), date(1871, 12, 31)))
    keys = archive.fetch(key for key, _ in archive.dense(question, 500, condition))
    found = archive.fetch_articles({passage.article for passage in keys.values()}).values()
    assert {article.id for article in found} == {
        article.id for article in ARTICLES.values() if article.published is None
    }


def test_a_question_of_a_deadline_finds_it_however_early_it_was_set(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    mines = content_terms("mines")
    with Archive.create(tmp_path / "coal", embedder.card) as archive:
        body = "Ruritania will close its mines by 2030, the government said."
        store(archive, embedder, make_article("coal", body, "Coal", "2022-01-10"))
        for last, found in ((date(2030, 12, 31), 1), (date(2025, 2, 1), 0)):
            condition = Filter(from_or_about=Period(date(2022, 1, 12), last))
            assert len(archive.lexical(mines, 5, condition)) == found
