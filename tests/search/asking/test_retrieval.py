import pytest

from search.archive import Archive
from search.asking.engine import Engine
from search.asking.retrieval import Method, retrieve
from search.filters import Filter
from search.settings import Settings
from tests.fakes import HashEmbedder, make_article, store

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


def test_how_things_stood_is_told_by_what_was_published_by_then(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    """A later report that looks back gives the figure of its own day; it counts where there is no other."""
    first = make_article("first", "Six people died in the flood of the Tess on Tuesday.", day="2014-06-03")
    later = make_article("later", "Nineteen people died in the flood of the Tess last week.", day="2014-06-12")
    store(archive, hash_embedder, first, later)
    engine = Engine(archive, hash_embedder, Settings.load())
    asked = "How many people had died in the flood of the Tess as of June {} 2014?"
    with archive.snapshot() as snapshot:
        then = engine.gather(snapshot, engine.read(snapshot, asked.format("4,")))
        whole = engine.gather(snapshot, engine.read(snapshot, asked.format("20,")))
    assert {one.article for one in then.candidates} == {"first"}
    assert {one.article for one in whole.candidates} == {"first", "later"}
