"""Draw the sentences of `statements.jsonl` that are to be labelled.

    python benchmarks/draw_statements.py NEWS/wire.jsonl.gz > to-label.jsonl
    python benchmarks/draw_statements.py NEWS/wire.jsonl.gz NEWS/bbc.jsonl.gz POLNEAR/train.jsonl.gz > more.jsonl

Of one file, half of them are drawn at random, half by loose cues; of several, as many of each at random, from
articles that the first draw did not take; of PolNeAR from every second text. Every article gives at most one
sentence. The cues are wider than any rule of `search.statements`, so that what the rules miss is among the
drawn, and so is what only looks like a threat or a denial.
"""

import json
import random
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.article import Article, Span
from search.english.sentences import sentences

SEED = 20240910
SECOND_SEED = 20261130
OF_EACH_FILE = 84
RANDOM = 96
OF_EACH_CUE = 16
CUES = {
    "quote": r'["“”]',
    "prediction": r"\b(will|would|could|may|might|shall|plan\w*|expect\w*|likely|forecast\w*|due to|set to)\b",
    "threat": r"\b(threat\w*|warn\w*|vow\w*|retaliat\w*|ultimatum|consequences|punish\w*|pledg\w*)\b",
    "denial": r"\b(den(y|ies|ied|ying|ial)|reject\w*|dismiss\w*|refut\w*|no evidence|false|baseless|disput\w*)\b",
    "condition": r"\b(if|unless|provided|should|as long as|in case|otherwise|whether)\b",
    "question": r"\?|\b(ask\w*|wonder\w*|question\w*|whether)\b",
}
OF_EACH_NARROW_CUE = 14
NARROW_CUES = {
    "threat": r"\b(threaten\w*|(warn\w*|vow\w*)( \w+){0,2} (that|to|of))\b",
    "denial": r"\b(den(ies|ied|ying)|(reject|dismiss|refut)ed( \w+){0,3} "
    r"(report|claim|charge|accus|alleg|suggest)\w*)",
    "condition": r"\b([Ii]f|[Uu]nless|provided that)\b.*\b(will|would|could|must|shall|can)\b",
    "question": r"\?|\b([Aa]sk|[Ww]onder)\w*( \w+){0,2} (if|whether|why|what|how)\b",
}
"""The wide cues turned up few threats, denials, conditions and questions: a second draw looks for more of them."""

Drawn = tuple[Article, Span, str]

_LABELS = Path(__file__).with_name("statements.jsonl")
_FIRST_DRAWN = 248


def articles_of(path: Path) -> Iterator[Article]:
    """Read the articles of a file, as the indexer does."""
    for found in find_files([path]):
        for read in read_file(found, ReadOptions()) if isinstance(found, InputFile) else [found]:
            if isinstance(read, Article):
                yield read


def drawn(articles: list[Article]) -> list[Drawn]:
    """Draw sentences, in an order that is random itself."""
    generator = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    everything = [(article, sentence) for article in articles for sentence in sentences(article.body)]
    generator.shuffle(everything)
    taken: set[str] = set()
    picked: list[Drawn] = []
    for plan in (
        [*((cue, OF_EACH_CUE) for cue in CUES.values()), ("", RANDOM)],
        [(cue, OF_EACH_NARROW_CUE) for cue in NARROW_CUES.values()],
    ):
        part: list[Drawn] = []
        for cue, number in plan:
            fitting = (
                (article, sentence, "cued" if cue else "random")
                for article, sentence in everything
                if article.id not in taken and re.search(cue, sentence.of(article.body), re.IGNORECASE)
            )
            for drawn_one in islice(fitting, number):
                taken.add(drawn_one[0].id)
                part.append(drawn_one)
        generator.shuffle(part)
        picked += part
    return picked


def drawn_of_each(paths: Sequence[Path], taken: Collection[str]) -> list[Drawn]:
    """Draw as many sentences from each file, at random, none of them from the articles of ids that are taken."""
    generator = random.Random(SECOND_SEED)  # noqa: S311 - a sample, not a secret
    picked: list[Drawn] = []
    for path in paths:
        articles = list(articles_of(path))
        if "polnear" in path.parts:
            articles = articles[1::2]  # the odd lines are those that rules are made on
        free = sorted((article for article in articles if article.id not in taken), key=lambda one: one.id)
        picked += [
            (article, generator.choice(sentences(article.body)), "random")
            for article in generator.sample(free, OF_EACH_FILE)
        ]
    generator.shuffle(picked)
    return picked


def main() -> None:
    """Print what is drawn, unlabelled."""
    paths = [Path(name) for name in sys.argv[1:]]
    if len(paths) == 1:
        picked = drawn(list(articles_of(paths[0])))
    else:
        labels = map(json.loads, _LABELS.read_text(encoding="utf-8").splitlines()[:_FIRST_DRAWN])
        picked = drawn_of_each(paths, {label["article"] for label in labels})
    for article, sentence, how in picked:
        print(json.dumps({"article": article.id, "start": sentence.start, "end": sentence.end, "drawn": how}))


if __name__ == "__main__":
    main()
