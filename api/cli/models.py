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
    """Write embedding model, close readers and tokenizers into a folder from which they run without torch."""
    with failing_clearly(as_json=as_json):
        from search.models.close_reading import ensure_prepared as close_readers_prepared
        from search.models.embedding.loading import ensure_prepared as embedder_prepared
        from search.models.preparation import EMBEDDER, export_models
        from search.settings import Settings

        settings, report = Settings.load(), reporter(aside())
        source, embedder, _ = embedder_prepared(settings, report)
        readers = close_readers_prepared(settings, report)
        folders = [(EMBEDDER, embedder), *((name, place) for name, (place, _) in readers.items())]
        fingerprints = {name: record.fingerprint for name, (_, record) in readers.items()}
        size = export_models(folder, source.name, fingerprints, folders, report)
        told = "the close readers" if len(readers) > 1 else "the close reader"
        if as_json:
            print_json({"folder": str(folder), "model": source.name, "bytes": size})
        else:
            output().print(f"{folder}: {source.name} and {told}, {size / _MEGABYTE:.0f} MB")
