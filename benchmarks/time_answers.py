"""How well "when" answers become intervals, and what tagging costs.

    python benchmarks/time_answers.py QUESTIONS.jsonl ARTICLES.jsonl.gz

Questions hold `gold` (each with `article`, `evidence` and `answer`, verbatim) and `time` (`start` and `end`,
both days included); articles `_id`, `text` and `published_at`. The times tagged inside the answer, read in
the whole article, are joined into one interval and compared with the gold one. The cost is processor time.
"""

import argparse
import gzip
import json
import time
from datetime import date
from pathlib import Path

from search.times import Interval, hull, tag


def interval_of_answer(text: str, published: date, evidence: str, answer: str) -> Interval | None:
    """The interval of the time expressions inside an answer."""
    start = text.index(answer, text.index(evidence))
    inside = [
        mention for mention in tag(text, published) if start < mention.end and mention.start < start + len(answer)
    ]
    return hull([mention.interval for mention in inside if mention.interval])


def main() -> None:
    """Compare, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("articles", type=Path)
    arguments = parser.parse_args()
    with gzip.open(arguments.articles, "rt", encoding="utf-8") as lines:
        articles = {article["_id"]: article for article in map(json.loads, lines)}
    answers = equal = overlapping = 0
    for line in arguments.questions.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if not question["time"]:
            continue
        first, last = (date.fromisoformat(question["time"][end]) for end in ("start", "end"))
        for gold in question["gold"]:
            article = articles[gold["article"]]
            published = date.fromisoformat(article["published_at"])
            got = interval_of_answer(article["text"], published, gold["evidence"], gold["answer"])
            answers += 1
            if got is None or got.first_day is None or got.last_day is None:
                continue
            equal += (got.first_day, got.last_day) == (first, last)
            overlapping += got.first_day <= last and first <= got.last_day
    print(f"{answers} answers: {equal / answers:.3f} equal, {overlapping / answers:.3f} overlapping")
    began = time.process_time()
    mentions = sum(len(tag(a["text"], date.fromisoformat(a["published_at"]))) for a in articles.values())
    spent = time.process_time() - began
    print(f"{len(articles)} articles, {mentions} mentions, {1000 * spent / len(articles):.2f} ms an article")


if __name__ == "__main__":
    main()
