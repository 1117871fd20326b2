"""The command `copy`: from one engine, or one place, to another."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from api.cli.options import AsJson
from api.cli.parts import load_settings, print_json
from api.cli.rendering import plain
from api.cli.terminal import Exit, aside, failing_clearly, output, progress_bar

_PLACE = "FOLDER, s3://BUCKET/PREFIX or lance://FOLDER"


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help=f"An archive: {_PLACE}.", show_default=False)],
    target: Annotated[
        str,
        typer.Argument(metavar="TO", help="Where there is none, or an unfinished copy.", show_default=False),
    ],
    as_json: AsJson = False,
) -> None:
    """Copy an archive to another place or engine, embedding nothing anew, and check that it is the same there."""
    with failing_clearly(as_json=as_json):
        from indexer.copying import copy as copy_archive
        from indexer.copying import model_of
        from search.archive import create_archive, open_archive

        timeout = load_settings(None).storage_timeout
        with (
            open_archive(source, timeout) as one,
            create_archive(target, model_of(one.card), timeout) as other,
            progress_bar(aside(), "articles") as show,
        ):
            copied = copy_archive(one, other, show)
        if as_json:
            print_json(asdict(copied))
        else:
            told = (
                f"{copied.articles} articles, {copied.passages} passages; {copied.questions} questions agree to "
            )
            output().print(told + f"{copied.agreement:.3f}", highlight=False)
            for difference in copied.differences:
                output().print(Text(plain(difference), "bold red"))
        if copied.differences:
            raise typer.Exit(Exit.UNSOUND)
