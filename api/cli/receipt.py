"""The receipt of an answer as people read it in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.rendering import plain, print_table
from search.asking.not_found import shown_apart

if TYPE_CHECKING:
    from api.schemas import AnswerResponse, ReceiptOut

_SHOWN_EVIDENCE = 8


def print_receipt(console: Console, answer: "AnswerResponse", receipt: "ReceiptOut") -> None:
    """Print the whole trail of an answer."""
    console.print(Text("\nReceipt", "bold"))
    facts = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    facts.add_column(style="dim")
    facts.add_column()
    reading = receipt.reading
    found, asked = shown_apart(answer.probability, receipt.bounds.answer)
    for name, value in {
        "question": f"expects {receipt.expected.phrase}; terms {', '.join(reading.terms)}",
        "names": ", ".join(reading.names) or "none",
        "archive": f"{receipt.archive_id}, snapshot {receipt.snapshot}",
        **receipt.models,
        "unit": f"{receipt.unit:.3f} of cosine count as one",
        "verified": ", ".join(f"{count} {status.value}" for status, count in receipt.verified.items()) or "none",
        "probability": found,
        "tiers": f"answer from {asked} for a wanted precision of {receipt.wanted_precision:.0%}, "
        f"perhaps from {receipt.bounds.perhaps:.0%}",
    }.items():
        facts.add_row(name, Text(plain(value)))
    console.print(facts)
    candidates = Table(title="candidates", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("score", "closeness", "by meaning", "BM25", "by words", "passage"):
        candidates.add_column(column, justify="left" if column == "passage" else "right")
    for line in receipt.candidates:
        trail = line.trail
        candidates.add_row(
            f"{trail.retrieval_score:.2f}",
            f"{trail.closeness:.3f}",
            str(trail.dense_rank or "-"),
            f"{trail.lexical:.2f}",
            str(trail.lexical_rank or "-"),
            Text(plain(f"[{trail.passage.start}:{trail.passage.end}] of {line.article_id}")),
        )
    print_table(console, candidates)
    evidence = Table(title="evidence", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("score", "share", "alone", "sentence", "made of"):
        evidence.add_column(column, justify="right" if column in {"score", "share", "alone"} else "left")
    for piece in receipt.evidence[:_SHOWN_EVIDENCE]:
        parts = sorted(piece.contributions.items(), key=lambda part: -abs(part[1]))
        evidence.add_row(
            f"{piece.score:.2f}",
            f"{piece.share:.0%}",
            f"{piece.probability_alone:.0%}",
            Text(plain(f"[{piece.span.start}:{piece.span.end}] of {piece.article_id}")),
            ", ".join(f"{name} {value:+.2f}" for name, value in parts if abs(value) >= 0.01),  # noqa: PLR2004
        )
    print_table(console, evidence)
