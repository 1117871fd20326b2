from datetime import date

import pytest

from search.article import Span
from search.asking.evidence.short_answer import short_answer
from search.asking.evidence.time_answer import answering_time
from search.asking.question import AnswerType, read_question
from search.times import tag

PUBLISHED = date(2024, 9, 10)


def answer_of(question: str, sentence: str, before: str = "") -> str | None:
    body = before + sentence
    span = Span(len(before), len(body))
    read = read_question(question, as_of=PUBLISHED, longest=500)
    mentions = tag(body, PUBLISHED)
    when = answering_time(body, span, mentions, read.terms, read.time_asked) if read.time_asked else None
    found = short_answer(read, body, span, when, mentions)
    if found is None:
        return None
    assert body[found.start : found.end] == found.words
    assert span.start <= found.start < found.end <= span.end
    return found.words


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("When will the bridge reopen?", "The bridge will reopen next Tuesday, the mayor said.", "next Tuesday"),
        ("How many crates were landed?", "In 12 ports 41,300 crates were landed.", "41,300"),
        ("How many people were injured?", "The quake killed 25 people and injured 140, police said.", "140"),
        ("How many people died?", "Half a million people died in the famine.", "Half a million"),
        (
            "How many people attended the concert?",
            "About 30,000 attended the concert, and 12 people were arrested.",
            "30,000",
        ),
        (
            "How many wealthy nations spend on the fund?",
            "Almost 30 wealthy nations spend more than $300bn on the fund.",
            "30",
        ),
        (
            "How many soldiers were killed?",
            "All 14 rebels, two soldiers and one hostage were killed.",
            "two",
        ),
        ("By how much did the budget rise?", "The budget will rise by $19bn to $419.3bn.", "$19bn"),
        ("How much did the budget rise?", "The budget rose by $19bn to $419.3bn.", "$19bn"),
        ("How many children died?", "The blast killed six people, including two children.", "two"),
        ("How many people died in the flood?", "The death toll of the flood rose by 12 to 87.", "87"),
        ("How high is the dam?", "The dam is 1,200 metres long and 45 metres high.", "45"),
        ("How many users does the site have?", "The site has 1.4bn users.", "1.4bn"),
        (
            "What percentage of the vote did Lind win?",
            "Lind won a third term with 54.3 percent of the vote.",
            "54.3 percent",
        ),
        ("How much did the ferry cost?", "The ferry cost 3 billion Swiss francs.", "3 billion Swiss francs"),
        (
            "What did Mayor Ida Holt say about the dam?",
            '"We will rebuild the dam," Mayor Ida Holt said, while Bo Berg replied: "She has no money, no plan."',
            "We will rebuild the dam,",
        ),
        (
            "How much did the ferry cost?",
            "The ferry cost 3 million euros, 12 times the price of 2001.",
            "3 million euros",
        ),
        (
            "What did the mayor say about the harbour?",
            'The mayor said of the harbour: "It has never been so full." He left at once.',
            "It has never been so full.",
        ),
    ],
)
def test_times_figures_and_quotations_are_marked(question: str, sentence: str, words: str) -> None:
    assert answer_of(question, sentence) == words
    assert answer_of(question, sentence, before="Rain fell on 7 harbours.\n\n") == words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who opened the tunnel?", "Ana Souza opened the tunnel."),
        ("How many crates were landed?", "Many crates were landed."),
        ("What did the mayor say?", "The mayor said the harbour was full."),
    ],
)
def test_what_cannot_be_told_without_a_model_is_not_marked(question: str, sentence: str) -> None:
    assert answer_of(question, sentence) is None


def test_a_short_answer_says_its_kind() -> None:
    read = read_question("How many crates were landed?", as_of=PUBLISHED, longest=500)
    found = short_answer(read, "Some 41 crates were landed.", Span(0, 27), None, ())
    assert found is not None
    assert (found.kind, found.marked_by) == (AnswerType.NUMBER, "rules")
