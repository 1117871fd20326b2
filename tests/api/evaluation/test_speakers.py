"""Scoring speakers against marked attributions."""

import json
from pathlib import Path

import pytest

from api.evaluation import measure_speakers
from search.errors import InputError

FIRST = "Ana Souza said the ferry was late."
SECOND = "Harbour master Ole Berg said it was not."
THIRD = "He said the sea was calm."
TEXT = f"{FIRST} {SECOND} {THIRD}"


def write(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def marked(source: str, content: str, text: str = TEXT) -> dict[str, object]:
    """An attribution of the only `content` that follows the only `source`."""
    start = text.index(source)
    begin = text.index(content)
    return {"source": [[start, start + len(source)]], "cue": [], "content": [[begin, begin + len(content)]]}


SOUZA = marked("Ana Souza", "the ferry was late")
BERG = marked("Harbour master Ole Berg", "it was not")
HE = marked("He", "the sea was calm")


def gold(*attributions: dict[str, object], text: str = TEXT) -> dict[str, object]:
    return {"_id": "a", "text": text, "attributions": list(attributions)}


def values(path: Path) -> dict[str, float]:
    return {name: found.value for name, found in measure_speakers(path).figures.items()}


def test_speakers_who_are_the_sources_score_one(tmp_path: Path) -> None:
    found = values(write(tmp_path / "gold.jsonl", gold(SOUZA, BERG, HE)))
    assert found == {"precision": 1.0, "recall": 1.0, "F1": 1.0, "spurious": 0.0}


def test_a_pronoun_is_neither_wanted_nor_wrong(tmp_path: Path) -> None:
    report = measure_speakers(write(tmp_path / "gold.jsonl", gold(SOUZA, BERG, HE)))
    assert (report.named, report.statements) == (2, 3)


def test_what_nobody_is_marked_to_have_said_is_spurious(tmp_path: Path) -> None:
    found = values(write(tmp_path / "gold.jsonl", gold(SOUZA, BERG)))
    assert found["spurious"] == pytest.approx(1 / 3)
    assert found["precision"] == found["recall"] == 1.0


def test_the_words_of_another_cost_precision_and_recall(tmp_path: Path) -> None:
    swapped = SOUZA | {"source": BERG["source"]}
    found = values(write(tmp_path / "gold.jsonl", gold(swapped, BERG, HE)))
    assert found["precision"] == found["recall"] == 0.5


def test_what_somebody_says_in_a_part_of_a_sentence_counts(tmp_path: Path) -> None:
    text = "Ana Souza said the ferry was late, but Ole Berg denied that it was."
    both = gold(marked("Ana Souza", "the ferry was late", text), marked("Ole Berg", "it was.", text), text=text)
    assert values(write(tmp_path / "gold.jsonl", both))["recall"] == 1.0


def test_a_source_of_no_words_wants_nothing(tmp_path: Path) -> None:
    nobody = SOUZA | {"source": []}
    report = measure_speakers(write(tmp_path / "gold.jsonl", gold(nobody, BERG, HE)))
    assert report.named == 1
    assert report.figures["spurious"].value == 0.0


def test_halves_are_lines_counted_from_one(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", gold(SOUZA), gold(BERG, HE) | {"_id": "b"}, gold() | {"_id": "c"})
    assert (measure_speakers(path, "odd").texts, measure_speakers(path, "even").texts) == (2, 1)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (gold(SOUZA | {"source": [[9, 3]]}), "not a slice"),
        (gold(SOUZA | {"content": [[0, 9_999]]}), "not a slice"),
        (gold(SOUZA | {"cue": [0, 3]}), "'cue' is not a list"),
        (gold() | {"attributions": {"source": []}}, "attributions"),
        (gold() | {"text": None}, "text"),
    ],
    ids=["backwards", "beyond the text", "no slices", "no list", "no text"],
)
def test_a_broken_line_is_named(broken: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"line 2.*{said}"):
        measure_speakers(write(tmp_path / "gold.jsonl", gold(SOUZA), broken))


def test_a_file_of_no_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no texts"):
        measure_speakers(write(tmp_path / "gold.jsonl"))
