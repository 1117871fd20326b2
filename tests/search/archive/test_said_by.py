"""The filter on who says something: what the archive lets through is what `speaks` lets through."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive, MemoryArchive
from search.archive.records import Dossier
from search.article import Span
from search.filters import Filter
from search.statements import Speaker, Standing, Statement, speaks
from tests.fakes import HashEmbedder, make_article, store
from tests.search.archive.glances import articles_of, by_words, findable, near, read

BODY = "Prices rose again, somebody said."
NAMES = st.text(alphabet="abBéÉ ̈'%_\\-|.ßſİıΣςK1½ﬁ", min_size=1, max_size=6) | st.sampled_from(
    [
        "Antony Blinken",
        "ANTONY",
        "blinken",
        "Blink",
        "secretary of state",
        "US Secretary of State",
        "Zoë Müller",
        "zoe",
        "Blinken's spokesman",
        "spokesman for Antony Blinken",
        "spokesman",
        "the spokesman",
    ]
)
SPEAKERS = st.builds(lambda name, role: Speaker(name, role, BODY[19:32], 19, 32), NAMES, st.none() | NAMES)


@pytest.mark.parametrize("counted", [0, 5_000])
def test_if_k_passages_are_by_somebody_k_come_back(
    door: Archive, hash_embedder: HashEmbedder, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.archive.local.snapshot._COUNTED", counted)
    ours = [
        make_article(f"ours{n}", f"The harbour has {n} boats, Ana Souza said.", language="en") for n in range(7)
    ]
    others = [make_article(f"other{n}", f"The harbour has {n} harbour boats, he said.") for n in range(100)]
    store(door, hash_embedder, *others, *ours)
    condition = Filter(said_by=("SOUZA",))
    vector = hash_embedder.embed_question("harbour boats")
    for found in (near(door, vector, 5, condition), by_words(door, ["harbour"], 5, condition)):
        assert len(found) == 5
        assert all(id_.startswith("ours") for id_ in articles_of(found))
    assert len(near(door, vector, 50, condition)) == 7


def test_only_the_passage_with_the_sentence_passes(door: Archive, hash_embedder: HashEmbedder) -> None:
    body = "\n\n".join(f"The harbour has {n} boats. " + "It is a fine harbour with boats. " * 15 for n in range(6))
    body = f"{body.strip()}\n\nThe harbour is full of boats, said Ana Souza, the harbour master."
    store(door, hash_embedder, make_article("long", body))
    assert len(read(door, "long").passages) > 3
    (found,) = by_words(door, ["harbour"], 10, Filter(said_by=("Ana Souza",)))
    assert "Ana Souza" in found.passage.span.of(body)


@pytest.mark.parametrize("name", ["Souza", "ana souza", "ANA", "Harbour master", "master"])
def test_name_and_role_are_both_looked_at(door: Archive, hash_embedder: HashEmbedder, name: str) -> None:
    store(door, hash_embedder, make_article("one", "The harbour is full, said Ana Souza, the harbour master."))
    assert by_words(door, ["harbour"], 10, Filter(said_by=(name,)))
    assert not by_words(door, ["harbour"], 10, Filter(said_by=(f"{name}x",)))


@given(SPEAKERS, st.lists(NAMES.filter(lambda name: sum(map(str.isalnum, name)) > 1), min_size=1, max_size=3))
def test_the_archive_agrees_with_the_pure_function(speaker: Speaker, said_by: list[str]) -> None:
    statement = Statement(Standing.ASSERTED, speaker, 0, len(BODY))
    archive = MemoryArchive.create(HashEmbedder().card)
    with archive.write() as writer:
        dossier = Dossier(make_article("any", BODY), (Span(0, len(BODY)),), statements=(statement,))
        writer.put(dossier, np.ones((1, 256), dtype=np.float32))
        writer.commit()
    assert bool(findable(archive, Filter(said_by=tuple(said_by)))) is speaks(statement, said_by)
