from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.formats import FILE_TYPES, Format
from api.schemas import AnswerResponse, ArticleResponse, SearchResponse, TimelineResponse
from search.archive import LocalArchive
from search.asking.engine import Engine
from search.asking.retrieval import Method
from search.asking.timeline import Grouping
from search.filters import Filter, Period
from tests.api.http.articles import ARTICLES, HOSTILE
from tests.fakes import MISSILES

QUESTION = "When will Russia use missiles in Ukraine?"


def ids(response: dict) -> list[str]:
    return [passage["article_id"] for passage in response["passages"]]


def test_ask_quotes_the_article_verbatim(client: TestClient) -> None:
    answer = client.get("/v1/ask", params={"q": QUESTION}).json()
    first = answer["citations"][0]
    assert answer["found"]
    assert "within weeks" in first["quote"]
    article = client.get(f"/v1/articles/{first['article_id']}").json()
    assert article["body"][first["start"] : first["end"]] == first["quote"]
    assert first["published"] == {"value": "2024-09-10", "precision": "day", "found_in": "the test"}


def test_what_http_says_is_what_the_engine_says(client: TestClient, engine: Engine) -> None:
    asked = client.get("/v1/ask", params={"q": QUESTION, "k": 2, "source": "WIRE"})
    assert asked.text == AnswerResponse.of(engine.ask(QUESTION, 2, Filter(sources=("wire",)))).to_json()
    searched = client.get("/v1/search", params={"q": QUESTION, "method": "dense", "every_passage": "true"})
    result = engine.search(QUESTION, method=Method.DENSE, every_passage=True)
    assert searched.text == SearchResponse.of(result).to_json()
    day = date(2024, 9, 30)
    asked = client.get("/v1/ask", params={"q": "What came yesterday?", "as_of": str(day), "about_to": str(day)})
    answer = engine.ask("What came yesterday?", condition=Filter(about=Period(None, day)), as_of=day)
    assert asked.text == AnswerResponse.of(answer).to_json()
    in_order = client.get("/v1/timeline", params={"q": "missiles", "grouping": "month", "as_of": str(day)})
    timeline = engine.timeline("missiles", as_of=day, grouping=Grouping.MONTH)
    assert in_order.text == TimelineResponse.of(timeline).to_json()


def test_an_article_comes_whole(client: TestClient) -> None:
    response = client.get("/v1/articles/missiles")
    article = ArticleResponse.model_validate(response.json())
    assert article.body == MISSILES.body
    assert article.headline == MISSILES.headline
    assert article.content_hash == MISSILES.content_hash
    assert article.passages[0][0] == 0
    assert article.passages[-1][1] == len(MISSILES.body)
    assert article.superseded_by is article.withdrawn is article.notice is None
    assert article.family
    assert (article.family.origin.article_id, article.family.copies) == ("missiles", ())


def test_status_tells_of_archive_and_model(client: TestClient) -> None:
    status = client.get("/v1/status").json()
    assert status["archive"]["articles"] == len(ARTICLES)
    assert status["archive"]["sources"]["Wire"] == 2
    assert status["archive"]["undated"] == sum(article.published is None for article in ARTICLES)
    assert status["model"]["name"] == "hash-embedder"
    assert status["model"]["note"] == ""


def test_status_counts_articles_by_year_and_tells_when_it_was_written(client: TestClient) -> None:
    archive = client.get("/v1/status").json()["archive"]
    dated = [article.published.first_day.year for article in ARTICLES if article.published]
    assert archive["years"] == {str(year): dated.count(year) for year in sorted(set(dated))}
    assert datetime.fromisoformat(archive["written"]).tzinfo is not None
    assert archive["being_written"] is False


def test_who_asks_while_articles_are_stored_is_told_beside_the_same_answer(
    client: TestClient, folder: Path
) -> None:
    before = client.get("/v1/ask", params={"q": QUESTION})
    with LocalArchive.open(folder) as archive, archive.write():
        meanwhile = client.get("/v1/ask", params={"q": QUESTION})
        assert client.get("/v1/status").json()["archive"]["being_written"] is True
    assert before.headers["dateline-being-written"] == "false"
    assert meanwhile.headers["dateline-being-written"] == "true"
    assert meanwhile.content == before.content


def test_what_was_read_into_an_article_lies_in_its_text(client: TestClient) -> None:
    body = client.get("/v1/articles/missiles").json()["body"]
    readings = client.get("/v1/readings/missiles").json()
    assert "weeks" in [time["words"] for time in readings["times"]]
    for time in readings["times"]:
        assert body[time["start"] : time["end"]] == time["words"]
    assert any(statement["speaker"] for statement in readings["statements"])
    assert client.get("/v1/readings/nothing").status_code == 404


