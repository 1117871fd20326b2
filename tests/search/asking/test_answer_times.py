"""Time on the whole trip: what a question's own time does, what answers carry, and timelines."""

from datetime import date

import pytest

from search.archive import Archive
from search.archive.protocol import dossier_of
from search.asking.citation import Citation
from search.asking.engine import Engine
from search.asking.question_time import TimeAsked
from search.asking.timeline import Grouping
from search.errors import QueryError
from search.filters import Filter, Period
from search.settings import Settings
from search.times import Relation, Unit
from tests.fakes import HashEmbedder, make_article, store

TODAY = date(2024, 9, 12)
FERRIES = (
    make_article("first", "The ferry sailed to Oslo on Sunday.", "Ferry news", "2006-12-27", source="Wire"),
    make_article(
        "year", "The ferry sailed to Bergen in December 2006.", "Ferry book", "2011-03-01", source="Wire"
    ),
    make_article("later", "The ferry sailed to Lisbon yesterday.", "Ferry news", "2024-09-11", source="Ledger"),
    make_article(
        "planned", "The ferry will sail to Cork next month, the captain said on Tuesday.", "", "2024-09-11"
    ),
    make_article("undated", "The ferry sailed to Riga on Friday.", "Ferry letters"),
    make_article("month", "The ferry sailed to Genoa by night.", "Ferry list", "2006-12"),
)


@pytest.fixture
def engine(archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    store(archive, hash_embedder, *FERRIES)
    return Engine(archive, hash_embedder, Settings.load(least_closeness=0.2), today=lambda: TODAY)


def searched(engine: Engine, question: str, condition: Filter = Filter(), as_of: date | None = None) -> set[str]:  # noqa: B008 - frozen
    return {passage.article_id for passage in engine.search(question, 20, condition, as_of=as_of).passages}


def check_when(engine: Engine, citation: Citation) -> None:
    with engine.archive.snapshot() as snapshot:
        body = dossier_of(snapshot, citation.article_id).article.body
    assert citation.when
    assert body[citation.when.start : citation.when.end] == citation.when.words
    assert citation.start <= citation.when.start < citation.when.end <= citation.end
    for mention in citation.times:
        assert body[mention.start : mention.end] == mention.words
        assert citation.start <= mention.start < mention.end <= citation.end


def test_an_answer_carries_the_expression_with_what_it_means(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load())
    answer = engine.ask("When will Russia use the missiles in Ukraine?")
    first = answer.citations[0]
    check_when(engine, first)
    assert answer.reading.time_asked is TimeAsked.WHEN
    assert first.when
    assert (first.when.words, first.when.relation, first.when.anchor) == (
        "within weeks",
        Relation.WITHIN,
        "2024-09-10",
    )
    interval = first.when.interval
    assert (interval.start, interval.granularity) == (date(2024, 9, 10), Unit.WEEK)
    assert (interval.first_day, interval.last_day) == (date(2024, 9, 10), date(2024, 10, 10))


def test_the_event_answers_and_not_the_report_of_it(engine: Engine) -> None:
    first = engine.ask("When will the ferry sail to Cork?").citations[0]
    check_when(engine, first)
    assert first.when
    assert first.when.words == "next month"
    assert [mention.words for mention in first.times] == ["next month", "Tuesday"]


def test_a_question_that_asks_for_no_time_gets_none(engine: Engine) -> None:
    answer = engine.ask("Who sails the ferry to Cork?")
    assert answer.reading.time_asked is None
    assert all(citation.when is None for citation in answer.citations)
    assert answer.citations[0].times


def test_a_time_in_the_question_takes_what_was_published_in_it_or_speaks_of_it(engine: Engine) -> None:
    result = engine.search("Where did the ferry sail in December 2006?")
    assert {passage.article_id for passage in result.passages} == {"first", "year", "month", "undated"}
    assert result.searched.condition == Filter(from_or_about=Period(date(2006, 12, 1), date(2006, 12, 31)))
    assert result.reading.constraint
    assert result.reading.constraint.words == "December 2006"


def test_a_report_of_the_time_stands_above_a_later_mention(archive: Archive, hash_embedder: HashEmbedder) -> None:
    sentence = "The mill of Cork burnt down on December 3, 2006."
    store(
        archive,
        hash_embedder,
        make_article("history", sentence, "The mill that burnt down", day="2011-03-01"),
        make_article("report", sentence, day="2006-12-04"),
    )
    engine = Engine(archive, hash_embedder, Settings.load(), today=lambda: TODAY)
    assert engine.ask("Which mill burnt down in December 2006?").citations[0].article_id == "report"
    assert engine.ask("Which mill burnt down?").citations[0].article_id == "history"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Filter(published_from=date(2024, 9, 1)), {"later", "planned"}),
        (Filter(published_to=date(2011, 12, 31)), {"first", "year", "month"}),
        (Filter(about=Period(date(2024, 10, 1), date(2024, 10, 31))), {"planned"}),
        (Filter(sources=("Wire",)), {"first", "year"}),
    ],
    ids=["from", "to", "about", "source"],
)
def test_a_filter_on_time_wins_over_the_time_in_the_question(
    engine: Engine, condition: Filter, expected: set[str]
) -> None:
    assert searched(engine, "Where did the ferry sail in December 2006?", condition) == expected


