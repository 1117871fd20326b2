import pytest

from search.english.terms import terms
from search.english.word_forms import forms_of, framing_words


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("decide", "decision"),
        ("decided", "decisions"),
        ("expanding", "expansion"),
        ("permit", "permission"),
        ("reduction", "reduced"),
        ("won", "winner"),
        ("winners", "win"),
        ("bought", "buys"),
        ("departure", "departs"),
        ("agreed", "agreement"),
        ("growth", "grew"),
        ("Iranian", "Iran"),
        ("Italy", "Italian"),
        ("wolves", "wolf"),
        ("died", "death"),
        ("voter", "vote"),
    ],
)
def test_forms_of_one_word_are_found(word: str, other: str) -> None:
    assert not forms_of(word).isdisjoint(terms(other))
    assert not forms_of(other).isdisjoint(terms(word))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("wolf", "golf"),
        ("decide", "decline"),
        ("herring", "her"),
        ("port", "part"),
        ("mission", "mister"),
        ("2024", "2025"),
    ],
)
def test_other_words_are_no_forms(word: str, other: str) -> None:
    assert forms_of(word).isdisjoint(terms(other))


@pytest.mark.parametrize(
    ("question", "framing"),
    [
        ("What did the mayor say about wolves?", {"say"}),
        ("Where did the match take place?", {"take", "place"}),
        ("Which place did they take?", set()),
        ("What has been announced near Porto?", {"announced", "near"}),
        ("What happened on the saying of mass?", {"happened", "saying"}),
        ("Who bit the essayist?", set()),
    ],
)
def test_words_that_only_frame_a_question_are_told(question: str, framing: set[str]) -> None:
    assert framing_words(question) == framing