def test_an_answer_tells_how_the_archive_covers_what_is_asked(client: TestClient) -> None:
    asked = {"q": QUESTION, "from": "2024-09-01", "to": "2024-09-30"}
    coverage = client.get("/v1/ask", params=asked).json()["searched"]["coverage"]
    published = [article.published for article in ARTICLES if article.published]
    in_period = [one.first_day for one in published]
    assert coverage["newest"] == str(max(one.last_day for one in published))
    assert coverage["in_period"] == sum(date(2024, 9, 1) <= day <= date(2024, 9, 30) for day in in_period)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/timeline", "/v1/written"])
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"q": QUESTION, "k": 2, "from": "2024-01-01", "source": ["Wire", "Ledger"]}, 200),
        ({"q": QUESTION, "as_of": "2024-09-12", "any_time": True, "said_by": ["Blinken"]}, 200),
        ({"q": "Which tulips bloom on Saturn?"}, 200),
        ({"q": "???"}, 422),
        ({"q": QUESTION, "sorce": "Wire"}, 422),
        ({"q": QUESTION, "from": "2024-09-30", "to": "2024-09-01"}, 422),
    ],
)
def test_get_and_post_agree(client: TestClient, path: str, asked: dict[str, Any], status: int) -> None:
    got, posted = client.get(path, params=asked), client.post(path, json=asked)
    assert got.status_code == posted.status_code == status
    if status == 200:
        assert got.content == posted.content
        own = {"etag", "x-request-id"}  # what GET alone has, and what no two responses have in common
        headers = [
            {(name, value) for name, value in one.headers.items() if name not in own} for one in (got, posted)
        ]
        assert headers[0] == headers[1]
    else:
        said = [(one.json()["type"], one.json()["detail"].replace("body", "query")) for one in (got, posted)]
        assert said[0] == said[1]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/timeline", "/v1/status", "/v1/articles/missiles"])
def test_the_same_request_twice_gives_the_same_bytes(client: TestClient, path: str) -> None:
    parameters = {"q": QUESTION} if path in {"/v1/ask", "/v1/search", "/v1/timeline"} else {}
    first, second = (client.get(path, params=parameters) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"source": "wire"}, {"missiles", "cathedral"}),
        ({"source": ["wire", "LEDGER"]}, {"missiles", "cathedral", "rates", "bridge"}),
        ({"section": "world"}, {"missiles", "bridge"}),
        ({"language": "pt"}, {"undated"}),
        ({"from": "2024-09-10", "to": "2024-09-10"}, {"missiles"}),
        ({"from": "2024-09-11"}, {"rates", "cathedral"}),
        ({"to": "2021-12-31"}, {"emoji"}),
        ({"to": "2024-12-30"}, {"missiles", "rates", "bridge", "emoji"}),
        ({"from": "2024-01-01", "source": "Ledger", "section": "Business"}, {"rates"}),
        ({"source": "nobody"}, set()),
        ({"said_by": "blinken"}, {"missiles"}),
        ({"said_by": ["BLINKEN", "Powell"]}, {"missiles", "rates"}),
        ({"said_by": "archdiocese", "source": "Wire"}, {"cathedral"}),
        ({"said_by": "blink"}, set()),
    ],
    ids=lambda given: str(sorted(given)),
)
def test_every_article_under_the_filter_comes_back_and_no_other(
    client: TestClient, parameters: dict[str, str], expected: set[str]
) -> None:
    found = client.get("/v1/search", params={"q": QUESTION, "k": 50, **parameters}).json()
    assert set(ids(found)) == expected
    assert len(ids(found)) == len(expected)


def test_the_answer_says_which_filter_was_applied(client: TestClient) -> None:
    parameters = {"q": QUESTION, "from": "2024-09-01", "to": "2024-09-30", "source": "WIRE", "language": "EN"}
    parameters["said_by"] = "BLINKEN"
    searched = client.get("/v1/ask", params=parameters).json()["searched"]
    expected = {
        "from": "2024-09-01",
        "to": "2024-09-30",
        "source": ["Wire"],
        "section": [],
        "language": ["en"],
        "about": None,
        "from_or_about": None,
        "said_by": ["BLINKEN"],
        "as_of": None,
        "any_time": False,
    }
    assert searched["filter"] == expected
    assert searched["articles"] == len(ARTICLES)


def test_the_answer_carries_the_time_it_speaks_of(client: TestClient) -> None:
    answer = client.get("/v1/ask", params={"q": QUESTION}).json()
    first = answer["citations"][0]
    body = client.get(f"/v1/articles/{first['article_id']}").json()["body"]
    reading = answer["reading"]
    assert (reading["expected"], reading["time_asked"], reading["constraint"], reading["latest"]) == (
        "time",
        "when",
        None,
        False,
    )
    assert set(reading["names"]) <= set(reading["terms"])
    assert body[first["when"]["start"] : first["when"]["end"]] == first["when"]["words"] == "within weeks"
    assert first["when"]["interval"] == {
        "start": "2024-09-10",
        "end": "2024-10-11",
        "granularity": "week",
        "precision": "weeks",
    }
    assert first["when"]["anchor"] == "2024-09-10"
    assert [body[time["start"] : time["end"]] for time in first["times"]] == ["weeks"]


