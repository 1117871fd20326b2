"""Questions that an archive answers are found from its own articles, and asked before they are offered."""

from itertools import count
from pathlib import Path

import pytest

from search.archive import LocalArchive
from search.asking.engine import Engine
from search.asking.suggestions import Kind, candidates_of, suggest
from search.asking.tier import Tier
from search.settings import Settings
from tests.fakes import HashEmbedder, make_article, store
from tests.looking import dossier_in

TOLD = (
    "At least 12 sailors were rescued off Porto. The Arrabida Bridge was closed to traffic on Monday.\n\n"
    "Anthony Novak, the mayor of Porto, said that the talks with Spain were over. It was raining."
)
ARTICLES = [
    make_article("told", TOLD, "A storm", "2024-09-10", source="Wire"),
    make_article("french", "Au moins 12 marins ont péri.", "Tempête", "2024-09-11", language="fr"),
]


@pytest.fixture
def engine(tmp_path: Path, hash_embedder: HashEmbedder) -> Engine:
    archive = LocalArchive.create(tmp_path, hash_embedder.card)
    store(archive, hash_embedder, *ARTICLES)
    return Engine(archive, hash_embedder, Settings.load(wanted_precision=0))


def test_sentences_of_an_article_are_turned_into_questions_of_their_kinds(engine: Engine) -> None:
    found = {one.kind: one for one in candidates_of(dossier_in(engine.archive, "told"), lambda _: True)}
    assert found[Kind.FIGURE].question == "How many sailors were rescued off Porto?"
    assert found[Kind.TIME].question == "When was the Arrabida Bridge closed to traffic?"
    time = found[Kind.TIME].time
    assert time is not None
    assert time.of(TOLD) == "Monday"
    assert found[Kind.STATEMENT].question == "What did Anthony Novak say about Spain?"
    for one in found.values():
        assert one.span.of(TOLD).endswith((".", '"'))


def test_an_article_in_another_language_is_left_alone(engine: Engine) -> None:
    assert [*candidates_of(dossier_in(engine.archive, "french"), lambda _: True)] == []


def test_what_is_offered_is_answered_by_its_own_article(engine: Engine) -> None:
    offered = suggest(engine)
    assert offered
    assert len({one.article_id for one in offered}) == len(offered)
    for one in offered:
        answer = engine.ask(one.question)
        assert answer.tier is Tier.ANSWER
        assert answer.citations[0].article_id == one.article_id
        assert one.answer in TOLD
    assert suggest(engine) == offered


def test_looking_ends_when_it_is_told_to(engine: Engine) -> None:
    calls = count()

    def go_on() -> bool:
        return next(calls) > 0

    assert suggest(engine, go_on=go_on) == ()
    assert next(calls) == 1
