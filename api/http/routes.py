"""The endpoints of questions, citations and health.

They are plain functions, run in threads: the engine computes and reads from the disk.
"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.responses import PlainTextResponse, Response

from api.http import openapi
from api.http.door import OPEN, needs
from api.http.lending import Lending, Room
from api.http.metrics import MEDIA_TYPE
from api.http.openapi import CITATION_NOT_FOUND, answer_with, computed, problems, text_of
from api.http.parameters import (
    ExplainedParameters,
    FilterParameters,
    FormatParameters,
    NoParameters,
    SearchParameters,
    TimelineParameters,
    VerifyParameters,
    json_only,
    refuse_repeated_fields,
    refuse_repeats,
)
from api.http.responses import Fresh, Told, written
from api.http.shapes import Health
from api.http.suggesting import Suggested
from api.keys import KeyScope
from api.schemas import (
    AnswerResponse,
    ArchiveOut,
    CitedQuoteResponse,
    FacetsResponse,
    SearchResponse,
    StatusResponse,
    SuggestionsResponse,
    TimelineResponse,
    VerificationResponse,
)
from indexer.dossier import readings_fingerprint
from search.filters import resolved
from search.quoting.citation_id import LONGEST, find_citation
from search.quoting.claims import check_number, read_claims, read_json_claims, verify_claims

Nothing = Annotated[NoParameters, Query()]

_FACETS: dict[str, tuple[tuple[str, ...], Any]] = {
    "sources": (("sources",), ()),
    "sections": (("sections",), ()),
    "languages": (("languages",), ()),
    "years": (("published_from", "published_to"), None),
    "speakers": (("said_by",), ()),
}
"""The fields of a filter that choose among the values of each facet, and what they are where they do not."""

router = APIRouter(dependencies=[Depends(refuse_repeats)])


@router.get(
    "/v1/ask",
    response_model=AnswerResponse,
    tags=["questions"],
    summary="Answer a question",
    responses=computed(AnswerResponse, "ask", formats=True) | problems(422, 503),
)
@needs(KeyScope.READ)
def ask(
    request: Request, parameters: Annotated[ExplainedParameters, Query()], room: Room, fresh: Fresh
) -> AnswerResponse | Response:
    """Give the sentences that support an answer, quoted exactly, or say that the archive does not have it.

    "Not found" is an answer: status 200, `found` false, with a `reason` and what came `nearest`.
    """
    return fresh.answer(parameters, lambda: written(request, answer_to(parameters, room), parameters.format))


def answer_to(parameters: ExplainedParameters, room: Lending, *, patiently: bool = False) -> AnswerResponse:
    """Answer a question; see `Lending.asking`."""
    with room.asking("ask", parameters.k, patiently=patiently) as engine:
        answer = engine.ask(
            parameters.q,
            parameters.k,
            parameters.condition(),
            as_of=parameters.as_of,
            explain=parameters.explain,
            previous=parameters.previous,
            answered=parameters.answered,
        )
    room.count(answer)
    return AnswerResponse.of(answer)


@router.post(
    "/v1/ask",
    response_model=AnswerResponse,
    tags=["questions"],
    summary="Answer a question given as JSON",
    dependencies=[Depends(json_only), Depends(refuse_repeated_fields)],
    responses=answer_with(AnswerResponse, "ask", formats=True) | problems(413, 415, 422, 503),
)
@needs(KeyScope.READ)
def ask_by_post(
    request: Request,
    parameters: Annotated[ExplainedParameters, Body(openapi_examples=openapi.QUESTIONS)],
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters in the address
    room: Room,
    told: Told,
) -> AnswerResponse | Response:
    """Do what GET does, with the same parameters as fields of a JSON object, so that no address holds them."""
    return told.answer(written(request, answer_to(parameters, room), parameters.format))


@router.get(
    "/v1/search",
    response_model=SearchResponse,
    tags=["questions"],
    summary="Rank passages for a question",
    responses=computed(SearchResponse, "search", formats=True) | problems(422, 503),
)
@needs(KeyScope.READ)
def search(
    request: Request, parameters: Annotated[SearchParameters, Query()], room: Room, fresh: Fresh
) -> SearchResponse | Response:
    """Give the passages that have to do with a question, the best one of each family, best first.

    An article and its copies are one family. As many as there are families under the filter come back, up to `k`.
    A phrase in double quotation marks is held to the text: only articles that have it come back, and `held` tells
    how many do.
    """
    return fresh.answer(parameters, lambda: written(request, _search(parameters, room), parameters.format))


@router.post(
    "/v1/search",
    response_model=SearchResponse,
    tags=["questions"],
    summary="Rank passages for a question given as JSON",
    dependencies=[Depends(json_only), Depends(refuse_repeated_fields)],
    responses=answer_with(SearchResponse, "search", formats=True) | problems(413, 415, 422, 503),
)
@needs(KeyScope.READ)
def search_by_post(
    request: Request,
    parameters: Annotated[SearchParameters, Body(openapi_examples=openapi.QUESTIONS)],
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters in the address
    room: Room,
    told: Told,
) -> SearchResponse | Response:
    """Do what GET does, with the same parameters as fields of a JSON object, so that no address holds them."""
    return told.answer(written(request, _search(parameters, room), parameters.format))


def _search(parameters: SearchParameters, room: Lending) -> SearchResponse:
    with room.asking("search", parameters.k) as engine:
        result = engine.search(
            parameters.q,
            parameters.k,
            parameters.condition(),
            as_of=parameters.as_of,
            method=parameters.method,
            sorting=parameters.sort,
            every_passage=parameters.every_passage,
            copies=parameters.copies,
        )
    return SearchResponse.of(result)


@router.get(
    "/v1/timeline",
    response_model=TimelineResponse,
    tags=["questions"],
    summary="Put evidence in the order of the time it speaks of",
    responses=computed(TimelineResponse, "timeline", formats=True) | problems(422, 503),
)
@needs(KeyScope.READ)
def timeline(
    request: Request, parameters: Annotated[TimelineParameters, Query()], room: Room, fresh: Fresh
) -> TimelineResponse | Response:
    """Give the evidence on a subject by the time that it speaks of, not by publication, each entry cited."""
    return fresh.answer(parameters, lambda: written(request, _timeline(parameters, room), parameters.format))


@router.post(
    "/v1/timeline",
    response_model=TimelineResponse,
    tags=["questions"],
    summary="Put evidence in order for a subject given as JSON",
    dependencies=[Depends(json_only), Depends(refuse_repeated_fields)],
    responses=answer_with(TimelineResponse, "timeline", formats=True) | problems(413, 415, 422, 503),
)
@needs(KeyScope.READ)
def timeline_by_post(
    request: Request,
    parameters: Annotated[TimelineParameters, Body(openapi_examples=openapi.QUESTIONS)],
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters in the address
    room: Room,
    told: Told,
) -> TimelineResponse | Response:
    """Do what GET does, with the same parameters as fields of a JSON object, so that no address holds them."""
    return told.answer(written(request, _timeline(parameters, room), parameters.format))


def _timeline(parameters: TimelineParameters, room: Lending) -> TimelineResponse:
    with room.asking("timeline", parameters.k) as engine:
        found = engine.timeline(
            parameters.q,
            parameters.k,
            parameters.condition(),
            as_of=parameters.as_of,
            grouping=parameters.grouping,
        )
    return TimelineResponse.of(found)


@router.post(
    "/v1/verify",
    tags=["citations"],
    summary="Verify quotes",
    operation_id="verify_quotes",
    dependencies=[Depends(json_only), Depends(refuse_repeated_fields)],
    responses=answer_with(VerificationResponse, "verify_quotes") | problems(413, 415, 422, 503),
)
@needs(KeyScope.READ)
def verify(
    parameters: Annotated[VerifyParameters, Body(openapi_examples=openapi.CLAIMS)],
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters in the address
    room: Room,
) -> VerificationResponse:
    """Tell for every quote in a text, or of a list, whether it stands in the archive, where, and how faithfully.

    A quote that does not is no error: status 200, `verified` false. So is one from an article that was withdrawn,
    and a request with nothing to check. No model is needed.
    """
    if parameters.text is not None:
        read = read_claims(parameters.text, "text")
    else:
        read = read_json_claims(list(parameters.claims or ()), "claims")
    check_number(read, room.settings.http_max_claims, "DATELINE_HTTP_MAX_CLAIMS")
    with room.archive() as archive, archive.snapshot() as snapshot:
        return VerificationResponse.of(verify_claims(snapshot, read, room.settings))


@router.get(
    "/v1/citations/{id}",
    response_model=CitedQuoteResponse,
    tags=["citations"],
    summary="Resolve a citation id",
    operation_id="resolve_citation",
    responses=computed(CitedQuoteResponse, "resolve_citation", formats=True)
    | problems(404, 422, 503, not_found=CITATION_NOT_FOUND),
)
@needs(KeyScope.READ)
def citation(
    request: Request,
    id: Annotated[  # noqa: A002 - the parameter's name on the wire
        str,
        Path(
            max_length=LONGEST,
            description="Id of a citation; it needs no encoding.",
            examples=[openapi.CITATION_ID],
        ),
    ],
    parameters: Annotated[FormatParameters, Query()],
    room: Room,
    fresh: Fresh,
) -> CitedQuoteResponse | Response:
    """Give the quote that a citation id names, where it stands now. No model is needed.

    If its article was withdrawn, `verified` is false; if it was superseded, `superseded_by` names the other.
    """

    def find() -> CitedQuoteResponse | Response:
        with room.archive() as archive, archive.snapshot() as snapshot:
            cited = CitedQuoteResponse.of(find_citation(snapshot, id))
        return written(request, cited, parameters.format)

    return fresh.answer(parameters, find)


@router.get(
    "/v1/facets",
    response_model=FacetsResponse,
    tags=["archive"],
    summary="Count articles by what they could be filtered by",
    responses=computed(FacetsResponse, "facets") | problems(422, 503),
)
@needs(KeyScope.READ)
def facets(
    parameters: Annotated[FilterParameters, Query()], room: Room, fresh: Fresh
) -> FacetsResponse | Response:
    """Count the articles that pass a filter by source, section, language, year and speaker. No model is needed.

    Each of these is counted as if the filter did not name it, so that what else could be chosen is told.
    """
    return fresh.answer(parameters, lambda: _count(parameters, room))


def _count(parameters: FilterParameters, room: Lending) -> FacetsResponse:
    with room.archive() as archive, archive.snapshot() as snapshot:
        condition = resolved(parameters.condition(), snapshot.facts)
        if parameters.as_of:
            condition = condition.until(parameters.as_of)
        opened = {
            name: replace(condition, **dict.fromkeys(fields, default))
            for name, (fields, default) in _FACETS.items()
            if any(getattr(condition, field) for field in fields)
        }
        without = {name: snapshot.facets(other) for name, other in opened.items()}
        return FacetsResponse.of(snapshot.facets(condition), without, snapshot.number)


@router.get(
    "/v1/status",
    tags=["archive"],
    summary="Say what the archive holds",
    operation_id="read_status",
    responses=answer_with(StatusResponse, "read_status") | problems(422, 503),
)
@needs(KeyScope.READ)
def status(no_parameters: Nothing, room: Room) -> StatusResponse:  # noqa: ARG001 - refuses parameters
    """Say what the archive holds and, once it is loaded, what runs the model."""
    with room.archive() as archive:
        held = ArchiveOut.load(archive, readings_fingerprint())
    return StatusResponse.of(held, room.card(), room.close_reader_card(), room.verified())


@router.get(
    "/v1/suggestions",
    operation_id="suggest",
    tags=["questions"],
    summary="Say what can be asked",
    responses=answer_with(SuggestionsResponse, "suggest") | problems(422, 503),
)
@needs(KeyScope.READ)
def suggestions(
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters
    room: Room,
    suggested: Suggested,
) -> SuggestionsResponse:
    """Give questions that the archive answers; they are looked for in the background from the first request on."""
    return suggested.of(room)


@router.get(
    "/livez",
    tags=["health"],
    summary="Is it alive?",
    responses=answer_with(Health, "livez") | problems(422),
)
@needs(OPEN)
def livez(no_parameters: Nothing) -> Health:  # noqa: ARG001 - refuses parameters
    """Say that the process answers; nothing else is looked at."""
    return Health(status="alive")


@router.get(
    "/readyz",
    tags=["health"],
    summary="Can it answer questions?",
    responses=answer_with(Health, "readyz") | problems(422, 503),
)
@needs(OPEN)
def readyz(no_parameters: Nothing, room: Room) -> Health:  # noqa: ARG001 - refuses parameters
    """Say that archive and model are there and fit together; else status 503 and what is missing."""
    with room.engine():
        return Health(status="ready")


@router.get(
    "/metrics",
    tags=["health"],
    summary="Count and time for Prometheus",
    response_class=PlainTextResponse,
    responses=text_of("read_metrics", MEDIA_TYPE) | problems(422),
)
@needs(KeyScope.ADMIN)
def read_metrics(no_parameters: Nothing, request: Request) -> Response:  # noqa: ARG001 - refuses parameters
    """Tell how many requests there were, how long stages took, what was refused, and how old the archive is.

    It tells of all sources, and takes a key of the scope `admin` where there are keys.
    """
    room = request.app.state.room
    return Response(room.metrics.write(room), media_type=MEDIA_TYPE)
