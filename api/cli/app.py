"""The commands of `dateline`, in order. Heavy modules are imported by the command that needs them."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from api.cli import articles, care, citations, evaluation, ingestion, keys, questions
from api.cli import care as upgrading
from api.cli import ingestion as watching
from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_http_settings
from api.cli.terminal import (
    WRONG_USAGE,
    Exit,
    asks_for_json,
    ending_quietly,
    failing_clearly,
    show_notices,
    tell_wrong_usage,
)

app = typer.Typer(
    name="dateline",
    help="Ask a news archive a question; get back the passages that answer it, quoted and cited.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_EXAMPLES = {
    "ask": "Examples: dateline ask who won the tour   |   dateline ask - --json < questions.txt",
    "search": 'Example: dateline search "ferry strike" --from 2024-09-01 --source Wire',
    "timeline": "Example: dateline timeline the ferry strike --by month",
    "index": "Example: dateline index articles/ feed.xml --index archive",
    "verify": "Example: dateline verify draft.md",
}


def _show_version(asked: bool) -> None:  # noqa: FBT001 - called by typer
    if asked:
        sys.stdout.write(f"dateline {version('dateline')}\n")
        raise typer.Exit


@app.callback(epilog="Begin with: dateline index FOLDER, then: dateline ask who won the tour")
def _options(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Ask a news archive a question; get back the passages that answer it, quoted and cited."""


app.add_typer(evaluation.app, name="eval")
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Run the command line."""
    show_notices()
    as_json = asks_for_json(sys.argv[1:])
    with ending_quietly(Exit.UNREAD):
        try:
            sys.exit(app(prog_name="dateline", standalone_mode=not as_json))
        except WRONG_USAGE as error:  # raised for JSON only; else typer has shown the usage and ended
            tell_wrong_usage(error)
            sys.exit(Exit.USAGE)


def serve(
    index_folder: IndexFolder = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="Address to listen on (else DATELINE_HTTP_HOST, else 127.0.0.1)."),
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Port to listen on (else DATELINE_HTTP_PORT, else 8000).")
    ] = None,
    writable: Annotated[
        bool,
        typer.Option(
            "--writable",
            help="Let articles be added, replaced and removed over HTTP (DATELINE_WRITE_TOKEN asks for a token).",
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Processes that answer (else DATELINE_HTTP_WORKERS, else 1)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the HTTP interface and the page."""
    with failing_clearly(as_json=as_json):
        from api.http.server import serve as serve_http

        serve_http(load_http_settings(index_folder, host, port, writable=writable, workers=workers))


def mcp(
    index_folder: IndexFolder = None,
    over_http: Annotated[
        bool, typer.Option("--http", help="Serve over streamable HTTP at /mcp, not on standard input and output.")
    ] = False,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="HOST", help="With --http: address to listen on (else DATELINE_HTTP_HOST, else 127.0.0.1)."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="With --http: port (else DATELINE_HTTP_PORT, else 8000).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve the archive to agents as tools of the Model Context Protocol."""
    with failing_clearly(as_json=as_json):
        try:
            from api.mcp import serve_http, serve_stdio
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in {"mcp", "mcp_types"}:
                raise
            from search.errors import SettingsError

            raise SettingsError(
                "The SDK of the Model Context Protocol is not installed.", "Run: pip install 'dateline[mcp]'"
            ) from error
        settings = load_http_settings(index_folder, host, port)
        if over_http:
            serve_http(settings)
        else:
            serve_stdio(settings)


for command in (
    ingestion.index,
    ingestion.inspect,
    questions.ask,
    questions.search,
    questions.timeline,
    articles.times,
    articles.show,
    citations.verify,
    citations.cite,
    care.doctor,
    care.backup,
    care.restore,
    care.tag,
    care.rollback,
    care.prune,
    ingestion.remove,
    ingestion.rebuild,
    upgrading.upgrade,
    watching.watch,
    articles.status,
    serve,
    mcp,
):
    app.command(epilog=_EXAMPLES.get(command.__name__))(command)
