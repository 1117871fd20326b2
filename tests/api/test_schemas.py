from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.schemas import (
    AnswerResponse,
    ArchiveOut,
    ArticleResponse,
    ArticleTimes,
    IntervalOut,
    PublicationOut,
    SearchResponse,
    ShortAnswerOut,
    SpeakerOut,
    StatementOut,
    StatusResponse,
    TimelineResponse,
    TimeOut,
    WhenOut,
)
from indexer.dossier import tag_article
from search.archive import Archive
from search.article import Span
from search.asking.citation import Citation, Trail, cite
from search.asking.corroboration import Corroboration
from search.asking.engine import Engine
from search.asking.question import read_question
from search.asking.results import Answer, Searched
from search.asking.tier import Bounds, Tier
from search.filters import Filter
from search.settings import Settings
from tests.fakes import MISSILES, RATES, UNDATED, HashEmbedder, make_article, published

QUESTION = "When will Russia use missiles in Ukraine?"
SEARCHED = Searched(2, None, None, sources={"Wire": 2}, condition=Filter(), snapshot=1)
READING = read_question("When?", as_of=date(2024, 9, 12), longest=100)
TRAIL = Trail(Span(0, 10), 0.5, 1, 2.5, None, 3.5)


def _found(*citations: Citation) -> Answer:
    return Answer(
        "When?",
        READING,
        Tier.ANSWER,
        probability=0.5,
        bounds=Bounds(answer=0.4, perhaps=0.3),
        citations=citations,
        corroboration=Corroboration(1),
        reason="",
        nearest=None,
        searched=SEARCHED,
    )


@pytest.fixture
def engine(news_archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    return Engine(news_archive, hash_embedder, Settings.load(least_closeness=0.2, wanted_precision=0))


def test_what_was_written_can_be_read_again(engine: Engine) -> None:
    with engine.archive.snapshot() as snapshot:
        article = ArticleResponse.load(snapshot, "missiles")
        held = ArchiveOut.of(snapshot, 4_096, "other rules")
    assert held.outdated_readings == held.articles
    responses = [
        AnswerResponse.of(engine.ask(QUESTION, condition=Filter(sources=("Wire",)))),
        AnswerResponse.of(engine.ask("Who composed the opera?")),
        AnswerResponse.of(engine.ask(QUESTION, explain=True)),
        SearchResponse.of(engine.search(QUESTION)),
        SearchResponse.of(engine.search("missiles in September 2024", as_of=date(2024, 9, 12))),
        TimelineResponse.of(engine.timeline("missiles for Russia")),
        ArticleTimes.of(MISSILES, tag_article(MISSILES)),
        ArticleTimes.of(UNDATED, tag_article(UNDATED)),
        article,
        StatusResponse.of(held, HashEmbedder().card),
        StatusResponse.of(held, None),
    ]
    for response in responses:
        assert type(response).model_validate_json(response.to_json()) == response
        assert type(response).model_validate_json(response.to_json(indent=2)) == response


def test_equal_results_give_equal_bytes(engine: Engine) -> None:
    first, second = (AnswerResponse.of(engine.ask(QUESTION)).to_json() for _ in range(2))
    assert first == second


def test_a_citation_says_all_that_the_engine_says(engine: Engine) -> None:
    answer = engine.ask(QUESTION)
    citation, shaped = answer.citations[0], AnswerResponse.of(answer).citations[0]
    for name in type(shaped).model_fields:
        if name not in {"published", "trail", "times", "when", "speaker", "statements", "answer", "family"}:
            assert getattr(shaped, name) == getattr(citation, name)
    assert shaped.trail.passage.start == citation.trail.passage.start
    assert shaped.trail.retrieval_score == citation.trail.retrieval_score
    assert citation.speaker
    assert citation.answer
    assert shaped.speaker == SpeakerOut.model_validate(citation.speaker)
    assert shaped.statements == tuple(StatementOut.model_validate(one) for one in citation.statements) != ()
    assert shaped.answer == ShortAnswerOut.model_validate(citation.answer)
    assert shaped.when == WhenOut.model_validate(citation.when)
    assert shaped.times == tuple(TimeOut.model_validate(mention) for mention in citation.times) != ()
    assert citation.when
    for name in type(shaped.when).model_fields:
        if name != "interval":
            assert getattr(shaped.when, name) == getattr(citation.when, name)
    for name in IntervalOut.model_fields:
        assert getattr(shaped.when.interval, name) == getattr(citation.when.interval, name)


@pytest.mark.parametrize("value", ["2024", "2024-09", "2024-09-10", "2024-09-10T12:31"])
def test_a_publication_time_is_no_more_precise_than_it_is_known(value: str) -> None:
    publication = published(value)
    shaped = PublicationOut.model_validate(publication)
    assert (shaped.value, shaped.precision, shaped.found_in) == (value, publication.precision, "the test")


def test_char_locations_are_the_citations_one_to_one() -> None:
    cited = [(MISSILES, Span(0, 6)), (RATES, Span(4, 11)), (MISSILES, Span(8, 15))]
    citations = tuple(cite(article, span, 1.0, TRAIL) for article, span in cited)
    answer = AnswerResponse.of(_found(*citations))
    assert answer.articles == ("missiles", "rates")
    assert [location.document_index for location in answer.char_locations] == [0, 1, 0]
    for location, (article, span) in zip(answer.char_locations, cited, strict=True):
        assert location.type == "char_location"
        assert location.cited_text == article.body[location.start_char_index : location.end_char_index]
        assert (location.start_char_index, location.end_char_index) == (span.start, span.end)
        assert location.document_title == article.headline


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), st.data())
def test_any_quote_survives_json(text: str, data: st.DataObject) -> None:
    article = make_article("any", text)
    start = data.draw(st.integers(0, len(article.body) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(article.body))))
    answer = AnswerResponse.of(_found(cite(article, span, 1.0, TRAIL)))
    read = AnswerResponse.model_validate_json(answer.to_json())
    body = ArticleResponse.model_validate_json(ArticleResponse.of(article, [span]).to_json()).body
    assert body[read.citations[0].start : read.citations[0].end] == read.citations[0].quote


def test_shapes_are_frozen_and_have_no_other_fields(engine: Engine) -> None:
    answer = AnswerResponse.of(engine.ask(QUESTION))
    with pytest.raises(ValidationError, match="frozen"):
        answer.found = False  # type: ignore[misc]
    with pytest.raises(ValidationError, match="other"):
        AnswerResponse.model_validate({**answer.model_dump(), "other": 1})
