"""`dateline verify` and `dateline cite`: quotes checked against the archive, without a model."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_settings, print_shape
from api.cli.streams import decoded
from api.cli.terminal import Exit, failing_clearly, output

_MOST_BYTES = 16 * 1024 * 1024


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="What to verify, or - for standard input: text with quotes in quotation marks or block quotes, "
            "an answer of `dateline ask --json`, or JSON claims.",
            show_default=False,
        ),
    ],
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check every quote in a text against the archive: is it there, where, and word for word?"""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_verification
        from api.schemas import VerificationResponse
        from search.archive import open_archive
        from search.quoting.claims import read_claims, verify_claims

        settings = load_settings(index_folder)
        read = read_claims(_text(file), _name(file))
        with (
            open_archive(settings.index, settings.storage_timeout) as archive,
            archive.snapshot() as snapshot,
        ):
            response = VerificationResponse.of(verify_claims(snapshot, read, settings))
        if as_json:
            print_shape(response)
        else:
            render_verification(output(), response)
        if not response.verified:
            raise typer.Exit(Exit.UNVERIFIED)


def cite(
    citation_id: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a citation, as in answers.", show_default=False)
    ],
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print the quote that a citation id names, in its article, and what became of that."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_cited_quote
        from api.schemas import CitedQuoteResponse
        from search.archive import open_archive
        from search.quoting.citation_id import find_citation

        settings = load_settings(index_folder)
        with (
            open_archive(settings.index, settings.storage_timeout) as archive,
            archive.stored() as snapshot,
        ):
            cited = find_citation(snapshot, citation_id)
        if as_json:
            print_shape(CitedQuoteResponse.of(cited))
        else:
            render_cited_quote(output(), CitedQuoteResponse.of(cited), cited.article.body)
        if not cited.verified:
            raise typer.Exit(Exit.UNVERIFIED)


def _name(file: Path) -> str:
    return "Standard input" if str(file) == "-" else str(file)


def _text(file: Path) -> str:
    """Read what to verify.

    Raises:
        InputError: If it cannot be read, is too large, is binary, or is not UTF-8.
    """
    from search.errors import InputError

    name = _name(file)
    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error
    if len(content) > _MOST_BYTES:
        raise InputError(f"{name} has more than {_MOST_BYTES} bytes.", "Verify it in parts.")
    if b"\0" in content:
        raise InputError(f"{name} is binary or UTF-16, not text in UTF-8.", "Give its text, in UTF-8.")
    return decoded(content, name)
