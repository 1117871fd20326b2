"""Ask a Dateline server: verbatim, cited answers from a news archive.

    from dateline_client import Client

    with Client("http://127.0.0.1:8000") as client:
        for citation in client.ask("when will missiles be used?").citations:
            print(citation.quote, citation.headline, citation.start, citation.end)

Offsets are 0-based, end-exclusive, and count Unicode code points.
"""

from dateline_client.client import AsyncClient, Client, Condition
from dateline_client.errors import DatelineError, NotFoundError, NotReadyError, UnreachableError
from dateline_client.results import (
    Answer,
    Article,
    Citation,
    CitedQuote,
    Corroboration,
    Disagreement,
    Earlier,
    Interval,
    Listed,
    Publication,
    SearchResult,
    Speaker,
    Status,
    Timeline,
    TimelineEntry,
    TimelineGroup,
    Verification,
    VerificationReport,
    When,
    plain_values,
)

__all__ = [
    "Answer",
    "Article",
    "AsyncClient",
    "Citation",
    "CitedQuote",
    "Client",
    "Condition",
    "Corroboration",
    "DatelineError",
    "Disagreement",
    "Earlier",
    "Interval",
    "Listed",
    "NotFoundError",
    "NotReadyError",
    "Publication",
    "SearchResult",
    "Speaker",
    "Status",
    "Timeline",
    "TimelineEntry",
    "TimelineGroup",
    "UnreachableError",
    "Verification",
    "VerificationReport",
    "When",
    "plain_values",
]
