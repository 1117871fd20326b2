"""The application: endpoints, page, limits and errors, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Route

import api
from api.http import articles, batch, listings, routes, written
from api.http.admission import Places, TimeLimit
from api.http.door import OPEN, Door, Guard, needs
from api.http.engine_room import EngineRoom
from api.http.headers import Compression, HeadAsGet, SecurityHeaders
from api.http.limits import BodyLimit
from api.http.metrics import Metrics
from api.http.observation import REQUEST_ID, Observation, Tracing, named_requests
from api.http.openapi import TAGS, complete_description
from api.http.problems import add_handlers, refusal
from api.http.reference import reference_page
from api.http.responses import BEING_WRITTEN, WRITER
from api.http.settings import HttpSettings
from api.http.suggesting import Suggesting
from search.models.embedding import Embedder

_THREADS_OF_HEALTH = 8
_LONGEST_LOADING_SECONDS = 600.0
_WEB = Path(api.__file__).parent / "web"

_DESCRIPTION = """\
Ask a news archive a question in plain words; get back the passages that answer it, quoted exactly and cited to
article, date and character.

**Offsets** are 0-based, end-exclusive and count Unicode code points of an article's `body`.

**Errors** are problems (RFC 9457, `application/problem+json`), every one of them. An archive that does not have
the answer is no error: `found` is false then.

**The same answer twice**: the same question to the same snapshot of the archive, asked on the same day, gives the
same bytes.
"""


def create_app(
    settings: HttpSettings,
    embedder: Embedder | None = None,
    *,
    places: Places | None = None,
    ready_first: bool = False,
) -> FastAPI:
    """Make the application.

    It answers at once. The model is loaded in the background and the archive opened as soon as there is one; until
    then `/readyz` and questions say what is missing, with status 503.

    Args:
        settings: Which archive and model, and how to serve them.
        embedder: Used in place of the configured model.
        places: Where requests are counted; None counts those of this application alone.
        ready_first: Begin to answer only once the model is loaded, or cannot be.
    """
    places = places or Places(settings.http_max_requests, settings.http_max_writes)
    metrics = Metrics()
    tracing = Tracing() if settings.http_tracing else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        room = EngineRoom(settings, embedder, metrics, tracing)
        app.state.room = room
        app.state.suggesting = suggesting = Suggesting()
        room.start()
        if ready_first:
            await run_in_threadpool(room.wait, _LONGEST_LOADING_SECONDS)
        threads = current_default_thread_limiter()
        threads.total_tokens = max(threads.total_tokens, settings.http_max_requests + _THREADS_OF_HEALTH)
        try:
            yield
        finally:
            await run_in_threadpool(suggesting.close)
            await run_in_threadpool(room.close)
            if tracing:
                await run_in_threadpool(tracing.close)

    middleware = [
        Middleware(HeadAsGet),
        Middleware(named_requests),
        Middleware(Observation, metrics=metrics, tracing=tracing),
        Middleware(Compression),
        Middleware(SecurityHeaders),
    ]
    if settings.http_cors_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.http_cors_origins,
                allow_methods=["GET", "POST", *(["PUT", "DELETE"] if settings.writable else [])],
                allow_headers=["Content-Type", "If-None-Match", "If-Match", "Authorization", REQUEST_ID],
                expose_headers=["ETag", "Retry-After", "Location", BEING_WRITTEN, WRITER, REQUEST_ID],
            )
        )
    middleware += [
        Middleware(Door, guard=Guard(settings), routes=lambda: app.routes, refuse=refusal),
        Middleware(TimeLimit, settings=settings, places=places),
        Middleware(
            BodyLimit, most=settings.http_max_body_bytes, most_of_articles=settings.http_max_articles_bytes
        ),
    ]
    app: FastAPI = FastAPI(
        title="Dateline",
        summary="Semantic search and question answering over a news archive",
        description=_DESCRIPTION + _limits(settings),
        version=version("dateline"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=TAGS,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,  # the interactive pages load scripts from a content delivery network
        redoc_url=None,
        lifespan=lifespan,
        middleware=middleware,
        redirect_slashes=False,
    )
    add_handlers(app)
    app.state.settings = settings
    routers = (routes.router, written.router, batch.router, listings.router, articles.router)
    for router in routers:
        app.include_router(router)
    complete_description(app, *routers)
    app.add_api_route("/", _page, include_in_schema=False)
    app.add_api_route("/docs", _reference, include_in_schema=False)
    app.add_api_route("/c/{id}", _citation, include_in_schema=False)
    app.mount("/static", needs(OPEN)(StaticFiles(directory=_WEB)), name="static")
    for route in app.routes:
        if isinstance(route, Route) and route.path == app.openapi_url:
            needs(OPEN)(route.endpoint)
    return app


def _limits(settings: HttpSettings) -> str:
    """Tell the limits of this server, which its operator can set."""
    write = f"{settings.http_max_articles_bytes:,} bytes with {settings.http_max_batch:,} articles"
    allowed = "allowed" if settings.writable else "refused with status 403"
    token = ", to those who carry its token" if settings.writable and settings.write_token else ""
    return f"""
**Limits** of this server: a question of {settings.max_question_chars:,} characters, {settings.max_k:,} results, a
request body of {settings.http_max_body_bytes:,} bytes, {settings.http_max_seconds:g} seconds until the answer
begins, {settings.http_max_requests:,} requests at once. For articles: a body of {write} of
{settings.http_max_article_chars:,} characters each, {settings.http_max_write_seconds:g} seconds,
{settings.http_max_writes:,} requests at once. What is beyond them is answered with status 413 or 422, 503 with
`Retry-After`, or 504.

**Changes** are {allowed} by this server{token}.
"""


@needs(OPEN)
def _reference(request: Request) -> HTMLResponse:
    return HTMLResponse(reference_page(request.app.openapi()))


@needs(OPEN)
def _page() -> FileResponse:
    return FileResponse(_WEB / "index.html")


@needs(OPEN)
def _citation(id: str) -> RedirectResponse:  # noqa: A002 - the parameter's name in the address
    """The page of a citation, which a colleague is sent; relative, so that a proxy may put a path before it."""
    return RedirectResponse(f"../?view=citation&cite={quote(id, safe='')}", 303)
