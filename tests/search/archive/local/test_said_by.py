"""The filter on who says something: what the database lets through is what `speaks` lets through."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.archive import Archive
from search.archive.local.database import Database
from search.article import Span
from search.filters import Filter
from search.statements import Speaker, Standing, Statement, speaks
from tests.fakes import HashEmbedder, make_article, store

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


def test_if_k_passages_are_by_somebody_k_come_back(archive: Archive, hash_embedder: HashEmbedder) -> None:
    ours = [
        make_article(f"ours{n}", f"The harbour has {n} boats, Ana Souza said.", language="en") for n in range(7)
    ]
    others = [make_article(f"other{n}", f"The harbour has {n} harbour boats, he said.") for n in range(300)]
    store(archive, hash_embedder, *others, *ours)
    condition = Filter(said_by=("SOUZA",))
    vector = hash_embedder.embed_question("harbour boats")
    for found in (
        {key for key, _ in archive.dense(vector, 5, condition)},
        archive.lexical(["harbour"], 5, condition),
    ):
        assert len(found) == 5
        articles = archive.fetch_articles(passage.article for passage in archive.fetch(found).values())
        assert all(article.id.startswith("ours") for article in articles.values())
    assert len(archive.dense(vector, 50, condition)) == 7


def test_only_the_passage_with_the_sentence_passes(archive: Archive, hash_embedder: HashEmbedder) -> None:
    body = "\n\n".join(f"The harbour has {n} boats. " + "It is a fine harbour with boats. " * 15 for n in range(6))
    body = f"{body.strip()}\n\nThe harbour is full of boats, said Ana Souza, the harbour master."
    store(archive, hash_embedder, make_article("long", body))
    assert len(archive.passages_of("long")) > 3
    found = archive.lexical(["harbour"], 10, Filter(said_by=("Ana Souza",)))
    (passage,) = archive.fetch(found).values()
    assert "Ana Souza" in passage.span.of(body)


@pytest.mark.parametrize("name", ["Souza", "ana souza", "ANA", "Harbour master", "master"])
def test_name_and_role_are_both_looked_at(archive: Archive, hash_embedder: HashEmbedder, name: str) -> None:
    store(archive, hash_embedder, make_article("one", "The harbour is full, said Ana Souza, the harbour master."))
    assert archive.lexical(["harbour"], 10, Filter(said_by=(name,)))
    assert not archive.lexical(["harbour"], 10, Filter(said_by=(f"{name}x",)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPEAKERS, st.lists(NAMES.filter(lambda name: sum(map(str.isalnum, name)) > 1), min_size=1, max_size=3))
def test_the_database_agrees_with_the_pure_function(
    database: Database, speaker: Speaker, said_by: list[str]
) -> None:
    statement = Statement(Standing.ASSERTED, speaker, 0, len(BODY))
    database.begin()
    database.add(
        make_article("any", BODY), [Span(0, len(BODY))], np.ones((1, 4), dtype=np.float32), (), None, [statement]
    )
    let_through = bool(len(database.passage_keys(Filter(said_by=tuple(said_by)))))
    database.roll_back()
    assert let_through is speaks(statement, said_by)


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = Database(tmp_path_factory.mktemp("said") / "archive.sqlite")
    database.create(schema_version="4")
    return database
