from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from search.archive import Archive
from search.asking.engine import Engine
from search.asking.evidence import CAREFUL, EFFORTS, Effort, Evidence
from search.asking.evidence.joining import LONGEST_PAIR
from search.filters import Filter
from search.models import ModelIdentity, Models
from search.settings import Settings
from search.statements import Standing
from tests.fakes import NEWS, HashEmbedder, ReaderForAWord, make_article, store

EVERYTHING = Filter()
QUESTION = "How many crates of sardines did the harbour of Porto land on Monday?"
HARBOUR = make_article(
    "harbour",
    "The harbour of Porto was full on Monday, Ana Souza said. Her boats landed 41 crates of sardines.\n\n"
    "Nine gulls cried. It rained. Nobody minded the rain. Two children ate bread.\n\n"
    "How many crates of sardines will the harbour of Porto land on Tuesday?",
    "Sardines in Porto",
    "2024-09-10",
    language="en",
)


class ByAWord:
    """A reranker that prefers texts by a word."""

    def __init__(self, word: str) -> None:
        self._word = word

    @property
    def identity(self) -> ModelIdentity:
        return ModelIdentity("by-a-word", "0" * 64, 512)

    def score(self, _: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([float(self._word in text) for text in texts], dtype=np.float32)


@pytest.fixture
def harbour(archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    store(archive, hash_embedder, HARBOUR, *NEWS)
    return Engine(archive, hash_embedder, Settings.load(), today=lambda: date(2024, 9, 12))


def weighed(
    engine: Engine, condition: Filter = EVERYTHING, **options: bool
) -> tuple[list[Evidence], dict[str, str]]:
    with engine.archive.snapshot() as snapshot:
        asked = engine.read(snapshot, QUESTION, condition)
        material = engine.gather(snapshot, asked)
    evidence = engine.weigh(asked, material, **options)  # type: ignore[arg-type]
    return evidence, {id_: dossier.article.body for id_, dossier in material.dossiers.items()}


def test_the_sentence_with_the_kind_of_thing_asked_for_comes_before_the_one_that_repeats_the_question(
    harbour: Engine,
) -> None:
    evidence, bodies = weighed(harbour, pairs=False)
    texts = [piece.best.of(bodies[piece.candidate.article]) for piece in evidence]
    assert texts[0] == "Her boats landed 41 crates of sardines."
    assert evidence[0].features.figure == 1
    asking = next(piece for piece in evidence if piece.features.asks)
    assert asking.features.coverage > evidence[0].features.coverage


def test_no_sentence_is_cited_twice_and_pairs_are_neighbours(harbour: Engine) -> None:
    evidence, bodies = weighed(harbour)
    cited: set[tuple[str, int]] = set()
    for piece in evidence:
        key, body = piece.candidate.article, bodies[piece.candidate.article]
        places = {(key, place) for place in range(piece.span.start, piece.span.end)}
        assert not places & cited
        cited |= places
        assert piece.candidate.span.start <= piece.span.start <= piece.best.start
        assert piece.best.end <= piece.span.end <= piece.candidate.span.end
        assert len(piece.span.of(body)) <= max(LONGEST_PAIR, piece.best.end - piece.best.start)
    assert sum(piece.share for piece in evidence) == pytest.approx(1)


def test_few_sentences_are_embedded(harbour: Engine, hash_embedder: HashEmbedder) -> None:
    hash_embedder.embedded.clear()
    weighed(harbour)
    assert 0 < len(hash_embedder.embedded) <= CAREFUL.sentences


def test_what_the_close_reader_prefers_comes_first(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, HARBOUR)
    engine = Engine(archive, hash_embedder, Settings.load(), models=Models(close_reader=ReaderForAWord("bread")))
    evidence, bodies = weighed(engine, pairs=False)
    answers = [(piece.best.of(bodies[piece.candidate.article]), piece.features.answers) for piece in evidence]
    assert answers[0] == ("Two children ate bread.", pytest.approx(5.0, abs=0.01))
    assert all(value < 0 for _, value in answers[1:])
    assert {piece.read_by for piece in evidence} == {"fast"}


def test_without_a_close_reader_or_in_another_language_nothing_is_read_closely(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, HARBOUR)
    others, _ = weighed(Engine(archive, hash_embedder, Settings.load()))
    assert {(piece.read_by, piece.features.answers) for piece in others} == {(None, 0.0)}
    store(archive, hash_embedder, replace(HARBOUR, language="pt"))
    reader = ReaderForAWord("bread")
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=0), models=Models(close_reader=reader))
    others, _ = weighed(engine)
    assert {(piece.read_by, piece.features.answers) for piece in others} == {(None, 0.0)}
    receipt = engine.ask(QUESTION, explain=True).receipt
    assert receipt is not None
    assert "close_reader" not in receipt.models
    assert reader.passages == []


def test_the_receipt_names_the_close_reader(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, HARBOUR)
    settings = Settings.load(wanted_precision=0)
    engine = Engine(archive, hash_embedder, settings, models=Models(close_reader=ReaderForAWord("bread")))
    receipt = engine.ask(QUESTION, explain=True).receipt
    assert receipt is not None
    assert receipt.models["close_reader"] == "word reader ffffffffffffffff (words f32)"
    assert receipt.evidence[0].features.answers == pytest.approx(5.0, abs=0.01)
    assert receipt.parameters["close_reader"]


