"""The commands of `dateline`, in order. Heavy modules are imported by the command that needs them."""

import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from api.cli import (
    articles,
    care,
    citations,
    evaluation,
    information,
    ingestion,
    keys,
    models,
    questions,
    tables,
    watching,
)
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

_ASK = "Ask"
_CHECK = "Check quotes"
_FILL = "Fill an archive"
_CARE = "Care for an archive"
_SERVE = "Serve"
_MEASURE = "Measure"


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


app.add_typer(evaluation.app, name="eval", rich_help_panel=_MEASURE)
app.add_typer(models.app, name="model", rich_help_panel=_SERVE)
app.add_typer(keys.app, name="keys", rich_help_panel=_SERVE)


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


_COMMANDS: dict[str, tuple[tuple[Callable[..., None], str], ...]] = {
    _ASK: (
        (
            questions.ask,
            "dateline ask who won the tour   |   dateline ask --batch questions.csv --output answers.csv",
        ),
        (questions.search, 'dateline search "ferry strike" --from 2024-09-01 --source Wire --format csv'),
        (questions.timeline, "dateline timeline the ferry strike --by month"),
        (articles.show, "dateline show reuters/2024-09-10/iran --span 120:260"),
    ),
    _CHECK: (
        (citations.verify, "dateline verify draft.md   |   dateline ask who won --json | dateline verify -"),
        (citations.cite, "dateline cite iran.204-369.6f9f68bd8789"),
    ),
    _FILL: (
        (ingestion.index, "dateline index articles/ feed.xml --index archive"),
        (ingestion.inspect, "dateline inspect export.json"),
        (articles.times, "dateline times article.md"),
        (watching.watch, "dateline watch news/ https://wire.example/rss"),
        (ingestion.remove, "dateline remove iran   |   dateline remove --under news/2019"),
    ),
    _CARE: (
        (articles.status, "dateline status --index archive --json"),
        (information.info, "dateline info"),
        (care.doctor, "dateline doctor --repair"),
        (care.backup, "dateline backup monday.sqlite"),
        (care.restore, "dateline restore monday.sqlite --index new"),
        (care.tag, "dateline tag before-cleaning"),
        (care.rollback, "dateline rollback before-cleaning"),
        (care.prune, "dateline prune --before 2015-01-01 --dry-run"),
        (ingestion.rebuild, "dateline rebuild --readings"),
        (care.copy, "dateline copy archive s3://news/archive"),
        (tables.upkeep, "dateline upkeep --index s3://news/archive"),
        (care.upgrade, "dateline upgrade --index archive"),
    ),
    _SERVE: (
        (serve, "dateline serve --index archive --port 8080"),
        (mcp, "dateline mcp --index archive"),
    ),
}
for _panel, _commands in _COMMANDS.items():
    for _command, _example in _commands:
        app.command(epilog=f"Example: {_example}", rich_help_panel=_panel)(_command)