def test_nothing_is_widened_and_the_reason_names_the_time(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, *(article for article in FERRIES if article.published))
    engine = Engine(archive, hash_embedder, Settings.load(least_closeness=0.2), today=lambda: TODAY)
    answer = engine.ask("Where did the ferry sail in May 1993?")
    assert (answer.found, answer.citations, answer.nearest) == (False, (), None)
    assert '"May 1993" (1993-05-01 to 1993-05-31)' in answer.reason
    assert answer.searched.condition.from_or_about == Period(date(1993, 5, 1), date(1993, 5, 31))


def test_relative_words_are_reckoned_from_today_or_the_given_day(
    engine: Engine, hash_embedder: HashEmbedder
) -> None:
    assert searched(engine, "Where did the ferry sail yesterday?") == {"later", "planned", "undated"}
    lenient = Engine(engine.archive, hash_embedder, Settings.load(wanted_precision=0), today=lambda: TODAY)
    asked = lenient.ask("Where did the ferry sail last week?", as_of=date(2007, 1, 2))
    assert asked.reading.constraint
    assert asked.reading.constraint.as_of == date(2007, 1, 2)
    assert asked.reading.constraint.period == Period(date(2006, 12, 25), date(2006, 12, 31))
    assert [citation.article_id for citation in asked.citations] == ["first"]


def test_relative_words_that_the_archive_does_not_reach_are_told_and_not_applied(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, *FERRIES)
    engine = Engine(archive, hash_embedder, Settings.load(least_closeness=0.2), today=lambda: date(2031, 5, 2))
    answer = engine.ask("Where did the ferry sail yesterday?")
    assert answer.found
    assert answer.reading.constraint
    assert answer.reading.constraint.period == Period(date(2031, 5, 1), date(2031, 5, 1))
    assert answer.searched.condition == Filter()


def test_as_of_hides_what_was_published_later(engine: Engine) -> None:
    assert searched(engine, "Where did the ferry sail?") == {article.id for article in FERRIES}
    assert searched(engine, "Where did the ferry sail?", as_of=date(2011, 3, 1)) == {"first", "year", "month"}
    assert searched(engine, "Where did the ferry sail?", as_of=date(2006, 12, 30)) == {"first"}
    later = Filter(published_to=date(2024, 12, 31))
    assert searched(engine, "Where did the ferry sail?", later, as_of=date(2011, 2, 28)) == {"first", "month"}
    assert engine.ask("Where did the ferry sail?", as_of=date(1990, 1, 1)).nearest is None


