"""A search that finds nothing says what was looked for, and what there is."""

import pytest

from search.archive import Archive
from search.asking.engine import Engine
from search.asking.retrieval import Method
from search.filters import Filter
from search.settings import Settings
from tests.fakes import HashEmbedder


@pytest.fixture
def engine(news_archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    return Engine(news_archive, hash_embedder, Settings.load())


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Filter(sources=("Nobody's",)), 'No article has the source "Nobody\'s"; there are: '),
        (Filter(sections=("gardens",)), 'No article has the section "gardens"; '),
        (Filter(languages=("english",)), "Languages are codes of two letters, such as en."),
    ],
)
def test_a_filter_that_nothing_can_pass_says_what_there_is(engine: Engine, condition: Filter, said: str) -> None:
    found = engine.search("missiles", condition=condition)
    assert found.passages == ()
    assert said in found.reason
    assert said in engine.ask("When will Russia use the missiles?", condition=condition).reason


def test_words_that_stand_nowhere_and_mean_nothing_find_nothing(engine: Engine) -> None:
    found = engine.search("qwxzzk")
    assert found.passages == ()
    assert found.reason == 'Nothing in the archive has "qwxzzk", and nothing comes near in meaning.'
    assert engine.search("qwxzzk missiles").passages
    assert engine.search("qwxzzk", method=Method.DENSE).passages
    assert engine.search("qwxzzk", method=Method.LEXICAL).reason == "No passage has a word of it."


def test_a_phrase_that_stands_nowhere_is_named(engine: Engine) -> None:
    assert engine.search('"missiles of cheese"').reason == 'No article has "missiles of cheese" in its text.'
    assert engine.search("missiles").reason == ""
