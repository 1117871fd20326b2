"""A key of some sources sees an archive that holds their articles and nothing else, whatever it asks."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hypothesis
from fastapi.testclient import TestClient
from hypothesis import strategies as st

from api.http import HttpSettings, create_app
from api.http.door import single_routes
from api.keys import Keys, KeyScope, keys_file
from search.archive import LocalArchive
from search.archive.local.files import writer_lock
from search.article import Article, Withdrawal
from search.quoting.citation_id import citation_id
from tests.fakes import HashEmbedder, make_article, put
from tests.lengths import examples

MINE, THEIRS = "Agence", "Bulletin"
PLACE = "zanzibar"
"""Stands in every article of the other source, and in nothing that is asked."""
SENTENCES = (
    "The harbour of Lisbon handled more sardines than ever on Tuesday, the fishermen's union said.",
    "A container ship struck the bridge, and the bridge collapsed within seconds.",
    '"The rate will fall in March 2025," Ana Souza told reporters beside the minister of finance.',
    "Six workers who were filling potholes are missing since 5 May 2024.",
    "The senate ratified the treaty by 62 votes to 38, and the mayor denied that it was late.",
    "Tickets are free, the archdiocese said, and the golden rooster is back on the spire.",
)
DAYS = (None, "2023", "2024-03", "2024-03-05", "2024-03-05T10:30", "2025-01-01")
IDS = tuple(f"story-{number}" for number in range(7))

BODIES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5, unique=True)


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    """Articles of several sources, in the order in which they are stored; what is not mine says so in words."""
    made = []
    for id_ in draw(st.lists(st.sampled_from(IDS), min_size=2, unique=True)):
        source = draw(st.sampled_from((MINE, MINE.upper(), THEIRS, THEIRS, None)))
        mine = source is not None and source.casefold() == MINE.casefold()
        sentences = draw(BODIES)
        if not mine:
            sentences.insert(draw(st.integers(0, len(sentences))), f"It was told in {PLACE}.")
        made.append(
            make_article(
                id_ if mine else f"{PLACE}-{id_}",
                "\n\n".join(sentences),
                draw(st.sampled_from(("", "Sardines return", "Baltimore bridge collapses"))),
                draw(st.sampled_from(DAYS)),
                source=source,
                section=draw(st.sampled_from((None, "World", "Business"))) if mine else PLACE,
                language=draw(st.sampled_from((None, "en", "pt"))),
                standfirst=draw(st.sampled_from((None, "Potholes again."))),
                supersedes=draw(st.sampled_from((None, None, *IDS))) if mine else None,
            )
        )
    return made


def requests(stored: Sequence[Article]) -> Iterator[tuple[str, str, Any]]:
    """What is asked: every endpoint that reads, with and without filters; method, address, body."""
    questions = ("When will the rate fall?", f"How many workers are missing in {PLACE}?")
    for question in questions:
        asked = quote(question)
        for endpoint in ("ask", "search", "timeline"):
            yield "GET", f"/v1/{endpoint}?q={asked}", None
        yield "GET", f"/v1/ask?q={asked}&explain=true&as_of=2024-06-01", None
        yield "GET", f"/v1/written?q={asked}", None
        yield "GET", f"/v1/search?q={asked}&every_passage=true&copies=true&source={THEIRS}", None
        yield "GET", f"/v1/search?q={asked}&every_passage=true&method=lexical&k=2", None
        yield "GET", f"/v1/search?q={asked}&copies=true&method=dense&k=2&said_by=Souza", None
        yield "GET", f"/v1/timeline?q={asked}&about_from=2024-01-01&about_to=2025-12-31", None
    phrase = f'"told in {PLACE}" harbour'
    yield "GET", f"/v1/search?q={quote(phrase)}", None
    yield "POST", "/v1/batch/ask", [{"q": question} for question in questions]
    for path in (
        "status",
        "suggestions",
        "facets",
        f"facets?source={THEIRS}",
        "articles",
        "articles?k=1",
        "changes",
    ):
        yield "GET", f"/v1/{path}", None
    claims: list[dict[str, Any]] = [{"quote": f"It was told in {PLACE}"}, {"quote": SENTENCES[2][1:30]}]
    for article in stored:
        cited = citation_id(article.id, 0, 9, article.body[:9])
        yield "GET", f"/v1/articles/{quote(article.id)}", None
        yield "GET", f"/v1/readings/{quote(article.id)}", None
        yield "GET", f"/v1/citations/{cited}", None
        claims += [{"quote": article.body[:60], "article_id": article.id}, {"citation_id": cited}]
    yield "POST", "/v1/verify", {"claims": claims}


@contextmanager
def served(stored: Sequence[Article], withdrawn: Sequence[str], folder: Path) -> Iterator[TestClient]:
    """Serve an archive of articles to a key of one source."""
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive, archive.write() as writer:
        for article in stored:
            put(writer, article, embedder)
        for id_ in withdrawn:
            writer.withdraw(Withdrawal((id_,), "killed"))
        writer.commit()
    settings = HttpSettings.load(index=folder, least_closeness=0.2, http_rate_by_key="")
    given = Keys(keys_file(folder, None)).create("reader", [KeyScope.READ], [MINE])[1]
    with TestClient(create_app(settings, embedder), headers={"Authorization": f"Bearer {given}"}) as client:
        yield client


def told(client: TestClient, folder: Path, method: str, address: str, body: Any) -> tuple[int, str]:
    """What is answered, but for what names the archive itself and the number of its snapshot."""
    response = client.request(method, address, json=body)
    text = response.text.replace(str(folder), "FOLDER")
    for name in ("archive_id", "next", "next_url", "written", "request_id"):
        text = re.sub(rf'"{name}":\s*"[^"]*"', f'"{name}": "…"', text)
    return response.status_code, re.sub(r'"(snapshot|began_at)":\s*\d+', r'"\1": 0', text)


def test_a_key_of_one_source_is_not_told_that_others_store(tmp_path: Path) -> None:
    with served([make_article("a", SENTENCES[0], source=MINE)], [], tmp_path / "archive") as client:
        whole = Keys(keys_file(tmp_path / "archive", None)).create("whole", [KeyScope.READ])[1]
        with writer_lock(tmp_path / "archive"):
            for headers, writing in (({}, False), ({"Authorization": f"Bearer {whole}"}, True)):
                status = client.get("/v1/status", headers=headers)
                assert status.json()["archive"]["being_written"] is writing
                asked = client.post("/v1/search", json={"q": "sardines"}, headers=headers)
                assert asked.headers["Dateline-Being-Written"] == str(writing).lower()


@hypothesis.settings(
    max_examples=examples(3, 6, 100),
    deadline=None,
    phases=[hypothesis.Phase.generate],  # to shrink takes minutes, and the first failure tells the request
    suppress_health_check=list(hypothesis.HealthCheck),
)
@hypothesis.given(articles(), st.lists(st.sampled_from(IDS), max_size=1))
def test_a_key_of_one_source_is_answered_as_by_an_archive_of_that_source_alone(
    stored: list[Article], withdrawn: list[str]
) -> None:
    mine = [article for article in stored if (article.source or "").casefold() == MINE.casefold()]
    asked = [*requests(stored)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        whole, part = Path(folder, "whole"), Path(folder, "part")
        everything = stack.enter_context(served(stored, withdrawn, whole))
        alone = stack.enter_context(served(mine, withdrawn, part))
        for request in asked:
            found = told(everything, whole, *request)
            assert found == told(alone, part, *request), request
            shown = found[1].replace(json.dumps(request[2]) if request[2] else "", "")
            if PLACE not in f"{request[1]}{request[2]}":
                assert PLACE not in shown.casefold(), request


def test_every_endpoint_that_reads_is_asked(settings: HttpSettings) -> None:
    asked = {
        (method, address.partition("?")[0])
        for method, address, _ in requests([make_article("a", "A text of it.")])
    }
    reading = [
        (method, route.path)  # type: ignore[attr-defined]
        for route in single_routes(create_app(settings, HashEmbedder()).routes)
        if getattr(route, "path", "").startswith("/v1/")
        for method in route.methods  # type: ignore[attr-defined]
    ]
    for method, path in reading:
        by_post = (method == "POST" and ("GET", path) in reading) or method in {"PUT", "DELETE"}
        pattern = re.compile(re.sub(r"\\\{.*?\\\}", ".+", re.escape(path)))
        assert by_post or any(one == method and pattern.fullmatch(address) for one, address in asked), (
            method,
            path,
        )
