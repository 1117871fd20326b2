"""What is made of a close reader's marks: whole words, names, figures, times and quotations."""

import re
from datetime import date

import numpy as np
import pytest

from search.article import Span
from search.asking.evidence.answer_bounds import WholePieces
from search.asking.evidence.answer_span import marks
from search.asking.evidence.short_answer import ReadPassage, short_answer
from search.asking.evidence.time_answer import answering_time
from search.asking.question import read_question
from search.english.sentences import sentences
from search.models.close_reading import Reading
from search.times import tag

PUBLISHED = date(2024, 9, 10)
BEFORE = "Rain fell on seven harbours.\n\n"


def reading_of(text: str, *marked: str) -> Reading:
    """A reading that sees an answer begin and end with some words, the first ones most surely."""
    pieces = list(re.finditer(r"[a-zA-Z]{1,5}|\d+|[^\w\s]", text))
    spans = np.array([piece.span() for piece in pieces], dtype=np.int64).reshape(-1, 2)
    odds = np.full((len(pieces), 2), -8.0, dtype=np.float32)
    for place, words in enumerate(marked):
        start = text.index(words)
        end = start + len(words)
        odds[next(n for n, (_, stop) in enumerate(spans) if stop > start), 0] = 6.0 - place / 2
        odds[next(n for n, (_, stop) in enumerate(spans) if stop >= end), 1] = 6.0 - place / 2
    return Reading(spans, odds)


def answer_of(question: str, sentence: str, *marked: str) -> str | None:
    body = BEFORE + sentence
    evidence = Span(len(BEFORE), len(body))
    cut = tuple(Span(one.start + len(BEFORE), one.end + len(BEFORE)) for one in sentences(sentence))
    asked = read_question(question, as_of=PUBLISHED, longest=500)
    mentions = tag(body, PUBLISHED)
    when = answering_time(body, evidence, mentions, asked.terms, asked.time_asked) if asked.time_asked else None
    read = ReadPassage(reading_of(sentence, *marked), evidence.start, cut)
    found = short_answer(asked, body, evidence, when, mentions, read)
    if found is None:
        return None
    assert body[found.start : found.end] == found.words
    assert evidence.start <= found.start < found.end <= evidence.end
    assert found.marked_by == "close reader"
    return found.words