def test_the_answer_tells_standing_speaker_and_the_words_that_answer(client: TestClient) -> None:
    first = client.get("/v1/ask", params={"q": QUESTION}).json()["citations"][0]
    body = client.get(f"/v1/articles/{first['article_id']}").json()["body"]
    assert (first["status"], first["standing"], first["speaker"]["name"]) == (
        "exact",
        "predicted",
        "Antony Blinken",
    )
    assert body[first["answer"]["start"] : first["answer"]["end"]] == first["answer"]["words"] == "within weeks"
    resolved = client.get(f"/v1/citations/{first['id']}").json()
    assert (resolved["quote"], resolved["start"], resolved["end"]) == (
        first["quote"],
        first["start"],
        first["end"],
    )
    assert client.get("/v1/status").json()["verified"]["exact"] > 0


def test_a_receipt_comes_when_it_is_asked_for(client: TestClient) -> None:
    asked = {"q": QUESTION, "explain": "true"}
    receipt = client.get("/v1/ask", params=asked).json()["receipt"]
    assert receipt["expected"] == "time"
    assert receipt["candidates"]
    assert sum(receipt["evidence"][0]["contributions"].values()) == pytest.approx(receipt["evidence"][0]["score"])
    assert client.post("/v1/ask", json={"q": QUESTION, "explain": True}).json()["receipt"] == receipt
    assert client.get("/v1/ask", params={"q": QUESTION}).json()["receipt"] is None


def test_the_time_in_a_question_is_told_and_applied(client: TestClient) -> None:
    answer = client.get(
        "/v1/ask",
        params={"q": "What benchmark rate did the Federal Reserve cut last week?", "as_of": "2024-09-24"},
    ).json()
    period = {"first": "2024-09-16", "last": "2024-09-22"}
    assert answer["reading"]["constraint"] == {
        "words": "last week",
        "period": period,
        "as_of": "2024-09-24",
        "relative": True,
    }
    assert answer["searched"]["filter"]["from_or_about"] == period
    assert answer["searched"]["filter"]["to"] == "2024-09-24"
    assert answer["citations"][0]["article_id"] == "rates"
    narrowed = client.get(
        "/v1/ask", params={"q": "What benchmark rate did the Federal Reserve cut last week?", "from": "2024-01-01"}
    ).json()
    assert narrowed["searched"]["filter"]["from_or_about"] is None


def test_passages_about_a_time_come_back_whenever_they_were_published(client: TestClient) -> None:
    about = {"q": "missiles", "k": 50, "about_from": "2022-06-01", "about_to": "2022-06-30"}
    assert ids(client.get("/v1/search", params=about).json()) == ["rates"]


def test_a_timeline_is_in_the_order_of_the_time_it_speaks_of(client: TestClient) -> None:
    subject = "the benchmark rate, inflation, and when Russia will use missiles in Ukraine"
    timeline = client.get("/v1/timeline", params={"q": subject, "grouping": "month"}).json()
    entries = [entry for group in timeline["groups"] for entry in group["entries"]]
    days = [(entry["first"], entry["last"]) for entry in entries]
    assert timeline["grouping"] == "month"
    assert days == [("2024-09-10", "2024-10-10"), ("2024-09-18", "2024-09-18")]
    for group in timeline["groups"]:
        for entry in group["entries"]:
            assert entry["first"][:7] == group["begins"][:7]
            cited = entry["citation"]
            body = client.get(f"/v1/articles/{cited['article_id']}").json()["body"]
            assert body[cited["start"] : cited["end"]] == cited["quote"]


def test_search_gives_as_many_as_were_asked_for(client: TestClient) -> None:
    assert len(ids(client.get("/v1/search", params={"q": "lighthouse"}).json())) == 10
    assert len(ids(client.get("/v1/search", params={"q": "lighthouse", "k": 4}).json())) == 4
    assert len(ids(client.get("/v1/search", params={"q": "lighthouse", "k": 999}).json())) == len(ARTICLES)


def test_an_article_without_a_date_is_cited_without_one(client: TestClient) -> None:
    answer = client.get("/v1/ask", params={"q": "How many sardines did the harbour of Lisbon handle?"}).json()
    assert answer["citations"][0]["article_id"] == "undated"
    assert answer["citations"][0]["published"] is None


