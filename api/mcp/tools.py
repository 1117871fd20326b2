"""The tools: what an agent can ask of an archive. All of them only read."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Annotated, Protocol

from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent
from pydantic import Field

from api.http.engine_room import NotReadyError
from api.http.lending import Lending
from api.http.problems import told_of
from api.mcp.quotes import CiteResult, VerifyResult
from api.mcp.results import AskResult, FetchedArticle, SearchHits, StatusResult, TimelineResult
from api.schemas import (
    AnswerResponse,
    ArchiveOut,
    ArticleResponse,
    CitedQuoteResponse,
    SearchResponse,
    StatusResponse,
    TimelineResponse,
    VerificationResponse,
)
from indexer.dossier import readings_fingerprint
from search.asking.engine import Engine
from search.errors import ArticleNotFoundError, CitationNotFoundError, DatelineError, QueryError
from search.filters import Filter, period
from search.quoting.citation_id import find_citation
from search.quoting.claims import check_number, read_claims, verify_claims

_PATIENCE_SECONDS = 120.0
_SEARCH_RESULTS = 10
_PART = re.compile(r"(?P<id>.+)#char=(?P<start>\d{1,9})")  # as RFC 5147 names a place in a text

Question = Annotated[str, Field(min_length=1, description="In plain words, in English.")]
From = Annotated[date | None, Field(description="First day of publication, YYYY-MM-DD.")]
To = Annotated[date | None, Field(description="Last day of publication, inclusive, YYYY-MM-DD.")]
Sources = Annotated[list[str] | None, Field(description="Only these publishers, as `status` names them.")]
SaidBy = Annotated[list[str] | None, Field(description="Only what one of these people says.")]
AboutFrom = Annotated[date | None, Field(description="Only what speaks about a time from this day on.")]
AboutTo = Annotated[date | None, Field(description="Only what speaks about a time until this day.")]
AsOf = Annotated[date | None, Field(description="Ask the archive as it stood on this day, YYYY-MM-DD.")]


class _Result(Protocol):
    """What tools give back: fields, and the same in words."""

    def in_words(self) -> str: ...

    def model_dump(self, *, mode: str) -> dict[str, object]: ...


class Tools:
    """The tools of one archive. They run in threads, and wait for the model while it is being loaded."""

    def __init__(self, lending: Callable[[], Lending], is_operator: Callable[[], bool]) -> None:
        """Make the tools.

        Args:
            lending: Lends the archive and the engine to the client for whom a tool runs.
            is_operator: Tells whether that client is told what is wrong with the server itself.
        """
        self._lending = lending
        self._is_operator = is_operator

    @property
    def _room(self) -> Lending:
        return self._lending()

    def all(self) -> tuple[Callable[..., CallToolResult], ...]:
        """Every tool, in the order in which they are listed."""
        return (self.ask, self.search, self.fetch, self.timeline, self.verify, self.cite, self.status)

    def ask(
        self,
        question: Question,
        k: Annotated[int, Field(ge=1, le=20, description="Most quotes.")] = 3,
        published_from: From = None,
        published_to: To = None,
        sources: Sources = None,
        said_by: SaidBy = None,
        about_from: AboutFrom = None,
        about_to: AboutTo = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, AskResult]:
        """Answer a question from the news archive with verbatim, cited quotes, or say that it is not found.

        "Not found" is a result: do not answer from memory then. Quote the words as they are given, and name the
        speaker, the source, the day and the link.
        """
        with self._asking("ask", k) as engine:
            condition = _condition(published_from, published_to, sources, said_by, about_from, about_to)
            return _given(AskResult.of(AnswerResponse.of(engine.ask(question, k, condition, as_of=as_of))))

    def search(
        self, query: Annotated[str, Field(min_length=1, description="What to look for, in plain words.")]
    ) -> Annotated[CallToolResult, SearchHits]:
        """Search the news archive by meaning and by words; give the articles that have most to do with a query.

        Each result has an id, with which `fetch` reads the article, and the passage that was found.
        """
        k = min(_SEARCH_RESULTS, self._room.settings.max_k)
        with self._asking("search", k) as engine:
            return _given(SearchHits.of(SearchResponse.of(engine.search(query, k, Filter())).passages))

    def fetch(
        self,
        id: Annotated[str, Field(min_length=1, description="Id of an article or of a citation.")],  # noqa: A002
    ) -> Annotated[CallToolResult, FetchedArticle]:
        """Read an article of the news archive by the id that `search`, `ask` or another tool gave."""
        with self._clearly(), self._room.archive() as archive, archive.stored() as snapshot:
            part = _PART.fullmatch(id)
            with suppress(ArticleNotFoundError):
                return _given(FetchedArticle.of(id, ArticleResponse.load(snapshot, id)))
            try:
                if part:
                    article = ArticleResponse.load(snapshot, part["id"])
                    return _given(FetchedArticle.of(id, article, int(part["start"])))
                cited = find_citation(snapshot, id)
                return _given(FetchedArticle.of(id, ArticleResponse.load(snapshot, cited.article.id)))
            except (ArticleNotFoundError, CitationNotFoundError, QueryError):
                reason = f"The archive has no article {id!r}. Give an id as search or ask gave it."
                return _given(FetchedArticle.missing(id, reason))

    def timeline(
        self,
        subject: Question,
        k: Annotated[int, Field(ge=1, le=100, description="Most entries.")] = 15,
        published_from: From = None,
        published_to: To = None,
        sources: Sources = None,
        said_by: SaidBy = None,
        about_from: AboutFrom = None,
        about_to: AboutTo = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, TimelineResult]:
        """Put what the news archive says of a subject in the order of the time it speaks of, each entry cited."""
        with self._asking("timeline", k) as engine:
            condition = _condition(published_from, published_to, sources, said_by, about_from, about_to)
            found = engine.timeline(subject, k, condition, as_of=as_of)
            return _given(TimelineResult.of(TimelineResponse.of(found)))

    def verify(
        self,
        text: Annotated[
            str,
            Field(
                min_length=1, description='A text with quotations in quotation marks ("..."), or claims as JSON.'
            ),
        ],
    ) -> Annotated[CallToolResult, VerifyResult]:
        """Check word for word whether the quotations in a text stand in the news archive, and where.

        Use it before a text with quotes is sent off. A quote that does not stand there is a result, no failure.
        """
        settings = self._room.settings
        with self._clearly(), self._room.archive() as archive, archive.snapshot() as snapshot:
            read = read_claims(text, "text")
            check_number(read, settings.http_max_claims, "DATELINE_HTTP_MAX_CLAIMS")
            return _given(VerifyResult.of(VerificationResponse.of(verify_claims(snapshot, read, settings))))

    def cite(
        self, citation_id: Annotated[str, Field(min_length=1, description="Id of a citation, as `ask` gives it.")]
    ) -> Annotated[CallToolResult, CiteResult]:
        """Find the quote that a citation id names, where it stands in the news archive now."""
        with self._clearly(), self._room.archive() as archive, archive.snapshot() as snapshot:
            try:
                found = find_citation(snapshot, citation_id)
            except CitationNotFoundError as error:
                return _given(CiteResult.missing(str(error)))
            return _given(CiteResult.of(CitedQuoteResponse.of(found)))

    def status(self) -> Annotated[CallToolResult, StatusResult]:
        """Say what the news archive holds: how many articles, of which days, sources and languages."""
        with self._clearly(), self._room.archive() as archive:
            held = ArchiveOut.load(archive, readings_fingerprint())
            return _given(StatusResult.of(StatusResponse.of(held, self._room.card())))

    @contextmanager
    def _asking(self, kind: str, k: int) -> Iterator[Engine]:
        """Lend the engine, once the model is loaded; see `Lending.asking`."""
        with self._clearly():
            self._room.wait(_PATIENCE_SECONDS)
            with self._room.asking(kind, k) as engine:
                yield engine

    @contextmanager
    def _clearly(self) -> Iterator[None]:
        """Tell what Dateline raises on purpose to the model, with what to do about it."""
        try:
            yield
        except NotReadyError as error:
            raise ToolError(f"{error.problem} Call the tool again in a moment.") from error
        except DatelineError as error:
            problem, remedy = told_of(error, to_operator=self._is_operator())
            raise ToolError(f"{problem} {remedy}".rstrip()) from error


def _condition(
    published_from: date | None,
    published_to: date | None,
    sources: list[str] | None,
    said_by: list[str] | None,
    about_from: date | None,
    about_to: date | None,
) -> Filter:
    return Filter(
        published_from=published_from,
        published_to=published_to,
        sources=tuple(sources or ()),
        said_by=tuple(said_by or ()),
        about=period(about_from, about_to),
    )


def _given(result: _Result) -> CallToolResult:
    """A result as fields and as words, which say the same."""
    return CallToolResult(
        content=[TextContent(type="text", text=result.in_words())],
        structured_content=result.model_dump(mode="json"),
    )
