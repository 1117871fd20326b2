"""Which sentence segmenter finds hand-marked evidence sentences, and at what speed.

    python benchmarks/sentences.py NEWS/wire.jsonl.gz EVAL/wire-qa/questions.jsonl

Needs `pip install pysbd` for the comparison. Times count as ratios only.
"""

import gzip
import json
import sys
import time

import nupunkt
import pysbd

from search.english.sentences import paragraphs, sentences


def by_nupunkt(text: str) -> list[str]:
    """Plain nupunkt, paragraph by paragraph."""
    return [
        piece.of(text)[start:end].strip()
        for piece in paragraphs(text)
        for start, end in nupunkt.sent_spans(piece.of(text))
    ]


def by_pysbd(text: str) -> list[str]:
    """Plain pysbd, paragraph by paragraph."""
    segmenter = pysbd.Segmenter(language="en", clean=False)
    return [sentence.strip() for piece in paragraphs(text) for sentence in segmenter.segment(piece.of(text))]


def by_dateline(text: str) -> list[str]:
    """What Dateline does."""
    return [span.of(text) for span in sentences(text)]


def main(articles_path: str, questions_path: str) -> None:
    """Print found sentences and milliseconds an article, for each segmenter."""
    with gzip.open(articles_path, "rt", encoding="utf-8") as file:
        texts = {article["_id"]: article["text"] for article in map(json.loads, file)}
    with open(questions_path, encoding="utf-8") as file:  # noqa: PTH123
        marked = [
            (gold["article"], gold["evidence"].strip()) for line in file for gold in json.loads(line)["gold"]
        ]
    needed = {article for article, _ in marked}
    for name, segment in (("pysbd", by_pysbd), ("nupunkt", by_nupunkt), ("dateline", by_dateline)):
        segment("Load what is loaded once.")
        began = time.perf_counter()
        found = {article: set(segment(texts[article])) for article in needed}
        milliseconds = (time.perf_counter() - began) / len(needed) * 1000
        hits = sum(evidence in found[article] for article, evidence in marked)
        print(f"{name:10} {hits}/{len(marked)} sentences, {milliseconds:.2f} ms an article")


if __name__ == "__main__":
    main(*sys.argv[1:3])
