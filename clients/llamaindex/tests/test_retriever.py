"""The retriever against the server at DATELINE_ADDRESS, whose archive holds the sample corpus of Dateline."""

import asyncio
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from dateline_client import Client, Condition, DatelineError
from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import MetadataMode
from llama_index.retrievers.dateline import DatelineRetriever

ADDRESS = os.environ["DATELINE_ADDRESS"]
QUESTION = "when will missiles be used?"
ANSWER = "will likely use them within weeks in Ukraine, against Ukrainians."
README = Path(__file__).parents[1] / "README.md"


class FirstQuote(CustomQueryEngine):
    """A query engine that answers with the first quote."""

    retriever: BaseRetriever

    def custom_query(self, query_str: str) -> Response:
        found = self.retriever.retrieve(query_str)
        return Response(found[0].text, source_nodes=found)


def test_a_query_engine_answers_with_a_verbatim_citation() -> None:
    response = FirstQuote(retriever=DatelineRetriever(ADDRESS)).query(QUESTION)
    first = response.source_nodes[0]
    assert str(response) == first.text
    assert ANSWER in first.text
    with Client(ADDRESS) as client:
        body = client.article(first.metadata["article_id"]).body
        assert client.cite(first.node_id).quote == first.text
    assert body[first.metadata["start"] : first.metadata["end"]] == first.text
    told = [first.metadata[name] for name in ("speaker", "role", "standing", "tier")]
    assert told == ["Antony Blinken", "US Secretary of State", "predicted", "answer"]
    assert first.metadata["published"].startswith("2024-09-10")
    assert "#:~:text=" in first.metadata["link"]
    assert 0 < first.get_score() <= 1
    shown = first.node.get_content(MetadataMode.LLM)
    assert "speaker: Antony Blinken" in shown
    assert first.metadata["article_id"] not in shown


@pytest.mark.parametrize("retrieve", ["answer", "passages"])
def test_it_gives_the_same_without_waiting(retrieve: str) -> None:
    retriever = DatelineRetriever(ADDRESS, retrieve=retrieve, k=2)  # type: ignore[arg-type]
    found = retriever.retrieve(QUESTION)
    assert len(found) == 2
    assert asyncio.run(retriever.aretrieve(QUESTION)) == found


def test_what_is_not_found_has_no_nodes() -> None:
    question = "Which tulips bloom on the moons of Saturn?"
    assert DatelineRetriever(ADDRESS).retrieve(question) == []
    assert DatelineRetriever(ADDRESS, retrieve="passages").retrieve(question)


def test_conditions_restrict_what_is_retrieved() -> None:
    condition = Condition(published_from=date(2024, 1, 1), published_to=date(2024, 6, 30))
    retriever = DatelineRetriever(ADDRESS, retrieve="passages", k=20, condition=condition)
    days = [found.metadata["published"] for found in retriever.retrieve("missiles")]
    assert days
    assert all("2024-01" <= day < "2024-07" for day in days)


def test_what_is_refused_is_raised() -> None:
    with pytest.raises(DatelineError, match="dateline serve"):
        DatelineRetriever("http://127.0.0.1:9").retrieve(QUESTION)


def test_a_key_is_not_shown() -> None:
    retriever = DatelineRetriever(ADDRESS, key="dl_secret")
    assert "dl_secret" not in repr((retriever, vars(retriever)))


def test_the_program_in_the_readme_runs() -> None:
    found = re.search(r"```python\n(.+?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    program = found[1].replace("http://127.0.0.1:8000", ADDRESS)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert ANSWER in done.stdout
    assert "Antony Blinken, 2024-09-10" in done.stdout
