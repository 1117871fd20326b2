"""Results as people read them in a terminal.

Everything from articles is untrusted: it is printed as plain text, never as markup, without control characters.
"""

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from api.schemas import (
        AnswerResponse,
        ArticleResponse,
        CitationOut,
        PublicationOut,
        SearchedOut,
        SearchResponse,
        StatusResponse,
    )
    from indexer.pipeline import IndexReport

_SHOWN_SKIPPED = 20


def render_answer(console: Console, answer: "AnswerResponse") -> None:
    """Print an answer: citations, or why there is none and what came nearest."""
    if answer.found:
        for number, citation in enumerate(answer.citations, start=1):
            console.print(_citation(number, citation, emphasised=number == 1))
        return
    console.print(Text("Not found. ", "bold yellow") + Text(_plain(answer.reason)))
    if answer.nearest:
        console.print(Text("Nearest, but no answer:", "dim"))
        console.print(_citation(None, answer.nearest, emphasised=False))
    console.print(_coverage(answer.searched))


def render_search(console: Console, result: "SearchResponse") -> None:
    """Print ranked passages."""
    if not result.passages:
        console.print(Text("No passage matches. ", "bold yellow"))
        console.print(_coverage(result.searched))
    for number, citation in enumerate(result.passages, start=1):
        console.print(_citation(number, citation, emphasised=False))


def render_article(console: Console, article: "ArticleResponse", highlighted: tuple[int, int] | None) -> None:
    """Print an article, with a slice of its body highlighted."""
    console.print(Text(_plain(article.headline) or "(no headline)", "bold"))
    for line in (article.standfirst, article.byline):
        if line:
            console.print(Text(_plain(line), "italic"))
    console.print(_provenance(article.source, article.published, article.url))
    console.print()
    start, end = highlighted or (0, 0)
    body = Text(article.body[:start]) + Text(article.body[start:end], "reverse") + Text(article.body[end:])
    console.print(body, soft_wrap=False)
    console.print()
    console.print(Text(f"id {_plain(article.id)}   read from {_plain(article.origin)}", "dim"))


def render_status(console: Console, status: "StatusResponse") -> None:
    """Print what an archive holds and what model reads for it."""
    archive, model = status.archive, status.model
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    dates = f"{archive.first_published} to {archive.last_published}" if archive.first_published else "unknown"
    if archive.undated:
        dates += f", {archive.undated} undated"
    rows = {
        "archive": f"{archive.folder} (snapshot {archive.snapshot}, {archive.bytes_on_disk / 1e6:.1f} MB)",
        "articles": f"{archive.articles}, published {dates}",
        "passages": str(archive.passages),
        "sources": _counts(archive.sources),
        "sections": _counts(archive.sections),
        "languages": _counts(archive.languages),
        "model": f"{archive.model} ({archive.fingerprint[:12]}, {archive.dimension} dimensions)",
    }
    if model:
        rows["run by"] = f"{model.backend} {model.precision}, agreement with torch fp32 {model.agreement:.5f}"
        if model.note:
            rows["note"] = f"torch runs the model: {model.note}"
    for name, value in rows.items():
        table.add_row(name, Text(_plain(value)))
    console.print(table)


def render_report(console: Console, report: "IndexReport") -> None:
    """Print the summary of an indexing run."""
    changes = ", ".join(
        f"{count} {name}"
        for name, count in (
            ("added", report.added),
            ("replaced", report.replaced),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
        )
        if count or name == "added"
    )
    console.print(
        Text(f"{report.files} files, articles: {changes}; {report.passages} passages embedded")
        + Text(f" in {report.seconds:.1f} s ({report.passages_per_second:.0f} passages/s)", "dim")
    )
    if report.skipped:
        console.print(Text(f"{len(report.skipped)} skipped:", "yellow"))
        for skipped in report.skipped[:_SHOWN_SKIPPED]:
            console.print(Text(f"  {_plain(skipped.origin)}: ", "default") + Text(_plain(skipped.reason), "dim"))
        if len(report.skipped) > _SHOWN_SKIPPED:
            console.print(Text(f"  and {len(report.skipped) - _SHOWN_SKIPPED} more; --json lists them all", "dim"))


def _citation(number: int | None, citation: "CitationOut", *, emphasised: bool) -> Group:
    mark = Text(f"{number}. " if number else "   ", "bold cyan")
    quote = Text(_plain(citation.quote), "bold" if emphasised else "default")
    place = f"[{citation.start}:{citation.end}] of {_plain(citation.article_id)}, score {citation.score:.2f}"
    return Group(
        mark + quote,
        Padding(Text(_plain(citation.headline) or "(no headline)", "cyan"), (0, 0, 0, 3)),
        Padding(_provenance(citation.source, citation.published, citation.link or citation.url), (0, 0, 0, 3)),
        Padding(Text(place, "dim"), (0, 0, 1, 3)),
    )


def _provenance(source: str | None, published: "PublicationOut | None", url: str | None) -> Text:
    date = published.value if published else "publication date unknown"
    text = Text(", ".join(part for part in (_plain(source or ""), date) if part))
    if url:
        text += Text(f"  {_plain(url)}", "blue")
    return text


def _coverage(searched: "SearchedOut") -> Text:
    if not searched.articles:
        return Text("The archive is empty.", "dim")
    dates = (
        f", published {searched.first_published} to {searched.last_published}" if searched.first_published else ""
    )
    return Text(f"The archive holds {searched.articles} articles{dates}.", "dim")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none stated"


def _plain(text: str) -> str:
    """Replace what could control the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
