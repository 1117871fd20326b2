"""What is taken out of web pages, beside the library alone: bodies by four-word shingles, and dates.

    python benchmarks/pages.py $DATELINE_NEWS/pages [--each] [--json FILE]

The folder holds `html/NAME.html` and, for pages with an expected text, `txt/NAME.txt`; for pages with a known
date, `metadata/NAME.json` with `publish_date`. A page's precision is the share of the found text's four-word
shingles that the expected text has, recall the other way round; repeated shingles count as often as they occur. In
scripts without spaces each character counts as a word. Means are over the pages. A refused page has found nothing.

The library is measured at its three settings (balanced, precision, recall), each with the metadata it finds
itself. A date is right if its day is the expected one, wrong if it is another, unknown if there is none.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.article import Article

_SHINGLE = 4
# Han, kana, Hangul is spaced; Thai, Lao, Burmese and Khmer are not.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]|[^\W_]+")
_A_THIRD = 1 / 3

Extraction = tuple[str, str | None]
"""The text of a page, and its day as ISO 8601 if one is known."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a way of extraction made of one page."""

    page: str
    precision: float | None
    recall: float | None
    date: str | None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        if self.precision is None or self.recall is None:
            return None
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """All runs of four words of a text; a shorter text is one run."""
    words = _WORD.findall(text.casefold())
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def by_dateline(page: Path) -> Extraction:
    """What the readers make of a page."""
    (file,) = find_files([page])
    assert isinstance(file, InputFile)
    articles = [reading for reading in read_file(file, ReadOptions()) if isinstance(reading, Article)]
    if not articles:
        return "", None
    published = articles[0].published
    return articles[0].body, published.first_day.isoformat() if published else None


def by_library(*, precision: bool = False, recall: bool = False) -> Callable[[Path], Extraction]:
    """What trafilatura makes of a page with these settings."""

    def extract(page: Path) -> Extraction:
        from trafilatura import bare_extraction

        document: Any = bare_extraction(
            page.read_bytes(),
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            favor_precision=precision,
            favor_recall=recall,
        )
        return (document.text or "", document.date) if document else ("", None)

    return extract


WAYS: dict[str, Callable[[Path], Extraction]] = {
    "Dateline": by_dateline,
    "trafilatura": by_library(),
    "trafilatura, precision": by_library(precision=True),
    "trafilatura, recall": by_library(recall=True),
}


def score(page: Path, text: str | None, day: str | None, way: Callable[[Path], Extraction]) -> Score:
    """Measure one way on one page against the text and the day expected, where known."""
    found_text, found_day = way(page)
    precision = recall = None
    if text is not None:
        found, expected = shingles(found_text), shingles(text)
        common = (found & expected).total()
        precision = common / found.total() if found else 0.0
        recall = common / expected.total() if expected else 1.0
    date = None if day is None else "unknown" if not found_day else "right" if found_day[:10] == day else "wrong"
    return Score(page.stem, precision, recall, date)


def pages_of(folder: Path) -> Iterator[tuple[Path, str | None, str | None]]:
    """The pages of a folder for which a text or a day is expected, with these."""
    for page in sorted((folder / "html").glob("*.html")):
        text = folder / "txt" / f"{page.stem}.txt"
        metadata = folder / "metadata" / f"{page.stem}.json"
        stated = (
            json.loads(metadata.read_text(encoding="utf-8")).get("publish_date") if metadata.exists() else None
        )
        if text.exists() or stated:
            expected = text.read_text(encoding="utf-8") if text.exists() else None
            yield page, expected, str(stated)[:10] if stated else None


def row(name: str, scores: list[Score]) -> str:
    """One line of the table for the documentation."""
    texts = [one for one in scores if one.f1 is not None]
    dates = Counter(one.date for one in scores if one.date)

    def mean(values: list[float | None]) -> str:
        return f"{sum(value or 0 for value in values) / max(1, len(values)):.3f}".removeprefix("0")

    lost = sum((one.recall or 0) < _A_THIRD for one in texts)
    figures = (
        mean([one.precision for one in texts]),
        mean([one.recall for one in texts]),
        mean([one.f1 for one in texts]),
    )
    return (
        f"| {name} | {' | '.join(figures)} | {lost} | {dates['right']} | {dates['wrong']} | {dates['unknown']} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", action="store_true", help="Print every page.")
    parser.add_argument("--json", type=Path, help="Write all scores to this file.")
    arguments = parser.parse_args()
    pages = list(pages_of(arguments.folder))
    if not pages:
        sys.exit(f"{arguments.folder} has no pages with an expected text or date")
    scores = {name: [score(page, text, day, way) for page, text, day in pages] for name, way in WAYS.items()}
    print(
        f"{sum(text is not None for _, text, _ in pages)} texts, {sum(day is not None for *_, day in pages)} dates"
    )
    print("| | precision | recall | F1 | under a third | dates right | wrong | unknown |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, found in scores.items():
        print(row(name, found))
    if arguments.each:
        for name, found in scores.items():
            for one in found:
                figures = " ".join(
                    "-" if value is None else f"{value:.3f}" for value in (one.precision, one.recall, one.f1)
                )
                print(f"{name}\t{one.page}\t{figures}\t{one.date or '-'}")
    if arguments.json:
        arguments.json.write_text(
            json.dumps({name: [asdict(one) for one in found] for name, found in scores.items()}, indent=1),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
