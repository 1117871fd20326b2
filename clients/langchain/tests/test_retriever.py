"""The retriever against the server at DATELINE_ADDRESS, whose archive holds the sample corpus of Dateline."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dateline_client import Client, Condition, DatelineError
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnablePassthrough
from langchain_dateline import DatelineRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import SecretStr

ADDRESS = os.environ["DATELINE_ADDRESS"]
QUESTION = "when will missiles be used?"
ANSWER = "will likely use them within weeks in Ukraine, against Ukrainians."
README = Path(__file__).parents[1] / "README.md"


class TestStandard(RetrieversIntegrationTests):
    """What LangChain asks of every retriever."""

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return DatelineRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"address": ADDRESS, "retrieve": "passages"}

    @property
    def retriever_query_example(self) -> str:
        return "missiles"


def test_a_chain_answers_with_a_verbatim_citation() -> None:
    chain = {"documents": DatelineRetriever(address=ADDRESS), "question": RunnablePassthrough()} | (
        RunnablePassthrough.assign(answer=lambda given: given["documents"][0].page_content)
    )
    given = chain.invoke(QUESTION)
    first = given["documents"][0]
    assert ANSWER in given["answer"]
    assert given["question"] == QUESTION
    with Client(ADDRESS) as client:
        body = client.article(first.metadata["article_id"]).body
        assert client.cite(first.metadata["id"]).quote == first.page_content
    assert body[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert first.id == first.metadata["id"]
    told = [first.metadata[name] for name in ("speaker", "role", "standing", "tier")]
    assert told == ["Antony Blinken", "US Secretary of State", "predicted", "answer"]
    assert first.metadata["published"].startswith("2024-09-10")
    assert "#:~:text=" in first.metadata["link"]


async def test_it_gives_the_same_without_waiting() -> None:
    for retrieve in ("answer", "passages"):
        retriever = DatelineRetriever(address=ADDRESS, retrieve=retrieve)
        assert await retriever.ainvoke(QUESTION) == retriever.invoke(QUESTION)
        assert [len(documents) for documents in await retriever.abatch([QUESTION] * 3, k=1)] == [1, 1, 1]


def test_what_is_not_found_has_no_documents() -> None:
    question = "Which tulips bloom on the moons of Saturn?"
    assert DatelineRetriever(address=ADDRESS).invoke(question) == []
    assert DatelineRetriever(address=ADDRESS, retrieve="passages").invoke(question)


def test_conditions_restrict_what_is_retrieved() -> None:
    condition = Condition(published_from=date(2024, 1, 1), published_to=date(2024, 6, 30))
    retriever = DatelineRetriever(address=ADDRESS, retrieve="passages", k=20, condition=condition)
    days = [document.metadata["published"] for document in retriever.invoke("missiles")]
    assert days
    assert all("2024-01" <= day < "2024-07" for day in days)


def test_what_is_refused_is_raised() -> None:
    with pytest.raises(DatelineError, match="dateline serve"):
        DatelineRetriever(address="http://127.0.0.1:9").invoke(QUESTION)
    with pytest.raises(ValueError, match="k"):
        DatelineRetriever(address=ADDRESS, k=0)


def test_a_key_is_not_shown() -> None:
    retriever = DatelineRetriever(address=ADDRESS, key="dl_secret")  # type: ignore[arg-type]
    assert "dl_secret" not in repr((retriever, retriever.model_dump_json()))
    assert DatelineRetriever(address=ADDRESS, key=SecretStr("dl_unused")).invoke(QUESTION)


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
