import pytest

from search.asking.spelling import distance, respelt, written_anew
from search.english.terms import content_terms

TEXTS = (
    "The missiles were shipped to Torvik by Minister Holtmann.",
    "Missiles and catapults; the harbour, a prize.",
)
WORDS = {"price", "carpet", "shipped", "harbour", "pardon"}


def pairs_of(question: str) -> tuple[tuple[str, str], ...]:
    there = {term for text in TEXTS for term in content_terms(text)}
    unknown = set(content_terms(question)) - there
    return respelt(question, unknown, TEXTS, WORDS.__contains__)


@pytest.mark.parametrize(
    ("question", "anew"),
    [
        ("when were the misiles shiped?", "when were the missiles shipped?"),
        ("who sent the catpaults", "who sent the catapults"),
        ("when did holtman speak", "when did Holtmann speak"),
        ("What did Holtman say?", "What did Holtmann say?"),
        ("who owns the harbor", "who owns the harbour"),
    ],
)
def test_what_is_misspelt_is_read_as_the_articles_spell_it(question: str, anew: str) -> None:
    assert written_anew(question, pairs_of(question)) == anew


@pytest.mark.parametrize(
    "question",
    [
        "what was the price?",  # a word, however near to "prize"
        "who was pardoned?",  # a form of a word
        "when were the missiles shipped?",
        "What did Hultmenn say?",  # a name that differs in two letters may be another
        "What did Bolt say?",
        "where are the unicorns?",
        "ship it",
    ],
)
def test_what_is_a_word_or_far_from_any_stays(question: str) -> None:
    assert pairs_of(question) == ()


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("harbor", "harbour", 1), ("form", "from", 1), ("abc", "abc", 0), ("cat", "dog", 3), ("abcd", "badc", 2)],
)
def test_letters_are_left_out_put_in_changed_or_exchanged(one: str, other: str, steps: int) -> None:
    assert distance(one, other, 2) == min(steps, 3)
    assert distance(other, one, 2) == min(steps, 3)
