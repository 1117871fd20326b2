from datetime import date

import pytest

from search.archive import Archive
from search.asking.engine import Engine
from search.asking.not_found import shown_apart
from search.filters import Filter, Period
from search.settings import Settings
from tests.fakes import HashEmbedder, make_article, store

QUESTION = "When will the ferry of Porto sail?"


@pytest.fixture
def engine(archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    store(
        archive,
        hash_embedder,
        make_article("may", "The ferry of Porto sails, Ana Souza said.", "Ferry", "2024-05-10", source="Wire"),
        make_article("june", "The ferry of Porto is late, Jan Novak said.", "Ferry", "2024-06-10", source="Wire"),
    )
    return Engine(archive, hash_embedder, Settings.load(wanted_precision=1), today=lambda: date(2024, 6, 12))


@pytest.mark.parametrize(
    ("lower", "higher", "shown"),
    [(0.21, 0.314, ("21%", "31%")), (0.306, 0.314, ("30.6%", "31.4%")), (0.3, 0.3, ("30.0000%", "30.0000%"))],
)
def test_what_is_found_and_what_is_asked_for_are_shown_apart(
    lower: float, higher: float, shown: tuple[str, str]
) -> None:
    assert shown_apart(lower, higher) == shown


def test_a_speaker_who_says_nothing_is_the_reason_whatever_the_time(engine: Engine) -> None:
    for condition in (
        Filter(said_by=("Silva",)),
        Filter(said_by=("Silva",), published_from=date(2024, 5, 1)),
        Filter(said_by=("Silva",), sources=("Wire",)),
    ):
        assert engine.ask(QUESTION, condition=condition).reason == (
            'No sentence that passes the filter is said by "Silva".'
        )
    asked = engine.ask("When did the ferry of Porto sail in May 2024?", condition=Filter(said_by=("Silva",)))
    assert asked.reason == 'No sentence that passes the filter is said by "Silva".'


def test_a_time_in_which_only_others_speak_is_the_reason(engine: Engine) -> None:
    asked = engine.ask("When did the ferry of Porto sail in May 2024?", condition=Filter(said_by=("Novak",)))
    assert asked.reason == (
        'What is said by "Novak" lies outside "May 2024" (2024-05-01 to 2024-05-31); '
        "what lies inside is said by others, or by the articles themselves."
    )
    asked = engine.ask(QUESTION, condition=Filter(said_by=("Souza",), published_from=date(2024, 6, 1)))
    assert asked.reason.startswith('What is said by "Souza" lies outside the time of the filter')


def test_a_time_in_which_nothing_lies_is_the_reason_whoever_speaks(engine: Engine) -> None:
    may = Period(date(2024, 5, 1), date(2024, 5, 31))
    nothing = Filter(said_by=("Souza",), about=may)
    assert engine.ask(QUESTION, condition=nothing).reason == "None of the 2 articles passes the filter."
    asked = engine.ask("Where did the ferry sail on 24 May 2024?", condition=Filter(said_by=("Souza",)))
    assert asked.reason.startswith('Nothing was published in, or speaks of, "24 May 2024" (2024-05-24')


def test_a_source_that_is_not_there_is_no_fault_of_the_time(engine: Engine) -> None:
    asked = engine.ask("Where did the ferry sail in May 2024?", condition=Filter(sources=("Nobody",)))
    assert asked.reason == 'No article has the source "Nobody"; there are: Wire.'


@pytest.mark.parametrize(
    "question", ["what?", "When is it?", "How many?", "who's that", "What time is it, please?"]
)
def test_a_question_about_nothing_is_told_so(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert not answer.found
    assert answer.reason == (
        "The question does not say what it is about: it has only words that any question may have."
    )


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How many zebras didn't the ferry load?", '"zebras" or "load"'),
        ("What's the zebra?", '"zebra"'),
        ("Which year did zebras sail?", '"zebras"'),
        ("How long will zebras sail in May 2024?", '"zebras"'),
        ("What did the harbour announce about the ferry?", '"harbour"'),
        ("Where did the wedding on the ferry take place?", '"wedding"'),
        ("What happened to the anchor near Porto?", '"anchor"'),
        ("What did Mr Report say about the ferry?", '"Mr" or "Report"'),
    ],
)
def test_only_words_that_a_question_is_about_are_missed(engine: Engine, question: str, missing: str) -> None:
    assert engine.ask(question).reason.endswith(f"Nothing in the archive has {missing}.")


