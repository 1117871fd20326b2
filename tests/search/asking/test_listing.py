from dataclasses import replace
from datetime import date

import pytest

from search.article import Span
from search.asking.citation import Citation, Trail, cite
from search.asking.evidence.short_answer import ShortAnswer
from search.asking.listing import collect, members
from search.asking.question import AnswerType, read_question
from tests.fakes import make_article

QUESTION = read_question("Which towns were flooded by the Orm?", as_of=date(2024, 9, 10), longest=500)


def citation(id_: str, body: str, words: str, probability: float = 0.8) -> Citation:
    start = body.index(words)
    made = cite(
        make_article(id_, body),
        Span(0, len(body)),
        1.0,
        Trail(Span(0, len(body)), 0.5, 1, 1.0, 1, 1.0),
        answer=ShortAnswer(words, start, start + len(words), AnswerType.OTHER, "close reader"),
    )
    return replace(made, probability_alone=probability)


@pytest.mark.parametrize(
    ("words", "parted"),
    [
        ("Torvik, Selby and Imra", ["Torvik", "Selby", "Imra"]),
        ("the Torvik, the Selby, and Imra", ["Torvik", "Selby", "Imra"]),
        ("both Torvik and Selby", ["Torvik", "Selby"]),
        ("Torvik", ["Torvik"]),
        ("Bosnia and Herzegovina and Torvik", ["Bosnia and Herzegovina", "Torvik"]),
        ("Torvik; Selby, 12", ["Torvik", "Selby"]),
    ],
)
def test_words_are_parted_into_the_things_they_name(words: str, parted: list[str]) -> None:
    assert [span.of(words) for span in members(words)] == parted


def test_a_list_is_collected_across_articles_each_thing_once() -> None:
    citations = [
        citation("a", "The Orm flooded Torvik and Lower Selby.", "Torvik and Lower Selby"),
        citation(
            "b", "On Monday Selby and the village of Imra stood under water.", "Selby and the village of Imra"
        ),
        citation("c", "Water reached Torvik, too.", "Torvik", 0.5),
        citation("d", "Kallis was far from it.", "Kallis", 0.1),
    ]
    found = collect(QUESTION, citations)
    assert [(one.quote, one.articles) for one in found] == [
        ("Torvik", ("a", "c")),
        ("Lower Selby", ("a", "b")),
        ("village of Imra", ("b",)),
    ]
    bodies = {
        "a": "The Orm flooded Torvik and Lower Selby.",
        "b": "On Monday Selby and the village of Imra stood under water.",
    }
    assert all(bodies[one.article_id][one.start : one.end] == one.quote for one in found)


def test_what_the_question_names_and_what_has_no_answer_are_left_out() -> None:
    named = citation("a", "The Orm and the Lin flooded towns.", "Orm and the Lin")
    assert [one.quote for one in collect(QUESTION, [named])] == ["Lin"]
    assert collect(QUESTION, [replace(named, answer=None)]) == ()
    assert collect(QUESTION, []) == ()
