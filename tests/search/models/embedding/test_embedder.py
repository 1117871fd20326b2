import pytest

from search.models.embedding.embedder import HEADLINE_CHARACTERS, in_context


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        pytest.param("", "He left.", id="no-headline"),
        pytest.param("  ", "He left.", id="blank-headline"),
        pytest.param("Minister resigns", "Minister resigns. He left.", id="becomes-a-sentence"),
        pytest.param("Who resigned?", "Who resigned? He left.", id="is-a-sentence"),
        pytest.param(" Minister resigns ", "Minister resigns. He left.", id="stripped"),
        pytest.param("x" * 300, "x" * HEADLINE_CHARACTERS + ". He left.", id="cut"),
    ],
)
def test_a_headline_stands_before_a_passage_as_a_sentence(headline: str, expected: str) -> None:
    assert in_context(headline, "He left.") == expected
