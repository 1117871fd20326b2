"""Examples for the OpenAPI description: what is sent, and what the server answered when it was.

The answers are recorded from the sample corpus by `scripts/record_examples.py`.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

ARTICLE_ID = "dateline-2024-09-10-blinken-missiles"

QUESTIONS: dict[str, Any] = {
    "plain": {"summary": "A question", "value": {"q": "When will missiles be used?"}},
    "filtered": {
        "summary": "A question to some of the archive",
        "value": {"q": "When will missiles be used?", "k": 1, "from": "2024-09-01", "source": ["Dateline Wire"]},
    },
}

SENT: dict[str, Any] = {
    "full": {
        "summary": "An article with all that is known of it",
        "value": {
            "id": "desk/2024/iran-missiles",
            "headline": "Talks with Tehran are off",
            "body": "LONDON - The talks with Iran were called off on Tuesday, a spokesman said.\n\n"
            "No other date was set, he told reporters.",
            "published": "2024-09-10T12:31",
            "byline": "A. Reporter",
            "dateline": "LONDON",
            "source": "Example Wire",
            "url": "https://wire.example/2024/iran-missiles",
            "language": "en",
            "section": "World",
            "version": 1,
        },
    },
    "least": {"summary": "The least there must be", "value": {"body": "The talks ended without a date."}},
}


@cache
def _all_recorded() -> dict[str, dict[str, Any]]:
    file = files("api.http") / "examples.json"
    found: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def recorded(operation: str, status: int = 200) -> dict[str, Any]:
    """Look up recorded answers of an operation with this status: name -> `summary` and `value`; perhaps none."""
    found: dict[str, Any] = _all_recorded().get(f"{operation} {status}", {})
    return found


CITATION_ID = next(
    (shown["value"]["id"] for shown in recorded("resolve_citation").values()),
    f"{ARTICLE_ID}.204-369.0f3d6f1c0d9f",
)

CLAIMS: dict[str, Any] = {
    "text": {
        "summary": "A text with quotes",
        "value": {"text": f"He said: \u201cwill likely use them  within weeks in Ukraine\u201d [{CITATION_ID}]."},
    },
    "claims": {
        "summary": "A list of claims",
        "value": {"claims": [{"quote": "will likely use them within days", "article_id": ARTICLE_ID}]},
    },
}
