import pytest

from search.archive import Archive
from search.asking.engine import Engine
from search.asking.retrieval import Method, retrieve
from search.filters import Filter
from search.settings import Settings
from tests.fakes import HashEmbedder

QUESTION = "Which bridge did a ship strike in the harbour?"


@pytest.mark.parametrize("method", Method)
def test_a_passage_scores_the_same_whatever_else_passes_the_filter(
    news_archive: Archive, hash_embedder: HashEmbedder, method: Method
) -> None:
    """However the passages that pass are compared: by an index, or one by one."""
    engine = Engine(news_archive, hash_embedder, Settings.load())
    with news_archive.snapshot() as snapshot:
        everything = retrieve(snapshot, engine.read(snapshot, QUESTION), depth=10, method=method)
        ledger = retrieve(
            snapshot, engine.read(snapshot, QUESTION, Filter(sources=("Ledger",))), depth=10, method=method
        )
    scores = {one.passage: (one.score, one.closeness, one.lexical) for one in everything}
    assert ledger
    assert [(one.score, one.closeness, one.lexical) for one in ledger] == [scores[one.passage] for one in ledger]
