"""The application: endpoints, page, limits and errors, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import api
from api.http.headers import SecurityHeaders
from api.http.limits import BodyLimit
from api.http.openapi import complete_description
from api.http.opening import EngineRoom
from api.http.problems import add_handlers
from api.http.routes import router
from api.http.settings import HttpSettings
from search.embedding import Embedder

_WEB = Path(api.__file__).parent / "web"

_DESCRIPTION = """\
Ask a news archive a question in plain words; get back the passages that answer it, quoted exactly and cited to
article, date and character.

**Offsets** are 0-based, end-exclusive and count Unicode code points of an article's `body`.

**Errors** are problems (RFC 9457, `application/problem+json`), every one of them. An archive that does not have
the answer is no error: `found` is false then.

**The same answer twice**: the same question to the same snapshot of the archive gives the same bytes.
"""


def create_app(settings: HttpSettings, embedder: Embedder | None = None) -> FastAPI:
    """Make the application.

    It answers at once. The model is loaded in the background and the archive opened as soon as there is one; until
    then `/readyz` and questions say what is missing, with status 503.

    Args:
        settings: Which archive and model, and how to serve them.
        embedder: Used in place of the configured model.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        room = EngineRoom(settings, embedder)
        app.state.room = room
        room.start()
        try:
            yield
        finally:
            await run_in_threadpool(room.close)

    middleware = [Middleware(SecurityHeaders), Middleware(BodyLimit, most=settings.http_max_body_bytes)]
    if settings.http_cors_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.http_cors_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Content-Type"],
            )
        )
    app = FastAPI(
        title="Dateline",
        summary="Semantic search and question answering over a news archive",
        description=_DESCRIPTION,
        version=version("dateline"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,  # the interactive pages load scripts from a content delivery network
        redoc_url=None,
        lifespan=lifespan,
        middleware=middleware,
        redirect_slashes=False,
    )
    add_handlers(app)
    app.include_router(router)
    complete_description(app, router)
    app.add_api_route("/", _page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_WEB), name="static")
    return app


def _page() -> FileResponse:
    return FileResponse(_WEB / "index.html")
