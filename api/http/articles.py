"""The endpoints of articles: read, store, remove."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from api.http import openapi
from api.http.door import NotAllowedError, needs
from api.http.headers import Conditions, conditions, entity_tag, is_known
from api.http.incoming import (
    BrokenLineError,
    Fault,
    RefusedArticleError,
    check_id,
    media_type,
    read_article,
    read_many,
    read_one,
    whole_body,
)
from api.http.lending import Room
from api.http.limits import settings_of, still_wanted
from api.http.openapi import answer_with, article_body, articles_body, bare, problems
from api.http.parameters import NoParameters, refuse_repeats
from api.http.problems import problem_of, problem_of_article
from api.http.settings import HttpSettings
from api.http.shapes import STATUSES, BatchItemOut, BatchResponse, Status, StoredResponse
from api.keys import KeyScope
from api.schemas import ArticleResponse, ReadingsResponse
from indexer.canonical import clean_line
from indexer.ingest import remove_article, store_articles
from indexer.readers import ReadOptions
from indexer.readers.draft import MAX_ID_CHARS
from search.archive import Outcome
from search.article import Article
from search.errors import ArticleExpiredError, ArticleOlderError, DatelineError

Limits = Annotated[HttpSettings, Depends(settings_of)]
Nothing = Annotated[NoParameters, Query()]
Body = Annotated[bytes, Depends(whole_body)]
Declared = Annotated[str, Depends(media_type)]
Wanted = Annotated[Conditions, Depends(conditions)]
ArticleId = Annotated[
    str,
    Path(
        max_length=MAX_ID_CHARS,
        description="Id of the article, percent-encoded; slashes may stay as they are.",
        examples=[openapi.ARTICLE_ID],
    ),
]
AnyId = Annotated[
    str,
    Path(
        max_length=4_096,
        description="Id of the article, percent-encoded; slashes may stay as they are.",
        examples=[openapi.ARTICLE_ID],
    ),
]
"""An id to read by: one that no article can be stored under is one that none has."""

router = APIRouter(dependencies=[Depends(refuse_repeats)], tags=["archive"])


@router.get(
    "/v1/articles/{id:path}",
    summary="Read an article",
    operation_id="read_article",
    response_model=ArticleResponse,
    responses=answer_with(ArticleResponse, "read_article", tagged=True)
    | bare(304, "The client has this version already", tagged=True)
    | problems(404, 422, 503),
)
@needs(KeyScope.READ)
def article(
    id: AnyId,  # noqa: A002 - the parameter's name on the wire
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters
    room: Room,
    response: Response,
    if_none_match: Annotated[
        str | None,
        Header(
            description="ETags of versions that the client has; if the article still is one of them, the answer "
            "is status 304 without a body.",
            examples=['"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'],
        ),
    ] = None,
) -> Any:
    """Give a stored article whole, with the offsets of its passages and what became of it.

    An article that was superseded or withdrawn is not found by any question, and says so here.
    """
    with room.archive() as archive, archive.stored() as snapshot:
        found = ArticleResponse.load(snapshot, id)
    tag = entity_tag(found)
    if is_known(tag, if_none_match):
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return found


@router.get(
    "/v1/readings/{id:path}",
    summary="Read what an article says of times, and who speaks in it",
    operation_id="read_readings",
    responses=answer_with(ReadingsResponse, "read_readings") | problems(404, 422, 503),
)
@needs(KeyScope.READ)
def readings(
    id: AnyId,  # noqa: A002 - the parameter's name on the wire
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters
    room: Room,
) -> ReadingsResponse:
    """Give the time expressions of a stored article, each with what it means, and its statements."""
    with room.archive() as archive, archive.stored() as snapshot:
        return ReadingsResponse.load(snapshot, id)


@router.put(
    "/v1/articles/{id:path}",
    summary="Store an article",
    response_model=StoredResponse,
    responses=answer_with(StoredResponse, "put_article", tagged=True)
    | answer_with(StoredResponse, "put_article", status=201, tagged=True)
    | problems(401, 403, 409, 412, 413, 415, 422, 503, 504),
    openapi_extra=article_body(),
)
@needs(KeyScope.INGEST)
def put_article(
    id: ArticleId,  # noqa: A002 - the parameter's name on the wire
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters
    body: Body,
    declared: Declared,
    wanted: Wanted,
    room: Room,
    limits: Limits,
    response: Response,
) -> Any:
    """Store an article under an id, in place of the one that has it. Questions see it at once.

    Storing equal content again changes nothing. An earlier version (a lower `version`, or published earlier) does
    not replace a later one: status 409, unless If-Match names the stored one.
    """
    check_id(id)
    sent = read_article(read_one(body, declared), _options(limits), id)
    with room.writing() as (archive, embedder):
        outcome = store_articles(
            [sent],
            archive,
            embedder,
            require=wanted.require,
            insist=wanted.names_the_stored,
            permit=room.permit,
            on_step=still_wanted,
        )[0]
        snapshot = archive.number
    if refusal := _refusal(sent, outcome):
        raise refusal
    if outcome is Outcome.ADDED:
        response.status_code = 201
        response.headers["Location"] = f"/v1/articles/{quote(id)}"
    response.headers["ETag"] = entity_tag(ArticleResponse.of(sent, ()))
    return StoredResponse(id=sent.id, status=STATUSES[outcome], content_hash=sent.content_hash, snapshot=snapshot)


@router.post(
    "/v1/articles",
    summary="Store several articles",
    responses=answer_with(BatchResponse, "post_articles") | problems(401, 403, 413, 415, 422, 503, 504),
    openapi_extra=articles_body(),
)
@needs(KeyScope.INGEST)
def post_articles(
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters
    body: Body,
    declared: Declared,
    room: Room,
    limits: Limits,
) -> BatchResponse:
    """Store the articles of a JSON list, or of NDJSON, a line each.

    What cannot be stored is told, article by article, and the rest goes on: status 200 even if all failed.
    All are stored in one commit. Sending them again changes nothing.
    """
    options = _options(limits)
    with room.writing() as (archive, embedder):
        sent = read_many(body, declared, limits.http_max_batch)
        read: list[Article | RefusedArticleError | NotAllowedError] = [_read(one, options) for one in sent]
        refused = room.refused(archive, [one for one in read if isinstance(one, Article)])
        read = [refused.get(one.id, one) if isinstance(one, Article) else one for one in read]
        articles = [one for one in read if isinstance(one, Article)]
        stored = store_articles(articles, archive, embedder, permit=room.permit, on_step=still_wanted)
        snapshot = archive.number
    outcomes = iter(stored)
    items = tuple(
        _stored(index, one, next(outcomes)) if isinstance(one, Article) else _failed(index, sent[index], one)
        for index, one in enumerate(read)
    )
    return BatchResponse.of(items, snapshot)


@router.delete(
    "/v1/articles/{id:path}",
    summary="Remove an article",
    status_code=204,
    responses=problems(401, 403, 404, 412, 422, 503),
)
@needs(KeyScope.INGEST)
def delete_article(
    id: ArticleId,  # noqa: A002 - the parameter's name on the wire
    no_parameters: Nothing,  # noqa: ARG001 - refuses parameters
    wanted: Wanted,
    room: Room,
) -> None:
    """Remove an article everywhere.

    A file that it was read from stays, and brings it back when it is indexed again. A
    withdrawal of the article stays, too; removing once more removes that.
    """
    with room.removing() as archive:
        remove_article(id, archive, require=wanted.require, reaches=room.reaches)


def _options(limits: HttpSettings) -> ReadOptions:
    return ReadOptions(now=datetime.now(UTC), max_article_chars=limits.http_max_article_chars)


def _read(sent: object, options: ReadOptions) -> Article | RefusedArticleError:
    still_wanted()
    if isinstance(sent, BrokenLineError):
        return RefusedArticleError(Fault("", f"{sent}."))
    try:
        return read_article(sent, options)
    except RefusedArticleError as error:
        return error


def _stored(index: int, article: Article, outcome: Outcome) -> BatchItemOut:
    refusal = _refusal(article, outcome)
    problem = problem_of(_at(index), refusal) if refusal else None
    return BatchItemOut(
        index=index,
        id=article.id,
        status=STATUSES[outcome],
        content_hash=article.content_hash,
        problem=problem,
    )


def _failed(index: int, sent: object, error: RefusedArticleError | NotAllowedError) -> BatchItemOut:
    own = sent.get("id") if isinstance(sent, dict) else None
    named = clean_line(own[:MAX_ID_CHARS]) if isinstance(own, str) else None
    where = _at(index)
    if isinstance(error, RefusedArticleError):
        problem = problem_of_article(where, error)
    else:
        problem = problem_of(where, error)
    return BatchItemOut(index=index, id=named or None, status=Status.FAILED, content_hash=None, problem=problem)


def _refusal(article: Article, outcome: Outcome) -> DatelineError | None:
    """Why an article was not stored; None if it was."""
    match outcome:
        case Outcome.OLDER:
            return ArticleOlderError(
                f"A later version of the article {article.id!r} is stored; this one did not replace it.",
                "To replace it all the same, PUT this one with If-Match and the ETag of the stored one.",
            )
        case Outcome.EXPIRED:
            return ArticleExpiredError(
                f"The article {article.id!r} was published before the first day that this archive keeps.",
                "What was published earlier was pruned, and is not taken in any more.",
            )
        case _:
            return None


def _at(index: int) -> str:
    return f"/v1/articles#{index}"
