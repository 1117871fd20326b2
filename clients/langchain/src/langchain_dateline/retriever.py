"""The retriever: citations of a server as documents."""

from datetime import date
from typing import Literal

from dateline_client import Answer, AsyncClient, Client, Condition, SearchResult, plain_values
from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, SecretStr


class DatelineRetriever(BaseRetriever):
    """Retrieves verbatim quotes, each with its article, place, speaker and standing as metadata.

    A question that the archive does not answer has no documents. What the server refuses, and that it does not
    answer, is raised as a `dateline_client.DatelineError`.
    """

    address: str
    """Of the server: `http://127.0.0.1:8000`."""

    key: SecretStr | None = None
    """API key, where the server asks for one; sent as a bearer token."""

    retrieve: Literal["answer", "passages"] = "answer"
    """Sentences that answer, none where none does; or passages ranked by meaning and by words."""

    k: int = Field(default=4, ge=1)
    """Most documents."""

    condition: Condition | None = None
    """Which articles and passages count; None for all."""

    as_of: date | None = None
    """Ask the archive as it stood on this day."""

    seconds: float = Field(default=60.0, gt=0)
    """How long to wait for an answer."""

    def _sent_key(self) -> str | None:
        return self.key.get_secret_value() if self.key else None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - given by LangChain
        k: int | None = None,
    ) -> list[Document]:
        most = self.k if k is None else k
        with Client(self.address, key=self._sent_key(), seconds=self.seconds) as client:
            if self.retrieve == "answer":
                return _documents(client.ask(query, most, self.condition, as_of=self.as_of))
            return _documents(client.search(query, most, self.condition, as_of=self.as_of))

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002 - given by LangChain
        k: int | None = None,
    ) -> list[Document]:
        most = self.k if k is None else k
        async with AsyncClient(self.address, key=self._sent_key(), seconds=self.seconds) as client:
            if self.retrieve == "answer":
                return _documents(await client.ask(query, most, self.condition, as_of=self.as_of))
            return _documents(await client.search(query, most, self.condition, as_of=self.as_of))


def _documents(result: Answer | SearchResult) -> list[Document]:
    citations, tier = (result.citations, result.tier) if isinstance(result, Answer) else (result.passages, None)
    return [
        Document(id=citation.id, page_content=citation.quote, metadata=plain_values(citation, tier))
        for citation in citations
    ]