def test_a_word_that_stands_there_in_another_form_is_not_missed(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(
        archive,
        hash_embedder,
        make_article("port", "The strike by dockers ended after the expansion of the port was withdrawn.", "Port"),
    )
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=1))
    for question in (
        "Who struck?",
        "Who withdrew the plan to expand the port?",
        "Which docker called for an end?",
    ):
        reason = engine.ask(question).reason
        assert reason.startswith("The best evidence answers with a probability of ")
        for word in ("struck", "withdrew", "expand", "docker", "call", "end"):
            assert f'"{word}"' not in reason
    assert 'Nothing in the archive has "plan".' in engine.ask("Who withdrew the plan to expand the port?").reason


@pytest.mark.parametrize(
    ("question", "condition", "reason"),
    [
        (
            "What was Jan Novak called in May 2024?",
            Filter(),
            'what there is lies outside. On the same, the nearest after is of 2024-06-10, "Ferry".',
        ),
        (
            "Is Novak late?",
            Filter(published_to=date(2024, 5, 31)),
            "Nothing of the kind was published in the time of the filter; what there is lies outside.",
        ),
        (
            "Is Novak late?",
            Filter(sources=("Wire",)),
            "What the archive has of the kind does not pass the filter.",
        ),
        (
            "Will the zebras of Novak sail in May 2024?",
            Filter(),
            'what there is lies outside. Nothing in the archive has "zebras".',
        ),
    ],
)
def test_what_lies_outside_the_period_or_the_filter_is_not_missed(
    archive: Archive, hash_embedder: HashEmbedder, question: str, condition: Filter, reason: str
) -> None:
    store(
        archive,
        hash_embedder,
        make_article("may", "The ferry of Porto sails, Ana Souza said.", "Ferry", "2024-05-10", source="Wire"),
        make_article(
            "june", "The ferry of Porto is late, Jan Novak said.", "Ferry", "2024-06-10", source="Gazette"
        ),
    )
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=1), today=lambda: date(2024, 6, 12))
    assert engine.ask(question, condition=condition).reason.endswith(reason)


def test_words_of_somebody_who_says_nothing_are_not_found(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(
        archive,
        hash_embedder,
        make_article("vik", "Kari Vik, the harbour master, said Norland had closed the dam.", "Dam"),
        make_article("lohm", "Norland's energy ministry said the pier was sold.", "Pier"),
    )
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=0), today=lambda: date(2024, 6, 12))
    said = engine.ask("What did Norland say about the dam?")
    assert [citation.article_id for citation in said.citations] == ["lohm"]
    silent = engine.ask("What did Sorland say about the dam?")
    assert (silent.found, silent.nearest) == (False, None)
    assert silent.reason == (
        'Nothing of what comes nearest is said by "Sorland", or on behalf of them. '
        'Nothing in the archive has "Sorland".'
    )
    done = engine.ask("What did Norland do to the dam?")
    assert done.citations[0].article_id == "vik"


def test_what_lies_nearest_before_and_after_the_time_is_named_as_such(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    body = "The ferry of Porto is late, Novak said."
    for day, id_ in (
        ("2024-03-01", "old"),
        ("2024-04-02", "spring"),
        ("2024-06-10", "june"),
        ("2024-08-01", "end"),
    ):
        store(archive, hash_embedder, make_article(id_, body, id_.title(), day))
    store(archive, hash_embedder, make_article("other", "The dam of Vik was built.", "Other", "2024-05-30"))
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=1), today=lambda: date(2024, 9, 12))
    assert engine.ask("What did Novak say about the ferry in May 2024?").reason.endswith(
        ' before is of 2024-04-02, "Spring" and the nearest after is of 2024-06-10, "June".'
    )
    assert "On the same" not in engine.ask("What did Souza say about the dam in May 2024?").reason
