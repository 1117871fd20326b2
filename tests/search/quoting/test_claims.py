import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.schemas import AnswerResponse, SearchResponse, TimelineResponse
from search.archive import Archive
from search.asking.engine import Engine
from search.quoting.citation_id import citation_id
from search.quoting.claims import WHOLE, read_claims, read_json_claims
from search.quoting.verification import Claim
from search.settings import Settings
from tests.fakes import HashEmbedder

QUESTION = "When will Russia use missiles in Ukraine?"
ID = citation_id("a", 0, 4, "Gone")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["quote", "text", "type", "claims", "citations", "content", "start", "id", "x"]), inner
        )
    ),
)


@pytest.fixture
def engine(news_archive: Archive, hash_embedder: HashEmbedder) -> Engine:
    return Engine(news_archive, hash_embedder, Settings.load(least_closeness=0.2))


def test_the_citations_of_our_own_answers_are_read(engine: Engine) -> None:
    answer = AnswerResponse.of(engine.ask(QUESTION))
    for indent in (None, 2):
        read = read_claims(answer.to_json(indent))
        assert read.refused == ()
        claims = {located.where: located.claim for located in read.claims}
        assert len(claims) == len(read.claims)
        for number, cited in enumerate(answer.citations):
            expected = (cited.quote, cited.article_id, cited.start, cited.end)
            for where in (f"citations[{number}]", f"char_locations[{number}]"):
                claim = claims[where]
                assert (claim.quote, claim.article_id, claim.start, claim.end) == expected


def test_whatever_an_answer_says_that_an_article_says_is_read() -> None:
    places = {
        *("citations[0]", "char_locations[0]", "nearest", "corroboration.supporting[0]", "passages[0]"),
        *("corroboration.differing[0].citation", "groups[0].entries[0].citation"),
        *("citations[0].answer", "citations[0].when", "citations[0].speaker", "citations[0].times[0]"),
        *("citations[0].statements[1].speaker", "nearest.answer"),
    }

    def cited(where: str, **marked: object) -> dict[str, object]:
        return {"quote": where, "article_id": "a", "start": 0, "end": 9, "times": [], **marked}

    def mark(where: str) -> dict[str, object]:
        return {"words": where, "start": 3, "end": 5}

    first = {name: mark(f"citations[0].{name}") for name in ("answer", "when", "speaker")}
    answer = {
        "articles": ["a"],
        "citations": [
            cited(
                "citations[0]",
                **first,
                times=[mark("citations[0].times[0]")],
                statements=[
                    {"standing": "asserted", "speaker": first["speaker"]},
                    {"standing": "denied", "speaker": mark("citations[0].statements[1].speaker")},
                    {"standing": "denied", "speaker": None},
                ],
            )
        ],
        "char_locations": [{"cited_text": "char_locations[0]", "document_index": 0}],
        "nearest": cited("nearest", answer=mark("nearest.answer"), when=None),
        "corroboration": {
            "families": 3,
            "supporting": [cited("corroboration.supporting[0]")],
            "differing": [{"difference": "number", "citation": cited("corroboration.differing[0].citation")}],
        },
        "passages": [cited("passages[0]")],
        "groups": [{"begins": "2024-09-01", "entries": [{"citation": cited("groups[0].entries[0].citation")}]}],
    }
    read = read_claims(json.dumps(answer))
    assert read.refused == ()
    assert {located.where for located in read.claims} == places
    for located in read.claims:
        assert (located.claim.quote, located.claim.article_id) == (located.where, "a")


def test_marked_words_that_are_malformed_are_refused() -> None:
    read = read_claims(json.dumps({"quote": "x", "answer": {"words": 5}, "times": [{"words": "y", "start": "1"}]}))
    assert [located.where for located in read.claims] == [WHOLE]
    assert [(refused.where, refused.reason) for refused in read.refused] == [
        ("answer", "words must be a text, not a number."),
        ("times[0]", "start must be a whole number, not a text."),
    ]


def test_what_came_nearest_to_an_answer_that_was_not_found_is_read(engine: Engine) -> None:
    answer = AnswerResponse.of(engine.ask("Who composed the opera?"))
    assert answer.nearest
    read = read_claims(answer.to_json())
    assert read.claims[0].where == "nearest"
    assert read.claims[0].claim.quote == answer.nearest.quote
    assert (read.refused, read.unchecked_words) == ((), 0)


def test_search_results_and_timelines_are_read(engine: Engine) -> None:
    found = SearchResponse.of(engine.search(QUESTION))
    cited = [located for located in read_claims(found.to_json()).claims if located.where.endswith("]")]
    cited = [located for located in cited if "." not in located.where]
    assert len(cited) == len(found.passages)
    timeline = TimelineResponse.of(engine.timeline("missiles for Russia"))
    read = read_claims(timeline.to_json())
    cited = [located for located in read.claims if located.where.endswith(".citation")]
    assert len(cited) == sum(len(group.entries) for group in timeline.groups) > 0
    assert read.claims[0].where == "groups[0].entries[0].citation"