def test_not_found_is_an_answer_with_a_reason_and_the_nearest_miss(client: TestClient) -> None:
    response = client.get("/v1/ask", params={"q": "Who composed the opera about quicksilver?"})
    answer = response.json()
    assert response.status_code == 200
    assert not answer["found"]
    assert answer["citations"] == answer["char_locations"] == answer["articles"] == []
    assert '"composed", "opera" or "quicksilver"' in answer["reason"]
    assert answer["nearest"]["quote"]


def test_not_found_under_a_filter_that_nothing_passes_has_no_nearest_miss(client: TestClient) -> None:
    answer = client.get("/v1/ask", params={"q": QUESTION, "from": str(date(2100, 1, 1))}).json()
    assert not answer["found"]
    assert answer["nearest"] is None
    assert "passes the filter" in answer["reason"]


def test_slashes_in_an_id_may_stay(client: TestClient) -> None:
    assert client.get("/v1/articles/a/b/c").json()["id"] == "a/b/c"


def test_what_looks_like_html_is_given_as_the_text_it_is(client: TestClient) -> None:
    response = client.get("/v1/articles/hostile")
    assert response.headers["content-type"] == "application/json"
    assert response.json()["body"] == HOSTILE.body
    assert response.json()["url"] == "javascript:window.owned=1"


def test_no_link_is_made_of_an_address_that_is_not_of_the_web(client: TestClient) -> None:
    answer = client.get("/v1/ask", params={"q": "When will zeppelins be inflated?"}).json()
    assert answer["citations"][0]["article_id"] == "hostile"
    assert answer["citations"][0]["link"] is None


@pytest.mark.parametrize("question", ["missiles\x00\x07", "  missiles\u2028 ", "MISSILES ❓"])
def test_odd_characters_in_a_question_are_borne(client: TestClient, question: str) -> None:
    response = client.post("/v1/ask", json={"q": question})
    assert response.status_code == 200
    assert response.json()["question"].split()[0].lower() == "missiles"


def test_facets_count_what_could_be_chosen_beside_what_is(client: TestClient) -> None:
    whole = client.get("/v1/facets").json()
    assert whole["articles"] == len(ARTICLES)
    assert sum(whole["years"]["counts"].values()) < len(ARTICLES)  # some do not say when they were published
    chosen = client.get("/v1/facets", params={"source": "wire"}).json()
    assert chosen["sources"] == whole["sources"]
    assert chosen["articles"] == whole["sources"]["counts"]["Wire"] < whole["articles"]
    assert sum(chosen["years"]["counts"].values()) <= chosen["articles"]
    in_time = client.get("/v1/facets", params={"from": "2024-09-01", "to": "2024-09-30"}).json()
    assert in_time["years"] == whole["years"]
    assert in_time["articles"] < whole["articles"]
    assert client.get("/v1/facets", params={"q": "missiles"}).status_code == 422


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.JSON])
def test_every_answer_can_be_taken_along(client: TestClient, form: Format) -> None:
    first = client.get("/v1/ask", params={"q": QUESTION}).json()["citations"][0]
    for path in ("/v1/ask", "/v1/search", "/v1/timeline", f"/v1/citations/{first['id']}"):
        parameters = {"format": form.value} | ({} if "citations" in path else {"q": QUESTION})
        response = client.get(path, params=parameters)
        assert response.headers["Content-Type"].partition(";")[0] == FILE_TYPES[form].media_type
        assert response.headers["Content-Disposition"].endswith(f'.{FILE_TYPES[form].suffix}"')
        assert response.headers["Content-Security-Policy"]
        assert response.content
        if form is Format.CSV:
            assert response.content.startswith(b"\xef\xbb\xbf")
    posted = client.post("/v1/ask", json={"q": QUESTION, "format": form.value})
    assert posted.text == client.get("/v1/ask", params={"q": QUESTION, "format": form.value}).text
    assert client.get("/v1/ask", params={"q": QUESTION, "format": "docx"}).status_code == 422


def test_the_address_of_a_citation_leads_to_its_page(client: TestClient) -> None:
    response = client.get("/c/a_2Fb.0-4.7abf2f52b3c1", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["Location"] == "../?view=citation&cite=a_2Fb.0-4.7abf2f52b3c1"


def test_a_question_can_be_asked_with_those_before_it(client: TestClient) -> None:
    asked = {"q": "and when will Russia use them?", "previous": ["What did Blinken say about the missiles?"]}
    answer = client.get("/v1/ask", params=asked).json()
    assert answer["question"] == "When will Russia use the missiles?"
    assert answer["follow_up"]["asked"] == asked["q"]
    assert answer["follow_up"]["rules"] == ["several"]
    assert client.post("/v1/ask", json=asked).json() == answer
    assert client.get("/v1/ask", params={"q": QUESTION}).json()["follow_up"] is None
    too_many = client.get("/v1/ask", params={"q": QUESTION, "previous": ["What?"] * 21})
    assert too_many.status_code == 422
