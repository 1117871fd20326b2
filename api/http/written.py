"""The endpoint of written answers: a stream of server-sent events, the quotes first."""

import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import StreamingResponse

from api.http import openapi
from api.http.door import needs
from api.http.lending import Lending, Room
from api.http.openapi import events_of, problems
from api.http.parameters import (
    NoParameters,
    QuestionParameters,
    json_only,
    refuse_repeated_fields,
    refuse_repeats,
)
from api.keys import KeyScope
from api.schemas import AnswerResponse, Shape
from api.schemas.writing import WrittenOut, WrittenSentenceOut
from api.writing.writer import Ending, Writer, Written, WrittenSentence
from search.asking.results import Answer
from search.errors import SettingsError

_EVENTS = "text/event-stream"
_TOLD: dict[str, tuple[type[Shape], str]] = {
    "answer": (AnswerResponse, "at once: the quotes, as /v1/ask gives them"),
    "sentence": (WrittenSentenceOut, "each as soon as it has been checked"),
    "written": (WrittenOut, "at the end: all of it, which counts instead of the sentences before"),
}

router = APIRouter(dependencies=[Depends(refuse_repeats)])


@router.get(
    "/v1/written",
    response_class=StreamingResponse,
    tags=["questions"],
    summary="Answer a question, and have the answer worded by a model",
    responses=events_of(_TOLD, "write") | problems(422, 503),
)
@needs(KeyScope.READ)
def write(parameters: Annotated[QuestionParameters, Query()], room: Room) -> StreamingResponse:
    """Give the quotes that answer, then sentences that a model made of them, as far as the quotes bear these out.

    The model is the one that the operator names (`DATELINE_WRITER_URL`). Where none is named, it fails or takes
    too long, or nothing was found, the last event has no sentences and says why.
    """
    with room.asking("ask", parameters.k) as engine:
        answer = engine.ask(parameters.q, parameters.k, parameters.condition(), as_of=parameters.as_of)
    room.count(answer)
    return StreamingResponse(_events(answer, room), media_type=_EVENTS)


@router.post(
    "/v1/written",
    response_class=StreamingResponse,
    tags=["questions"],
    summary="Have the answer to a question given as JSON worded by a model",
    dependencies=[Depends(json_only), Depends(refuse_repeated_fields)],
    responses=events_of(_TOLD, "write") | problems(413, 415, 422, 503),
)
@needs(KeyScope.READ)
def write_by_post(
    parameters: Annotated[QuestionParameters, Body(openapi_examples=openapi.QUESTIONS)],
    no_parameters: Annotated[NoParameters, Query()],  # noqa: ARG001 - refuses parameters in the address
    room: Room,
) -> StreamingResponse:
    """Do what GET does, with the same parameters as fields of a JSON object, so that no address holds them."""
    return write(parameters, room)


def _events(answer: Answer, room: Lending) -> Iterator[str]:
    """Yield what is told; the engine has been given back, so that nobody waits for a model."""
    yield _event("answer", AnswerResponse.of(answer))
    begun = time.monotonic()
    for told in _written(answer, room):
        if isinstance(told, Written):
            room.count_written(told, time.monotonic() - begun)
            yield _event("written", WrittenOut.model_validate(told))
        else:
            yield _event("sentence", WrittenSentenceOut.model_validate(told))


def _written(answer: Answer, room: Lending) -> Iterator[WrittenSentence | Written]:
    try:
        writer = Writer(room.settings)
    except SettingsError as error:
        yield Written("", reason=error.problem, ending=Ending.NO_MODEL)
        return
    yield from writer.write(answer)


def _event(name: str, shape: Shape) -> str:
    """Write an event; JSON has no line breaks in it."""
    return f"event: {name}\ndata: {shape.to_json()}\n\n"
