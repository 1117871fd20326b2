"""The endpoints that list articles: those that pass a filter, and those that changed."""

from bisect import bisect_right
from typing import Annotated, Any, Self
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field, model_validator

from api.http.cursors import LONGEST_CURSOR, Cursor, CursorOutdatedError, conditions_of, line_of
from api.http.door import needs
from api.http.lending import Lending, Room
from api.http.openapi import computed, problems
from api.http.parameters import FilterParameters, NoParameters, refuse_repeats
from api.http.responses import Fresh
from api.http.shapes import (
    ArticleLineOut,
    ArticlesResponse,
    AuthorOut,
    Change,
    ChangeOut,
    ChangesResponse,
    FeedItem,
    FeedPlace,
)
from api.keys import KeyScope
from api.schemas import PublicationOut
from search.archive.protocol import Snapshot
from search.archive.records import Dossier
from search.article import Publication
from search.filters import resolved

FEED = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"
_OF_CHANGES = "changes"
_WEB = ("http://", "https://")


class FeedJSON(JSONResponse):
    """A response in JSON Feed."""

    media_type = FEED


class ListParameters(FilterParameters):
    """Which articles to list, and how many at a time."""

    k: Annotated[int, Field(ge=1, le=1_000, description="Articles of a page.", examples=[100])] = 100
    cursor: Annotated[
        str,
        Field(
            max_length=LONGEST_CURSOR,
            description="Where to go on: `next` of the page before, with the same filter.",
            examples=[""],
        ),
    ] = ""


class ChangeParameters(NoParameters):
    """After which snapshot changes count, and how many to list at a time."""

    since: Annotated[
        int,
        Field(
            ge=0,
            le=2**53,
            description="Number of a snapshot: what changed after it. After 0, everything did.",
            examples=[0],
        ),
    ] = 0
    k: Annotated[int, Field(ge=1, le=500, description="Articles of a page.", examples=[50])] = 50
    cursor: Annotated[
        str,
        Field(
            max_length=LONGEST_CURSOR,
            description="Where to go on: `next` of the page before, without `since`.",
            examples=[""],
        ),
    ] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.cursor and self.since:
            raise ValueError("Give either since or cursor")
        return self


router = APIRouter(dependencies=[Depends(refuse_repeats)], tags=["archive"])


@router.get(
    "/v1/articles",
    summary="List articles",
    response_model=ArticlesResponse,
    responses=computed(ArticlesResponse, "list_articles") | problems(410, 422, 503),
)
@needs(KeyScope.READ)
def list_articles(parameters: Annotated[ListParameters, Query()], room: Room, fresh: Fresh) -> Any:
    """List the articles that can be found and pass a filter, in the order of their ids, a page at a time.

    What is there from the first page to the last is listed once. What changes meanwhile is told by `/v1/changes`
    since `began_at`.
    """
    return fresh.answer(parameters, lambda: _list(parameters, room))


@router.get(
    "/v1/changes",
    summary="Follow what changes",
    response_class=FeedJSON,
    response_model=ChangesResponse,
    response_model_exclude_none=True,
    responses=computed(ChangesResponse, "follow_changes", media_type=FEED) | problems(410, 422, 503),
)
@needs(KeyScope.READ)
def follow_changes(
    parameters: Annotated[ChangeParameters, Query()], request: Request, room: Room, fresh: Fresh
) -> Any:
    """List the articles that came, went, were read anew, became findable or ceased to be, as JSON Feed 1.1.

    Whoever asks with the `next` of the last page gets what changed since the first. Nothing is left out; what
    changed while it was being listed comes again.
    """
    address = str(request.url.replace(query=""))
    return fresh.answer(parameters, lambda: _changes(parameters, room, address))