def test_a_filter_that_begins_after_as_of_is_refused(engine: Engine) -> None:
    with pytest.raises(QueryError):
        engine.ask("Where did the ferry sail?", condition=Filter(date(2024, 1, 1)), as_of=date(2023, 1, 1))


def test_the_latest_comes_first_only_where_it_is_wanted(archive: Archive, hash_embedder: HashEmbedder) -> None:
    sentence = "The toll of the ferry is forty."
    store(
        archive,
        hash_embedder,
        make_article("earlier", sentence, day="1994-09-28"),
        make_article("undated", sentence),
        make_article("later", sentence, day="1994-09-30"),
    )
    engine = Engine(archive, hash_embedder, Settings.load(least_closeness=0.2), today=lambda: TODAY)
    assert engine.ask("What is the latest toll of the ferry?").citations[0].article_id == "later"
    assert engine.ask("What was the toll of the ferry?").citations[0].article_id == "earlier"


def test_the_same_question_on_the_same_day_has_the_same_answer(engine: Engine) -> None:
    question = "When did the ferry sail last week?"
    assert engine.ask(question) == engine.ask(question)
    assert engine.ask(question, as_of=TODAY).reading == engine.ask(question).reading


# Timelines


def test_a_timeline_is_in_the_order_of_the_time_spoken_of(engine: Engine) -> None:
    timeline = engine.timeline("the ferry sailed")
    entries = [
        (entry.citation.article_id, str(entry.first)) for group in timeline.groups for entry in group.entries
    ]
    assert timeline.grouping is Grouping.YEAR
    assert entries == [
        ("year", "2006-12-01"),
        ("first", "2006-12-24"),
        ("later", "2024-09-10"),
        ("planned", "2024-10-01"),
    ]
    assert [str(group.begins) for group in timeline.groups] == ["2006-01-01", "2024-01-01"]
    for group in timeline.groups:
        for entry in group.entries:
            check_when(engine, entry.citation)


def test_a_timeline_can_be_narrowed_cut_and_grouped(engine: Engine) -> None:
    about = Filter(about=Period(date(2024, 1, 1), date(2024, 12, 31)))
    timeline = engine.timeline("the ferry sailed", condition=about, grouping=Grouping.MONTH)
    assert [str(group.begins) for group in timeline.groups] == ["2024-09-01", "2024-10-01"]
    assert timeline.grouping is Grouping.MONTH
    one = engine.timeline("the ferry sailed to Lisbon", 1)
    assert [entry.citation.article_id for group in one.groups for entry in group.entries] == ["later"]


def test_a_timeline_leaves_out_what_does_not_come_close(engine: Engine) -> None:
    assert engine.timeline("quicksilver in the opera").groups == ()


def test_a_timeline_of_nothing_is_refused_as_a_question_is(engine: Engine) -> None:
    with pytest.raises(QueryError):
        engine.timeline("  ")
    with pytest.raises(QueryError):
        engine.timeline("ferries", 0)


def test_a_subject_that_is_put_as_a_question_about_the_future_has_a_past_too(engine: Engine) -> None:
    told, to_come = (
        engine.timeline(subject) for subject in ("When did the ferry sail?", "When will the ferry sail?")
    )
    cited = [
        {entry.citation.article_id for group in one.groups for entry in group.entries} for one in (told, to_come)
    ]
    assert {"later", "planned"} <= cited[0] == cited[1]


def test_a_time_in_the_question_can_be_left_out_of_account(engine: Engine) -> None:
    question = "Where did the ferry sail in December 2006?"
    assert "later" not in searched(engine, question)
    assert "later" in searched(engine, question, Filter(any_time=True))
    result = engine.search(question, condition=Filter(any_time=True))
    assert result.reading.constraint
    assert result.searched.condition.from_or_about is None
    assert not Filter(any_time=True)
