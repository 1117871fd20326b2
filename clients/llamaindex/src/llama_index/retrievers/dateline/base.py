"""The retriever: citations of a server as nodes."""

from datetime import date
from typing import Literal

from dateline_client import Answer, AsyncClient, Client, Condition, SearchResult, plain_values
from llama_index.core.bridge.pydantic import SecretStr
from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

_TOLD = frozenset({"headline", "source", "published", "speaker", "role", "standing", "tier"})


class DatelineRetriever(BaseRetriever):
    """Retrieves verbatim quotes, each with its article, place, speaker and standing as metadata.

    A question that the archive does not answer has no nodes. What the server refuses, and that it does not answer,
    is raised as a `dateline_client.DatelineError`.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str | None = None,
        retrieve: Literal["answer", "passages"] = "answer",
        k: int = 4,
        condition: Condition | None = None,
        as_of: date | None = None,
        seconds: float = 60.0,
        callback_manager: CallbackManager | None = None,
        verbose: bool = False,
    ) -> None:
        """Make a retriever.

        Args:
            address: Of the server: `http://127.0.0.1:8000`.
            key: API key, where the server asks for one; sent as a bearer token and shown nowhere.
            retrieve: Sentences that answer, none where none does; or passages ranked by meaning and by words.
            k: Most nodes.
            condition: Which articles and passages count; None for all.
            as_of: Ask the archive as it stood on this day.
            seconds: How long to wait for an answer.
            callback_manager: Told of every retrieval.
            verbose: Whether LlamaIndex prints what it does.
        """
        super().__init__(callback_manager=callback_manager, verbose=verbose)
        self._address, self._seconds = address, seconds
        self._key = SecretStr(key or "")
        self._answers = retrieve == "answer"
        self._k, self._condition, self._as_of = k, condition, as_of

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with Client(self._address, key=self._key.get_secret_value(), seconds=self._seconds) as client:
            ask = client.ask if self._answers else client.search
            return _nodes(ask(query_bundle.query_str, self._k, self._condition, as_of=self._as_of))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        async with AsyncClient(self._address, key=self._key.get_secret_value(), seconds=self._seconds) as client:
            ask = client.ask if self._answers else client.search
            return _nodes(await ask(query_bundle.query_str, self._k, self._condition, as_of=self._as_of))


def _nodes(result: Answer | SearchResult) -> list[NodeWithScore]:
    citations, tier = (result.citations, result.tier) if isinstance(result, Answer) else (result.passages, None)
    nodes = []
    for citation in citations:
        metadata = plain_values(citation, tier)
        node = TextNode(
            id_=citation.id,
            text=citation.quote,
            metadata=metadata,
            start_char_idx=citation.start,
            end_char_idx=citation.end,
            excluded_llm_metadata_keys=[name for name in metadata if name not in _TOLD or metadata[name] is None],
            excluded_embed_metadata_keys=[*metadata],
        )
        score = citation.score if citation.probability_alone is None else citation.probability_alone
        nodes.append(NodeWithScore(node=node, score=score))
    return nodes