def _list(parameters: ListParameters, room: Lending) -> ArticlesResponse:
    conditions = conditions_of(parameters, "cursor", "k")
    with room.archive() as archive, archive.stored() as snapshot:
        begin = _begin(parameters.cursor, conditions, snapshot)
        condition = resolved(parameters.condition(), snapshot.facts)
        if parameters.as_of is not None:
            condition = condition.until(parameters.as_of)
        page = snapshot.find(condition, after=begin.after or None, most=parameters.k)
        stored = snapshot.read(page.ids)
        following = Cursor(begin.line, conditions, begin.snapshot, after=page.ids[-1]) if page.more else None
        return ArticlesResponse(
            articles=tuple(ArticleLineOut.model_validate(stored[id_].article) for id_ in page.ids),
            snapshot=snapshot.number,
            began_at=begin.snapshot,
            next=str(following) if following else None,
        )


def _changes(parameters: ChangeParameters, room: Lending, address: str) -> ChangesResponse:
    with room.archive() as archive, archive.stored() as snapshot:
        begin = _begin(parameters.cursor, _OF_CHANGES, snapshot, parameters.since)
        changed = snapshot.changes(begin.since)
        first = bisect_right(changed, begin.after) if begin.after else 0
        page = changed[first : first + parameters.k]
        more = first + parameters.k < len(changed)
        # After the last page, what counts is what changed since the first one was read.
        following = (
            Cursor(begin.line, _OF_CHANGES, begin.snapshot, begin.since, page[-1])
            if more
            else Cursor(begin.line, _OF_CHANGES, begin.snapshot, begin.snapshot)
        )
        stored = snapshot.read(page)
        place = FeedPlace(snapshot=snapshot.number, since=begin.since, more=more, next=str(following))
        return ChangesResponse.model_validate(
            {
                "version": _VERSION,
                "title": "Changes in the archive",
                "next_url": f"{address}?k={parameters.k}&cursor={following}" if more else None,
                "items": [_item(id_, stored.get(id_)) for id_ in page],
                "dateline": place,
            }
        )


def _begin(cursor: str, conditions: str, snapshot: Snapshot, since: int = 0) -> Cursor:
    """Where a page begins: at a cursor, or at the beginning.

    Raises:
        CursorOutdatedError: If there is no such snapshot yet.
    """
    if cursor:
        begin = Cursor.read(cursor, conditions, snapshot)
        poll = conditions == _OF_CHANGES and not begin.after
        return Cursor(begin.line, conditions, snapshot.number, begin.since) if poll else begin
    if since > snapshot.number:
        raise CursorOutdatedError(
            f"The archive has no snapshot {since}; its last is {snapshot.number}.", "Begin the list again."
        )
    return Cursor(line_of(snapshot.card), conditions, snapshot.number, since)


def _item(article_id: str, dossier: Dossier | None) -> FeedItem:
    path = f"/v1/articles/{quote(article_id)}"
    if dossier is None:
        return FeedItem(
            id=article_id, title="", content_text="", dateline=ChangeOut(status=Change.REMOVED, article=path)
        )
    article, withdrawn = dossier.article, dossier.withdrawal is not None
    now = Change.WITHDRAWN if withdrawn else Change.SUPERSEDED if dossier.superseded_by else Change.CURRENT
    change = ChangeOut(
        status=now,
        article=path,
        published=PublicationOut.model_validate(article.published) if article.published else None,
        content_hash=article.content_hash,
        superseded_by=dossier.superseded_by,
    )
    return FeedItem(
        id=article.id,
        url=article.url if article.url and article.url.startswith(_WEB) else None,
        title=article.headline,
        content_text="" if withdrawn else article.body,
        summary=article.standfirst or None,
        date_published=_instant(article.published),
        authors=(AuthorOut(name=article.byline),) if article.byline else None,
        tags=(article.section,) if article.section else None,
        language=article.language,
        dateline=change,
    )


def _instant(published: Publication | None) -> str | None:
    """An instant in RFC 3339; None for what is no instant."""
    if published is None or published.moment.tzinfo is None:
        return None
    return published.moment.isoformat() if published.precision in {"minute", "second"} else None
