import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.evaluation.trial import open_trial
from search.settings import Settings
from tests.fakes import HashEmbedder

Lines = list[Any]

ARTICLES: Lines = [
    {
        "_id": "ferry",
        "title": "Ferry runs aground off Aran",
        "text": "A ferry with 41 passengers ran aground off the island of Aran on Monday.\n\nNobody was hurt.",
        "metadata": {"date": "2021-05-03"},
    },
    {
        "_id": "frost",
        "title": "Frost ruins the cherry harvest",
        "text": "Growers in the valley lost  “nine tenths”  of their cherries to late frost.\nPrices will double.",
        "metadata": {},
    },
    {"_id": "museum", "title": "", "text": "The museum of clocks reopens in June after a flood."},
    {"_id": "title-only", "title": "Mayor opens the new tram line", "text": ""},
    {"_id": "empty", "title": "", "text": " "},
]
QUERIES: Lines = [
    {
        "_id": "q1",
        "text": "How many passengers were on the ferry that ran aground?",
        "metadata": {
            "answers": ["41", "41 passengers"],
            "spans": [{"text": "41", "start": 13, "context_id": "ferry"}],
        },
    },
    {
        "_id": "q2",
        "text": "How much of the cherries was lost to frost?",
        "metadata": {"answers": ["nine tenths"], "answerable": True, "question_type": "how_much"},
    },
    {
        "_id": "q3",
        "text": "Who painted the harbour bridge purple?",
        "metadata": {"answers": [], "answerable": False},
    },
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tferry\t1\nq2\tfrost\t2\nq2\tmuseum\t0\n"
QUESTIONS: Lines = [
    {
        "_id": "a1",
        "question": "How many passengers were on the ferry that ran aground?",
        "type": "how_many",
        "answerable": True,
        "gold": [
            {
                "article": "ferry",
                "evidence": "A ferry with 41 passengers ran aground off the island of Aran on Monday.",
                "answer": "41",
            }
        ],
        "time": None,
        "filter": {"from": "2021-05-03", "to": None},
        "note": "not read",
    },
    {"_id": "a2", "question": "Who steered the zeppelin?", "type": "who", "answerable": False, "gold": []},
]


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[[str, Lines | str], Path]:
    """Write a file of JSON lines, or of the text given; gzipped if it is called so."""

    def write(name: str, content: Lines | str) -> Path:
        text = content if isinstance(content, str) else "".join(json.dumps(line) + "\n" for line in content)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    return write


@pytest.fixture
def beir(tmp_path: Path, write_lines: Callable[[str, Lines | str], Path]) -> Callable[..., Path]:
    """Write a BEIR folder; files are replaced, or with None left out, by name."""

    def write(files: Mapping[str, Lines | str | None] | None = None) -> Path:
        content: dict[str, Lines | str | None] = {
            "corpus.jsonl": ARTICLES,
            "queries.jsonl": QUERIES,
            "qrels/test.tsv": QRELS,
            **(files or {}),
        }
        for name, lines in content.items():
            if lines is not None:
                write_lines(f"small/{name}", lines)
        return tmp_path / "small"

    return write


@pytest.fixture
def question_file(write_lines: Callable[[str, Lines | str], Path]) -> Path:
    """A question file whose articles are those of the BEIR folder."""
    return write_lines("asked/questions.jsonl", QUESTIONS)


@pytest.fixture
def trial_of(hash_embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Open a trial with the embedder without a model; intervals rest on few resamples."""
    monkeypatch.setattr("api.evaluation.confidence.RESAMPLES", 50)

    def opened(path: Path, **options: Any) -> Any:
        return open_trial(path, hash_embedder, Settings.load(least_closeness=0.25), **options)

    return opened