@pytest.mark.parametrize(
    ("value", "claim"),
    [
        ({"quote": "x"}, Claim("x")),
        ({"text": "x", "cited_text": "y"}, Claim("y")),
        ({"text": "x", "article_id": "a", "start": 1, "end": 2}, Claim("x", "a", start=1, end=2)),
        ({"quote": "x", "article_id": None, "start": None, "anything": [1]}, Claim("x")),
        ({"quote": "x", "id": "c1"}, Claim("x")),
        ({"quote": "x", "id": ID}, Claim("x", citation_id=ID)),
        ({"citation_id": ID}, Claim(None, citation_id=ID)),
        ({"id": ID}, Claim(None, citation_id=ID)),
        (
            {
                "type": "char_location",
                "cited_text": "x",
                "document_index": 0,
                "document_title": "T",
                "start_char_index": 3,
                "end_char_index": 4,
            },
            Claim("x", headline="T", start=3, end=4),
        ),
    ],
)
def test_a_claim_is_read_whatever_its_fields_are_called(value: dict[str, Any], claim: Claim) -> None:
    for text in (
        json.dumps(value),
        json.dumps([value]),
        json.dumps({"claims": [value]}),
        f"{json.dumps(value)}\n",
    ):
        read = read_claims(text)
        assert [located.claim for located in read.claims] == [claim]
        assert read.refused == ()


def test_a_quote_is_read_also_beside_claims_or_contents() -> None:
    for beside in ({"citations": []}, {"content": {"kind": "note"}}, {"claims": [{"quote": "y"}]}):
        read = read_json_claims({"quote": "x", "article_id": "a", **beside})
        assert Claim("x", article_id="a") in [located.claim for located in read.claims]


def test_the_messages_of_chat_clients_are_read() -> None:
    cited = {"type": "char_location", "cited_text": "x", "document_title": None}
    message = {
        "role": "assistant",
        "content": [
            {"type": "text", "text": "It says so.", "citations": [cited]},
            {"type": "text", "text": "More."},
        ],
    }
    read = read_claims(json.dumps(message))
    assert [(located.where, located.claim) for located in read.claims] == [("content[0].citations[0]", Claim("x"))]
    assert (read.refused, read.unchecked_words) == ((), 4)
    plain = read_claims(json.dumps({"role": "assistant", "content": "It says so."}))
    assert (plain.claims, plain.refused, plain.unchecked_words) == ((), (), 3)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, "no quote"),
        ({"quote": 1}, "quote must be a text, not a number"),
        ({"quote": ["x"]}, "quote must be a text, not a list"),
        ({"quote": "x", "start": "1", "end": 2}, "start must be a whole number, not a text"),
        ({"quote": "x", "start": 1, "end": True}, "end must be a whole number, not true or false"),
        ({"quote": "x", "start": 1.0}, "start must be a whole number"),
        ({"quote": "x", "article_id": {}}, "article_id must be a text, not an object"),
        ("x", "not a text"),
        (None, "not null"),
    ],
)
def test_a_malformed_claim_is_refused_by_its_place_and_the_rest_is_read(value: object, said: str) -> None:
    read = read_json_claims([{"quote": "x"}, value, {"quote": "y"}], "claims")
    assert [located.where for located in read.claims] == ["claims[0]", "claims[2]"]
    (refused,) = read.refused
    assert refused.where == "claims[1]"
    assert said in refused.reason


def test_a_bad_line_of_json_lines_is_refused_and_the_rest_is_read() -> None:
    read = read_claims('{"quote": "x"}\n\n{"quote": \n{"quote": "y"}\n{"quote": 5}\n')
    assert [(located.where, located.claim.quote) for located in read.claims] == [("line 1", "x"), ("line 4", "y")]
    assert [refused.where for refused in read.refused] == ["line 3", "line 5"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"quote": "x"', "Expecting ',' delimiter at line 1, column 14."),
        ("{", "at line 1, column 2."),
        ('[{"quote": "one two three four"},\n {"quote": ]', "Expecting value at line 2, column 12."),
        ('{"a":' * 50_000, "it is nested too deep."),
        ('{"quote": 1' + "0" * 5000 + "}", "a number in it has too many digits."),
    ],
    ids=["cut", "opened", "list", "nested", "number"],
)
def test_broken_json_is_refused_as_a_whole_by_its_name(text: str, said: str) -> None:
    read = read_claims(text, "story.json")
    assert read.claims == ()
    (refused,) = read.refused
    assert refused.where == "story.json"
    assert refused.reason.endswith(said)


def test_json_that_is_nested_without_end_is_refused() -> None:
    value: object = {"quote": "x"}
    for _ in range(100):
        value = {"claims": [value]}
    (refused,) = read_json_claims(value).refused
    assert "nested" in refused.reason


@pytest.mark.parametrize("text", ["[1]\nHe said so.", "[[1]](x) is.", "[3:9] of a", "[a](b)"])
def test_text_that_begins_with_a_bracket_is_text(text: str) -> None:
    read = read_claims(text)
    assert read.refused == ()
    assert read.unchecked_words


@given(JSON)
def test_any_json_can_be_read(value: object) -> None:
    read = read_json_claims(value)
    for located in read.claims:
        assert located.where
        assert located.claim.quote is not None or located.claim.citation_id is not None
    assert read_claims(json.dumps([value])) == read_json_claims([value])


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read_claims(text)