@pytest.mark.parametrize(("profile", "effort"), EFFORTS.items())
def test_few_passages_are_read_closely(
    archive: Archive, hash_embedder: HashEmbedder, profile: str, effort: Effort
) -> None:
    told = [
        make_article(f"harbour-{n}", f"The harbour of Porto landed {n} crates of sardines. It rained {n} times.")
        for n in range(20)
    ]
    store(archive, hash_embedder, *told)
    reader = ReaderForAWord("crates")
    settings = Settings.load(wanted_precision=0, profile=profile)
    engine = Engine(archive, hash_embedder, settings, models=Models(close_reader=reader))
    hash_embedder.embedded.clear()
    assert len(engine.ask(QUESTION, k=3).citations) == 3
    assert len(reader.passages) == effort.closely
    assert len(hash_embedder.embedded) == effort.sentences
    assert len(engine.ask(QUESTION, k=12).citations) == 12


def test_only_what_the_speaker_says_is_read(harbour: Engine) -> None:
    evidence, bodies = weighed(harbour, Filter(said_by=("Souza",)))
    assert {piece.best.of(bodies[piece.candidate.article]) for piece in evidence} == {
        "The harbour of Porto was full on Monday, Ana Souza said."
    }


def test_a_sentence_counts_where_the_speaker_says_it(archive: Archive, hash_embedder: HashEmbedder) -> None:
    sentence = '"The harbour of Porto will land 41 crates of sardines on Monday," he said.'
    for id_, name in (("costa", "Rui Costa"), ("lima", "Rui Lima")):
        body = f"{name}, the mayor, spoke of the harbour of Porto. {sentence}"
        store(archive, hash_embedder, make_article(id_, body, "Sardines", "2024-09-10", language="en"))
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=0.0))
    for name in ("Rui Costa", "Rui Lima"):
        answer = engine.ask(QUESTION, condition=Filter(said_by=(name,)))
        assert [citation.speaker and citation.speaker.name for citation in answer.citations] == [name]


def test_words_that_somebody_else_said_first_are_found_as_the_speakers(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    words = '"The harbour of Porto landed 41 crates of sardines on Monday," she said.'
    for one, other in (("Souza", "Novak"), ("Novak", "Souza")):
        scene = (
            "It rained." if one == "Souza" else "The fair opened with music, horses and a long parade of boats."
        )
        body = f"Ana {one}, the mayor, was tired. {words} {scene} Nothing else happened, said Ana {other}."
        store(archive, hash_embedder, make_article(one, body, "Sardines", "2024-09-10", language="en"))
    engine = Engine(archive, hash_embedder, Settings.load(), today=lambda: date(2024, 9, 12))
    for name in ("Souza", "Novak"):
        evidence, bodies = weighed(engine, Filter(said_by=(name,)), pairs=False)
        found = {
            piece.best.of(bodies[piece.candidate.article]): bodies[piece.candidate.article] for piece in evidence
        }
        assert found[words].startswith(f"Ana {name}")


def test_a_reranker_orders_the_sentences_and_leaves_their_features(
    harbour: Engine, hash_embedder: HashEmbedder
) -> None:
    engine = Engine(harbour.archive, hash_embedder, Settings.load(), models=Models(reranker=ByAWord("gulls")))
    evidence, bodies = weighed(engine, pairs=False)
    assert evidence[0].best.of(bodies[evidence[0].candidate.article]) == "Nine gulls cried."
    plain, _ = weighed(harbour, pairs=False)
    same = next(piece for piece in plain if piece.best == evidence[0].best)
    assert same.features == evidence[0].features


def test_nothing_to_read_is_no_evidence(harbour: Engine) -> None:
    assert weighed(harbour, Filter(sources=("Nobody",)))[0] == []


def test_sentences_cited_together_each_keep_their_standing(archive: Archive, hash_embedder: HashEmbedder) -> None:
    body = (
        "The harbour of Porto landed 41 crates of sardines. The harbour of Porto will land 50 crates of sardines."
    )
    store(archive, hash_embedder, make_article("mixed", body, "Sardines", "2024-09-10", language="en"))
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=0.0))
    citation = engine.ask(QUESTION).citations[0]
    assert citation.quote == body
    said = [(body[one.start : one.end], one.standing) for one in citation.statements]
    assert said == [
        ("The harbour of Porto landed 41 crates of sardines.", Standing.ASSERTED),
        ("The harbour of Porto will land 50 crates of sardines.", Standing.PREDICTED),
    ]


def test_the_standing_of_a_citation_is_that_of_the_sentence_that_answers(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    body = "The harbour of Porto landed crates of sardines. The harbour of Porto will land 50 crates of sardines."
    store(archive, hash_embedder, make_article("mixed", body, "Sardines", "2024-09-10", language="en"))
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=0.0))
    citation = engine.ask("How many crates of sardines does the harbour of Porto land?").citations[0]
    assert citation.answer
    assert citation.answer.words.startswith("50")
    assert citation.standing is Standing.PREDICTED


def test_as_many_citations_come_back_as_are_asked_for(archive: Archive, hash_embedder: HashEmbedder) -> None:
    for number in range(20):
        body = f"The harbour of Porto landed {number + 40} crates of sardines on pier {number}."
        store(archive, hash_embedder, make_article(f"landing-{number}", body, "Sardines", "2024-09-10"))
    engine = Engine(archive, hash_embedder, Settings.load(wanted_precision=0.0))
    assert len(engine.ask(QUESTION, k=11).citations) == 11
