"""The clients: requests and answers are made and read by the same functions, sent with and without waiting."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from dateline_client.errors import DatelineError, NotFoundError, NotReadyError, UnreachableError
from dateline_client.results import (
    Answer,
    Article,
    CitedQuote,
    SearchResult,
    Status,
    Timeline,
    VerificationReport,
)

_SECONDS = 60.0
_PROBLEM = "urn:problem-type:dateline:"
_RETRY_SECONDS = 1.0
_NOT_FOUND, _UNAVAILABLE = 404, 503
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Which articles and passages count; all that is given must hold.

    Attributes:
        published_from: First calendar day of publication.
        published_to: Last, inclusive.
        sources: Any of these publishers.
        sections: Any of these desks.
        languages: Any of these languages (ISO 639-1).
        about_from: Only passages that speak about a time from this day on.
        about_to: Only passages that speak about a time until this day.
        said_by: Only passages with a sentence that one of these says.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: Sequence[str] = ()
    sections: Sequence[str] = ()
    languages: Sequence[str] = ()
    about_from: date | None = None
    about_to: date | None = None
    said_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Request:
    """A request, and the type of its answer."""

    method: str
    path: str
    result: Any
    parameters: tuple[tuple[str, str], ...] = ()
    json: Any = None


class Client:
    """Asks a server and waits for its answer. Safe to share between threads; a context manager."""

    def __init__(
        self,
        address: str,
        *,
        key: str | None = None,
        seconds: float = _SECONDS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Make a client.

        Args:
            address: Of the server: `http://127.0.0.1:8000`.
            key: API key, where the server asks for one; sent as a bearer token and shown nowhere.
            seconds: How long to wait for an answer.
            transport: Sends requests in another way.

        Raises:
            ValueError: If the key has characters that no key has.
        """
        self._http = httpx2.Client(base_url=address, headers=_bearing(key), timeout=seconds, transport=transport)

    def __enter__(self) -> Self:
        """Give the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def ask(
        self, question: str, k: int = 3, condition: Condition | None = None, *, as_of: date | None = None
    ) -> Answer:
        """Answer a question with the sentences that support the answer; or `found` is false.

        Raises:
            DatelineError: If the server refuses, or does not answer.
        """
        answer: Answer = self._sent(_asking("/v1/ask", Answer, question, k, condition, as_of))
        return answer

    def search(
        self,
        question: str,
        k: int = 10,
        condition: Condition | None = None,
        *,
        as_of: date | None = None,
        method: str = "fused",
    ) -> SearchResult:
        """Rank passages for a question, the best one of each family of copies. Raises as `ask`."""
        result: SearchResult = self._sent(
            _asking("/v1/search", SearchResult, question, k, condition, as_of, method=method)
        )
        return result

    def timeline(
        self,
        subject: str,
        k: int = 30,
        condition: Condition | None = None,
        *,
        as_of: date | None = None,
        grouping: str | None = None,
    ) -> Timeline:
        """Put the evidence on a subject in the order of the time it speaks of. Raises as `ask`."""
        result: Timeline = self._sent(
            _asking("/v1/timeline", Timeline, subject, k, condition, as_of, grouping=grouping)
        )
        return result

    def verify(
        self, text: str | None = None, claims: Sequence[Mapping[str, Any]] | None = None
    ) -> VerificationReport:
        """Check every quote in a text, or every claim of a list, against the archive. Raises as `ask`."""
        report: VerificationReport = self._sent(_verifying(text, claims))
        return report

    def cite(self, citation_id: str) -> CitedQuote:
        """Find the quote that a citation id names.

        Raises:
            NotFoundError: If it is not in the archive, or no longer.
            DatelineError: As `ask`.
        """
        cited: CitedQuote = self._sent(_reading("/v1/citations", citation_id, CitedQuote))
        return cited

    def article(self, article_id: str) -> Article:
        """Read a stored article.

        Raises:
            NotFoundError: If there is none of this id.
            DatelineError: As `ask`.
        """
        article: Article = self._sent(_reading("/v1/articles", article_id, Article))
        return article

    def status(self) -> Status:
        """Say what the archive holds. Raises as `ask`."""
        status: Status = self._sent(_Request("GET", "/v1/status", Status))
        return status

    def _sent(self, request: _Request) -> Any:
        try:
            response = self._http.request(
                request.method, request.path, params=list(request.parameters), json=request.json
            )
        except httpx2.HTTPError as error:
            raise _unreachable(self._http.base_url, error) from error
        return _read(response, request.result)


class AsyncClient:
    """Asks a server without blocking; the methods of `Client`, to be awaited. An asynchronous context manager."""

    def __init__(
        self,
        address: str,
        *,
        key: str | None = None,
        seconds: float = _SECONDS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Make a client; the arguments are those of `Client`."""
        self._http = httpx2.AsyncClient(
            base_url=address, headers=_bearing(key), timeout=seconds, transport=transport
        )

    async def __aenter__(self) -> Self:
        """Give the client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def ask(
        self, question: str, k: int = 3, condition: Condition | None = None, *, as_of: date | None = None
    ) -> Answer:
        """As `Client.ask`."""
        answer: Answer = await self._sent(_asking("/v1/ask", Answer, question, k, condition, as_of))
        return answer

    async def search(
        self,
        question: str,
        k: int = 10,
        condition: Condition | None = None,
        *,
        as_of: date | None = None,
        method: str = "fused",
    ) -> SearchResult:
        """As `Client.search`."""
        result: SearchResult = await self._sent(
            _asking("/v1/search", SearchResult, question, k, condition, as_of, method=method)
        )
        return result

    async def timeline(
        self,
        subject: str,
        k: int = 30,
        condition: Condition | None = None,
        *,
        as_of: date | None = None,
        grouping: str | None = None,
    ) -> Timeline:
        """As `Client.timeline`."""
        result: Timeline = await self._sent(
            _asking("/v1/timeline", Timeline, subject, k, condition, as_of, grouping=grouping)
        )
        return result

    async def verify(
        self, text: str | None = None, claims: Sequence[Mapping[str, Any]] | None = None
    ) -> VerificationReport:
        """As `Client.verify`."""
        report: VerificationReport = await self._sent(_verifying(text, claims))
        return report

    async def cite(self, citation_id: str) -> CitedQuote:
        """As `Client.cite`."""
        cited: CitedQuote = await self._sent(_reading("/v1/citations", citation_id, CitedQuote))
        return cited

    async def article(self, article_id: str) -> Article:
        """As `Client.article`."""
        article: Article = await self._sent(_reading("/v1/articles", article_id, Article))
        return article

    async def status(self) -> Status:
        """As `Client.status`."""
        status: Status = await self._sent(_Request("GET", "/v1/status", Status))
        return status

    async def _sent(self, request: _Request) -> Any:
        try:
            response = await self._http.request(
                request.method, request.path, params=list(request.parameters), json=request.json
            )
        except httpx2.HTTPError as error:
            raise _unreachable(self._http.base_url, error) from error
        return _read(response, request.result)


def _bearing(key: str | None) -> dict[str, str]:
    if not key:
        return {}
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ValueError("The key has characters that no key has, such as a space.")
    return {"Authorization": f"Bearer {key}"}


def _asking(
    path: str,
    result: type[Any],
    question: str,
    k: int,
    condition: Condition | None,
    as_of: date | None,
    **more: str | None,
) -> _Request:
    stated = condition or Condition()
    single: dict[str, object] = {
        "q": question,
        "k": k,
        "from": stated.published_from,
        "to": stated.published_to,
        "about_from": stated.about_from,
        "about_to": stated.about_to,
        "as_of": as_of,
        **more,
    }
    several = {
        "source": stated.sources,
        "section": stated.sections,
        "language": stated.languages,
        "said_by": stated.said_by,
    }
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    parameters += [(name, value) for name, values in several.items() for value in values]
    return _Request("GET", path, result, tuple(parameters))


def _verifying(text: str | None, claims: Sequence[Mapping[str, Any]] | None) -> _Request:
    body = {"text": text} if claims is None else {"claims": [dict(claim) for claim in claims]}
    return _Request("POST", "/v1/verify", VerificationReport, json=body)


def _reading(path: str, id_: str, result: type[Any]) -> _Request:
    return _Request("GET", f"{path}/{quote(id_, safe='')}", result)


def _read(response: httpx2.Response, result: type[Result]) -> Result:
    """Read an answer, or raise what the server says is wrong."""
    if response.is_success:
        try:
            return msgspec.json.decode(response.content, type=result)
        except msgspec.MsgspecError as error:
            raise UnreachableError(
                f"{response.url} answered with something else: {error}.", status=response.status_code
            ) from error
    raise _problem(response)


def _problem(response: httpx2.Response) -> DatelineError:
    try:
        problem = msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        return UnreachableError(
            f"{response.url} answered with status {response.status_code}.", status=response.status_code
        )
    kind = str(problem.get("type", "")).removeprefix(_PROBLEM)
    detail, remedy = str(problem.get("detail", "")), str(problem.get("remedy") or "")
    status = response.status_code
    if status == _NOT_FOUND:
        return NotFoundError(detail, kind=kind, status=status, remedy=remedy)
    if status == _UNAVAILABLE and "Retry-After" in response.headers:
        waiting = response.headers["Retry-After"]
        seconds = float(waiting) if waiting.isdigit() else _RETRY_SECONDS
        return NotReadyError(detail, kind=kind, status=status, remedy=remedy, retry_after=seconds)
    return DatelineError(detail, kind=kind, status=status, remedy=remedy)


def _unreachable(address: httpx2.URL, error: httpx2.HTTPError) -> UnreachableError:
    return UnreachableError(f"{address} does not answer: {error}.", remedy="Is `dateline serve` running there?")