@pytest.mark.parametrize(
    ("question", "sentence", "marked", "words"),
    [
        ("Who runs the mill?", "The mill is run by Ana Souza, a former baker.", "Ana Souza", "Ana Souza"),
        ("Who runs the mill?", "The mill is run by Ana Souza, a former baker.", "Souza", "Ana Souza"),
        ("Who runs the mill?", "The mill is run by Mayor Ana Souza.", "Ana Souza", "Ana Souza"),
        ("Who runs the mill?", "In Torvik Danish Minister Bo Berg runs the mill.", "Berg", "Bo Berg"),
        (
            "Which ambassador runs the mill?",
            "The mill is run by the Ambassador to Lisbon Ana Souza.",
            "Lisbon Ana Souza",
            "Ana Souza",
        ),
        ("Who runs the mill?", "The mill is run by Lisbon Souza.", "Lisbon Souza", "Lisbon Souza"),
        ("Where is the school?", "The school stands in Lower Selby, near the sea.", "Selby", "Lower Selby"),
        (
            "Where do the delegates meet?",
            "The delegates meet in Torvik, on the shores of Lake Orm, from noon.",
            "in Torvik, on the shores of Lake Orm",
            "in Torvik, on the shores of Lake Orm",
        ),
        ("What is the boat called?", "The boat is called “Grey Heron” by all.", "Heron", "Grey Heron"),
        ("What grew?", "The tax rose and the co-operative grew.", "oper", "co-operative"),
        ("How long did the siege last?", "The siege lasted 127 days.", "127 days", "127 days"),
        ("How many barrels leaked?", "Some 1,250.5 barrels leaked out.", "1", "1,250.5"),
        ("How many barrels leaked?", "At least 40 barrels leaked out.", "40", "At least 40"),
        ("How much did it cost?", "It cost 3.5 million crowns.", "3", "3.5 million crowns"),
        ("Why did she stay?", "She stayed because (as all knew) it rained.", "as all", "as all knew"),
        (
            "Why did she stay?",
            "She stayed, tired (from the march), at home.",
            "tired (from",
            "tired (from the march)",
        ),
        (
            "What did the mayor say?",
            'The mayor said: "The harbour has never been so full, my friends." He left.',
            "harbour has never been so full",
            "The harbour has never been so full, my friends",
        ),
        ("When does the ferry sail?", "The ferry sails on Friday, the owner said.", "Friday", "on Friday"),
        ("What day does the ferry sail?", "The ferry sails on Friday, the owner said.", "Friday", "Friday"),
        ("When was the dam built?", "The dam was built in 1931 by hand.", "1931", "1931"),
        (
            "Who runs the mill?",
            "The mill is run by US Secretary of State Ana Souza.",
            "State Ana Souza",
            "Ana Souza",
        ),
        ("Who runs the mill?", "The mill is run by a friend of Anna Maria Lund.", "Maria Lund", "Anna Maria Lund"),
        (
            "Who ran the mill?",
            "Although Mr Ana Souza ran the mill, it closed.",
            "Although Mr Ana Souza",
            "Mr Ana Souza",
        ),
        ("Who runs the mill?", "Ana Souza - a former baker - runs the mill.", "Souza", "Ana Souza"),
        ("Where is the firm?", "The Torvik-based firm grew.", "Torvik-based", "Torvik"),
        (
            "Which countries had she visited?",
            "She came back after visits to Chile, Peru and the Netherlands.",
            "Peru",
            "Chile, Peru and the Netherlands",
        ),
        ("Which country has she left?", "She has left Chile, Peru and Spain alone.", "Peru", "Peru"),
        (
            "Why was the school closed?",
            "It was closed due to fears that the roof would fall, the mayor said.",
            "due to fears",
            "due to fears that the roof would fall",
        ),
        (
            "Why was the school closed?",
            "It was closed because the owner had refused to mend the roof and left town.",
            "because the owner had",
            "because the owner had refused to mend the roof",
        ),
        (
            "What did the mayor say?",
            '"The harbour is full of old boats," Mayor Lund said.',
            'harbour is full of old boats," Mayor Lund said',
            "The harbour is full of old boats",
        ),
        (
            "What did the mayor say about the port?",
            "Mayor Lund denounced the new rules of the port.",
            "denounced",
            "denounced the new rules of the port",
        ),
        (
            "How much will the dam cost?",
            "The dam will cost between 3 million crowns and 5 million crowns.",
            "5 million crowns",
            "between 3 million crowns and 5 million crowns",
        ),
        ("How many boats sank?", "In the storm 4 - 6 boats sank.", "6", "4 - 6"),
        ("How long is the bridge?", "The bridge is 300 metres long.", "300", "300 metres"),
        ("How many metres long is it?", "The bridge is 300 metres long.", "300", "300"),
        ("By when must they pay?", "They must pay by the end of June.", "June", "by the end of June"),
    ],
)
def test_a_mark_becomes_a_whole_answer_of_its_kind(question: str, sentence: str, marked: str, words: str) -> None:
    assert answer_of(question, sentence, marked) == words


@pytest.mark.parametrize(
    ("question", "sentence", "marked", "words"),
    [
        ("Who runs the mill?", "The old mill is busy. Ana Souza runs it.", ("old mill", "Ana Souza"), "Ana Souza"),
        ("How many cranes fell?", "Torvik lost cranes. Six fell into the sea.", ("Torvik", "Six"), "Six"),
        ("When will it open?", "The gate is new. It will open next May.", ("gate", "next May"), "next May"),
        (
            "What did Holt say about the dam?",
            '"It must be higher," Holt told listeners in Torvik.',
            ("told listeners", "It must be higher"),
            "It must be higher",
        ),
        (
            "What did Holt say about the dam?",
            'Holt said the dam is too low, and called it "no work of art".',
            ("the dam is too low", "Holt", "and called", "no work of art"),
            "the dam is too low",
        ),
    ],
)
def test_a_mark_of_the_wrong_kind_gives_way_to_a_likely_one_of_the_right_kind(
    question: str, sentence: str, marked: tuple[str, ...], words: str
) -> None:
    assert answer_of(question, sentence, *marked) == words


@pytest.mark.parametrize(
    ("question", "sentence", "marked"),
    [
        ("Who spoke?", "Governor Ana Souza of Selby spoke.", "Ana Souza of Selby"),
        ("What was sold?", "The heirs of the baker sold the small blue house.", "the small blue house"),
        ("Why did it close?", "It closed after the roof fell in.", "the roof fell in"),
        ("Who spoke?", "On Monday Ana spoke.", "Ana"),
    ],
)
def test_a_mark_that_is_whole_stays_as_it_is(question: str, sentence: str, marked: str) -> None:
    assert answer_of(question, sentence, marked) == marked


