"""The rows that docs/english.md shows can be added, and do what it says."""

import json
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "english.md"

PROGRAM = """
import json, sys
from datetime import date
from search.english import table
rows, text_of = json.load(sys.stdin), table._text
table._text = lambda name: text_of(name) + "".join(row + "\\n" for row in rows.get(name, ()))
from search.english.numbers import measure_words
from search.english.units import read_unit
from search.english.people import Noun, words
from search.statements import read_statements
from search.times import tag
def values(text):
    return [mention.value for mention in tag(text, date(2024, 5, 14))]
speakers = [one.speaker.name for one in read_statements("The bridge is safe, opined Ana Souza.") if one.speaker]
print(json.dumps({
    "speakers": speakers,
    "moved": values("The mothballing of the yard to March was late."),
    "holiday": values("It happened on Candlemas."),
    "role": "harpooner" in words(Noun.ROLE),
    "unit": "fathoms" in measure_words("length"),
    "currency": read_unit("It cost 20 quetzales.", 8, 10).measure,
}))
"""


def rows_shown() -> dict[str, list[str]]:
    """The rows of each data file that the page shows."""
    blocks = re.findall(
        r"^```tsv (\w+)\.tsv\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return {name: body.splitlines() for name, body in blocks}


def run(rows: dict[str, list[str]]) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(rows), capture_output=True, encoding="utf-8", check=True
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_the_rows_of_the_page_do_what_it_says() -> None:
    assert run(rows_shown()) == {
        "speakers": ["Ana Souza"],
        "moved": ["2025-03"],
        "holiday": ["2024-02-02"],
        "role": True,
        "unit": True,
        "currency": "quetzal",
    }


def test_without_them_nothing_of_it_is_read() -> None:
    assert run({}) == {
        "speakers": [],
        "moved": ["2024-03"],
        "holiday": [],
        "role": False,
        "unit": False,
        "currency": None,
    }


def test_the_page_names_every_data_file() -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = {path.name for path in (PAGE.parents[1] / "search" / "english").glob("*.tsv")}
    assert {name for name in files if f"`{name}`" not in page} == set()
