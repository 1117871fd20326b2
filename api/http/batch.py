"""The endpoint that answers many questions of one request, a line each, as soon as each is answered."""

import logging
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from api.http.articles import Body, Declared, Limits, Nothing
from api.http.door import needs
from api.http.incoming import LINES, BrokenLineError, read_many
from api.http.lending import Lending, Room
from api.http.limits import TooSlowError, still_wanted
from api.http.openapi import lines_of, problems, questions_body
from api.http.parameters import LineParameters, refuse_repeats
from api.http.problems import problem_of, problem_of_broken_line, problem_of_failure, problem_of_invalid
from api.http.routes import answer_to
from api.http.shapes import AnsweredLine
from api.keys import KeyScope
from search.errors import DatelineError

_LOG = logging.getLogger(__name__)
_PATH = "/v1/batch/ask"

router = APIRouter(dependencies=[Depends(refuse_repeats)], tags=["questions"])


@router.post(
    _PATH,
    summary="Answer many questions",
    response_class=StreamingResponse,
    responses=lines_of(AnsweredLine, "ask_many") | problems(413, 415, 422, 503),
    openapi_extra=questions_body(),
)
@needs(KeyScope.READ)
def ask_many(
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters in the address
    body: Body,
    declared: Declared,
    room: Room,
    limits: Limits,
) -> Any:
    """Answer the questions of a JSON list, or of JSON Lines, each an object with the parameters of ask.

    The response is JSON Lines: of each question, in order, its `index` and its `answer`, or the `problem` with it.
    A question that is refused keeps no other from being answered. Each answer names the snapshot that it is of.
    """
    questions = read_many(body, declared, limits.http_max_questions, "question", "DATELINE_HTTP_MAX_QUESTIONS")
    with room.engine():  # what keeps all of them from being answered is told with a status of its own
        pass
    return StreamingResponse(_answered(questions, room), media_type=LINES[0])


def _answered(questions: list[Any], room: Lending) -> Iterator[str]:
    for index, question in enumerate(questions):
        try:
            still_wanted()
        except TooSlowError:  # nobody reads on
            return
        yield f"{_line(index, question, room).to_json()}\n"


def _line(index: int, question: object, room: Lending) -> AnsweredLine:
    path = f"{_PATH}#{index}"
    if isinstance(question, BrokenLineError):
        return AnsweredLine(index=index, answer=None, problem=problem_of_broken_line(path, question))
    try:
        parameters = LineParameters.model_validate(question)
        return AnsweredLine(index=index, answer=answer_to(parameters, room, patiently=True), problem=None)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        problem = problem_of_invalid(path, ({**fault, "loc": ("body", *fault["loc"])} for fault in faults))
    except DatelineError as error:
        problem = problem_of(path, error)
    except Exception:  # noqa: BLE001 - the status has been sent: the line must tell
        _LOG.exception("A question of several could not be answered.")
        problem = problem_of_failure(path)
    return AnsweredLine(index=index, answer=None, problem=problem)
