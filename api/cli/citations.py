"""`dateline verify` and `dateline cite`: quotes checked against the archive, without a model."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_settings, print_shape
from api.cli.rendering import plain, print_address, provenance
from api.cli.streams import decoded
from api.cli.terminal import Exit, failing_clearly, output

if TYPE_CHECKING:
    from api.schemas import (
        CitedQuoteResponse,
        PlaceOut,
        VerificationOut,
        VerificationResponse,
    )

_MOST_BYTES = 16 * 1024 * 1024
_STYLES = {
    "exact": "bold green",
    "normalised": "green",
    "misattributed": "bold yellow",
    "stitched": "bold magenta",
    "absent": "bold red",
    "refused": "bold red",
}
_INDENT = (0, 0, 0, 3)
_AROUND = 160


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


def render_verification(console: Console, response: "VerificationResponse") -> None:
    """Print each claim with its status and its real place, then what was refused, then the counts."""
    for result in response.results:
        _render_result(console, result)
    for refused in response.refused:
        console.print(Text("refused ", _STYLES["refused"]) + Text(f" {plain(refused.where)}", "dim"))
        console.print(Padding(Text(plain(refused.reason)), (0, 0, 1, 3)))
    console.print(_summary(response))


def render_cited_quote(console: Console, cited: "CitedQuoteResponse", body: str) -> None:
    """Print a quote with a little of what stands around it, and where it is from."""
    start, end = max(0, cited.start - _AROUND), min(len(body), cited.end + _AROUND)
    console.print(
        Text(("… " if start else "") + plain(body[start : cited.start]), "dim")
        + Text(plain(cited.quote), "bold")
        + Text(plain(body[cited.end : end]) + (" …" if end < len(body) else ""), "dim")
    )
    console.print()
    _print_place(console, cited)
    if cited.moved:
        console.print(
            Text("The article has changed since it was cited; the quote stands elsewhere in it now.", "yellow")
        )


def _render_result(console: Console, result: "VerificationOut") -> None:
    status = result.status.value
    moved = Text(" (moved)", "yellow") if result.moved else Text()
    withdrawn = Text(" (withdrawn)", "bold red") if result.found and result.found.withdrawn else Text()
    superseded = Text(" (superseded)", "yellow") if result.found and result.found.superseded_by else Text()
    where = Text(f"  {plain(result.where)}", "dim")
    console.print(Text(status, _STYLES[status]) + moved + withdrawn + superseded + where)
    if result.claim.quote is not None:
        console.print(Padding(Text(plain(result.claim.quote)), _INDENT))
    if status != "exact" or result.moved:
        console.print(Padding(Text(plain(result.reason), "dim"), _INDENT))
    place = result.found or result.closest
    if place:
        if place.quote != result.claim.quote:
            label = "there: " if result.found else "closest: "
            console.print(Padding(Text(label, "dim") + Text(plain(place.quote), "italic"), _INDENT))
        _print_place(console, place, _INDENT[-1])
    console.print()


def _print_place(console: Console, place: "PlaceOut", indent: int = 0) -> None:
    """Print where a quote stands."""
    padding = (0, 0, 0, indent)
    console.print(Padding(Text(plain(place.headline) or "(no headline)", "cyan"), padding))
    console.print(Padding(provenance(place.source, place.published), padding))
    for line in _what_became_of_citation(place):
        console.print(Padding(line, padding))
    if place.link:
        print_address(console, place.link, indent)
    console.print(Padding(Text(f"[{place.start}:{place.end}] of {plain(place.article_id)}", "dim"), padding))
    console.print(Padding(Text(f"citation {plain(place.id)}", "dim"), padding))


def _what_became_of_citation(place: "PlaceOut") -> list[Text]:
    """Say that an article does not count any more as it was published."""
    lines = []
    if withdrawn := place.withdrawn:
        when = f" on {withdrawn.published.value}" if withdrawn.published else ""
        lines.append(Text(plain(f"Withdrawn{when}, not to be quoted: {withdrawn.reason}"), "bold red"))
    if place.superseded_by:
        lines.append(Text(plain(f"Superseded by {place.superseded_by}, which may say otherwise"), "bold yellow"))
    return lines


def _summary(response: "VerificationResponse") -> Text:
    if response.nothing_to_check:
        text = Text("Nothing to check. ", "bold yellow") + Text("There was no quote in it.")
    else:
        counts = response.counts.model_dump() | {
            "from withdrawn articles": response.withdrawn,
            "from superseded articles": response.superseded,
        }
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        verdict = Text("Verified. ", "bold green") if response.verified else Text("Not verified. ", "bold red")
        text = verdict + Text(f"{told}.")
    if response.unchecked_words:
        text += Text(f" {response.unchecked_words} words outside quotations were not checked.", "dim")
    return text