def test_a_mark_never_has_half_of_a_quotation_that_ends_in_another_sentence() -> None:
    body = 'She said: "We will stay in the old harbour. We have boats."'
    sentence = Span(0, body.index(" We have"))
    whole = WholePieces(body, sentence).made_whole(Span(body.index("said"), body.index(".")))
    assert whole
    assert whole.of(body) == "We will stay in the old harbour"


def test_marks_lie_in_one_sentence_and_have_no_more_tokens_than_they_may() -> None:
    body = "One two three. Four five six."
    reading = reading_of(body, "One two three")
    both = [Span(0, 14), Span(15, 29)]
    for longest in (1, 2, 3):
        found = marks(reading, 0, both, longest)
        assert found
        assert all(mark.tokens <= longest for mark in found)
        assert all(
            any(one.start <= mark.span.start and mark.span.end <= one.end for one in both) for mark in found
        )
        assert [mark.odds for mark in found] == sorted((mark.odds for mark in found), reverse=True)


def test_a_passage_of_which_nothing_was_read_leaves_the_rules() -> None:
    sentence = "The siege lasted 127 days."
    asked = read_question("How many days did it last?", as_of=PUBLISHED, longest=500)
    nothing = Reading(np.empty((0, 2), dtype=np.int64), np.empty((0, 2), dtype=np.float32))
    found = short_answer(asked, sentence, Span(0, 26), None, (), ReadPassage(nothing, 0, (Span(0, 26),)))
    assert found
    assert (found.words, found.marked_by) == ("127", "rules")


def test_a_dateline_is_no_part_of_an_answer() -> None:
    sentence = "SELBY, May 3 - Seventeen boats sank in the storm."
    assert answer_of("How many boats sank?", sentence, "SELBY, May 3 - Seventeen") == "Seventeen"


def test_of_two_figures_in_one_mark_the_one_that_answers_is_marked() -> None:
    sentence = "The port corrected the number of boats that sank to 141 from 143."
    assert answer_of("How many boats sank?", sentence, "141 from 143") == "141"


@pytest.mark.parametrize(
    ("question", "sentence", "marked", "words"),
    [
        ("How much rice was found?", "Police solved 12 thefts of 53 tons of rice.", ("12", "53 tons"), "53 tons"),
        (
            "How much rice was sold?",
            "The port sold 53 tons of wet rice in a deal worth 4 million crowns.",
            ("4 million crowns", "53 tons"),
            "53 tons",
        ),
        (
            "What will oil cost in 2030?",
            "Oil will cost 39 crowns by 2030, 10 crowns higher than today.",
            ("10 crowns", "39 crowns"),
            "39 crowns",
        ),
        (
            "How much higher than today will the price be?",
            "Oil will cost 39 crowns by 2030, 10 crowns higher than today.",
            ("39 crowns", "10 crowns"),
            "10 crowns",
        ),
    ],
)
def test_so_much_is_told_from_how_many_and_a_price_from_a_difference(
    question: str, sentence: str, marked: tuple[str, ...], words: str
) -> None:
    assert answer_of(question, sentence, *marked) == words


def test_the_time_that_is_told_is_the_one_that_is_marked() -> None:
    sentence = "Torvik applied in May 2022 together with Selby, which was admitted in April last year."
    body = BEFORE + sentence
    asked = read_question("When was Selby admitted?", as_of=PUBLISHED, longest=500)
    mentions = tag(body, PUBLISHED)
    evidence = Span(len(BEFORE), len(body))
    when = answering_time(body, evidence, mentions, asked.terms, asked.time_asked) if asked.time_asked else None
    assert when is not None
    words = answer_of("When was Selby admitted?", sentence, "May 2022", "April")
    assert words is not None
    assert body[when.start : when.end] in words


def test_where_a_state_is_asked_for_a_state_is_marked() -> None:
    sentence = "The sailors, who were held in New Haven, found refuge in Portugal."
    assert answer_of("Which country took in the sailors?", sentence, "New Haven", "Portugal") == "Portugal"
    assert answer_of("Which port took in the sailors?", sentence, "New Haven", "Portugal") == "New Haven"


def test_who_has_left_a_place_does_not_hold_it() -> None:
    sentence = "Knut Aas took over as head of the port on Monday after Tora Lie stepped down."
    assert answer_of("Who is the head of the port?", sentence, "Tora Lie", "Knut Aas") == "Knut Aas"
    assert answer_of("Who was the head of the port before Aas?", sentence, "Tora Lie", "Knut Aas") == "Tora Lie"
