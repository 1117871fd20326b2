import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.schemas import AnswerResponse, SearchResponse, TimelineResponse, VerificationResponse
from search.archive import Archive
from search.article import Withdrawal
from search.asking.engine import Engine
from search.errors import QueryError
from search.quoting.citation_id import citation_id
from search.quoting.claims import WHOLE, read_claims, read_json_claims, verify_claims
from search.quoting.verification import Claim
from search.settings import Settings
from tests.fakes import MISSILES, HashEmbedder

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


SETTINGS = Settings.load(max_quote_chars=60, max_claims=3)


def test_our_own_answers_are_verified(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load(wanted_precision=0))
    for question in ("When will Russia use missiles in Ukraine?", "Who composed the opera?"):
        answer = AnswerResponse.of(engine.ask(question))
        report = verify_claims(news_archive, read_claims(answer.to_json()), Settings.load())
        assert report.verified
        assert {checked.verification.status for checked in report.checked} == {"exact"}
        assert not any(checked.verification.moved for checked in report.checked)
        assert report.snapshot == answer.searched.snapshot


def test_no_part_of_our_own_answers_can_be_altered(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load(wanted_precision=0))
    answer = AnswerResponse.of(engine.ask("When will Russia use missiles in Ukraine?")).model_dump(mode="json")
    altered = {"char_locations": {"cited_text": "Moscow will"}, "citations": {"answer": {"words": "never, ever"}}}
    for name, change in altered.items():
        parts = [answer[name][0] | change, *answer[name][1:]]
        report = verify_claims(news_archive, read_claims(json.dumps(answer | {name: parts})), Settings.load())
        assert not report.verified
        assert sum(not checked.verification.verified for checked in report.checked) == 1


def test_one_bad_claim_does_not_stop_the_rest(news_archive: Archive) -> None:
    claims = [{"quote": "Tehran denied it."}, {"quote": "x" * 61}, {"quote": "Tehran denied it.", "start": 5}]
    report = verify_claims(news_archive, read_json_claims(claims), SETTINGS)
    assert [checked.verification.status for checked in report.checked] == ["exact"]
    assert [refused.where for refused in report.refused] == ["[1]", "[2]"]
    assert not report.verified


@pytest.mark.parametrize(
    ("text", "verified"),
    [
        ("He said “Russia will likely use them”.", True),
        ("He said “Russia will likely use them” and “Russia will never use them”.", False),
        ("He said that Russia will use them.", False),
        ("", False),
        ('{"citations": []}', False),
        ("He said “Russia will likely use them.", False),
    ],
    ids=["quote", "altered", "nothing to check", "nothing", "no citations", "not closed"],
)
def test_what_was_not_checked_is_not_verified(news_archive: Archive, text: str, verified: bool) -> None:  # noqa: FBT001
    report = verify_claims(news_archive, read_claims(text), SETTINGS)
    assert report.verified is verified


@pytest.mark.parametrize("text", ["", " \n", "No quote.", "He said “yes” twice.", '{"citations": []}', "[]"])
def test_where_nothing_claims_to_be_a_quote_there_is_nothing_to_check(news_archive: Archive, text: str) -> None:
    report = verify_claims(news_archive, read_claims(text), SETTINGS)
    assert (report.nothing_to_check, report.verified) == (True, False)
    response = VerificationResponse.of(report)
    assert (response.nothing_to_check, response.verified) == (True, False)


@pytest.mark.parametrize("text", ["“Russia will likely use them”", "“Never said by anybody here”", "“Not closed"])
def test_what_was_checked_or_refused_is_something(news_archive: Archive, text: str) -> None:
    assert not verify_claims(news_archive, read_claims(text), SETTINGS).nothing_to_check


def test_a_quote_from_a_withdrawn_article_is_counted_and_not_verified(news_archive: Archive) -> None:
    with news_archive.write() as writer:
        writer.withdraw(Withdrawal(("missiles",), "Not so."))
        writer.commit()
    claims = [{"quote": "Tehran denied it.", "article_id": "missiles"}]
    response = VerificationResponse.of(verify_claims(news_archive, read_json_claims(claims), SETTINGS))
    (result,) = response.results
    assert (result.status, result.verified, response.verified) == ("exact", False, False)
    assert (response.counts.exact, response.withdrawn, response.superseded) == (1, 1, 0)
    assert result.found
    assert result.found.withdrawn
    assert result.found.withdrawn.reason == "Not so."


def test_the_same_claim_has_the_same_verdict_every_time(news_archive: Archive) -> None:
    claims = [{"quote": "Tehran denied it."}, {"quote": "Nobody said this here."}] * 5
    report = verify_claims(news_archive, read_json_claims(claims), Settings.load())
    assert [checked.verification.status for checked in report.checked] == ["exact", "absent"] * 5
    assert [checked.located.where for checked in report.checked] == [f"[{number}]" for number in range(10)]


def test_too_many_claims_are_refused(news_archive: Archive) -> None:
    with pytest.raises(QueryError, match="at most 3") as caught:
        verify_claims(news_archive, read_json_claims([{"quote": "x"}] * 4), SETTINGS)
    assert "DATELINE_MAX_CLAIMS" in caught.value.remedy


def test_a_report_can_be_read_again(news_archive: Archive) -> None:
    text = (
        "“Russia will likely use them within weeks” and “Russia will likely use them within days” and “Iran has "
        "sent missiles to Moscow” and “Iran has sent missiles … he told reporters beside”."
    )
    response = VerificationResponse.of(verify_claims(news_archive, read_claims(text), Settings.load()))
    assert VerificationResponse.model_validate_json(response.to_json()) == response
    assert [result.status for result in response.results] == ["exact", "absent", "absent", "stitched"]
    for result in response.results:
        for place in (result.found, result.closest, *result.pieces):
            if place and hasattr(place, "quote"):
                assert MISSILES.body[place.start : place.end] == place.quote
