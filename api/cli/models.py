"""Prepared models: `model export`."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson
from api.cli.parts import print_json
from api.cli.terminal import aside, failing_clearly, output, reporter

app = typer.Typer(help="Prepare models for machines without torch.", no_args_is_help=True)
_MEGABYTE = 1_000_000


@app.callback()
def _models() -> None:
    """Prepare models for machines without torch."""


@app.command(epilog="Example: dateline model export models && DATELINE_PREPARED_MODELS=models dateline serve")
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write them.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Write embedding model, close reader and tokenizers into a folder from which they run without torch."""
    with failing_clearly(as_json=as_json):
        from search.models.close_reading import ensure_prepared as close_reader_prepared
        from search.models.embedding.loading import ensure_prepared as embedder_prepared
        from search.models.preparation import CLOSE_READER, EMBEDDER, export_models
        from search.settings import Settings

        settings, report = Settings.load(), reporter(aside())
        source, embedder, _ = embedder_prepared(settings, report)
        close_reader, record = close_reader_prepared(settings, report)
        folders = [(EMBEDDER, embedder), (CLOSE_READER, close_reader)]
        size = export_models(folder, source.name, record.fingerprint, folders, report)
        if as_json:
            print_json({"folder": str(folder), "model": source.name, "bytes": size})
        else:
            output().print(f"{folder}: {source.name} and the close reader, {size / _MEGABYTE:.0f} MB")
