"""Reports of one event that agree, differ, copy and correct one another."""

from dataclasses import replace
from pathlib import Path

from search.archive import LocalArchive
from search.article import Notice, NoticeKind, Withdrawal
from tests.fakes import HashEmbedder, make_article, published, store

FIRST = make_article(
    "first",
    "Some 41 fishing trawlers left the harbour of Porto after the storm.\n\n"
    "Bakers in the old town had sold out of bread by noon.",
    "Trawlers leave Porto",
    "2024-09-10",
    source="Wire",
    url="https://news.example/first",
)
COPY = replace(FIRST, id="copy", source="Courier", published=published("2024-09-11"), url=None)
AGREEING = make_article(
    "agreeing",
    "After the storm 41 fishing trawlers left the harbour of Porto again.\n\n"
    "Schools will stay closed until the weekend because of fallen trees and broken roofs.",
    "Storm over",
    "2024-09-12",
    source="Ledger",
)
DIFFERING = make_article(
    "differing",
    "Some 45 fishing trawlers left the harbour of Porto after the storm.\n\n"
    "Insurers expect claims of two million euros, most of them for cars that were parked by the river.",
    "A second count <b>",
    "2024-09-13",
    source="Gaz\x1b[31mette",
)
WITHDRAWN = make_article(
    "withdrawn", "The lighthouse of Aveiro has burned down.", "Lighthouse burns", "2024-09-14", source="Wire"
)
WITHDRAWAL = Withdrawal(
    ("withdrawn",), "The <b>fire</b> was elsewhere.", published("2024-09-15"), source="Wire", origin="b.json#2"
)
EARLIER = make_article(
    "earlier", "Seven ferries will sail to Madeira on Sunday.", "Ferries to sail", "2024-09-16", source="Wire"
)
CORRECTED = replace(
    EARLIER,
    id="corrected",
    body="Eight ferries will sail to Madeira on Sunday.",
    published=published("2024-09-17"),
    supersedes="earlier",
    notice=Notice(NoticeKind.CORRECTION, "The number of <b>ferries</b> was wrong."),
)
REPORTS = (FIRST, COPY, AGREEING, DIFFERING, WITHDRAWN, EARLIER, CORRECTED)

COUNT = "How many trawlers left the harbour of Porto at first, after the storm?"
"""What the reports agree and differ about."""
CHANGED = "How many fishing trawlers left the harbour of Porto after the storm?"
"""What is answered with the newest of them, the older ones being its history."""
FERRIES = "How many ferries will sail to Madeira?"
"""What was corrected."""
OPERA = "Who composed the opera?"
"""What none of them says."""


def make_archive_of_reports(folder: Path) -> None:
    """Store the reports and what withdraws one of them."""
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *REPORTS)
        with archive.write() as writer:
            writer.withdraw(WITHDRAWAL)
            writer.commit()
