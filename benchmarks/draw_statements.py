"""Draw the sentences of `statements.jsonl` that are to be labelled, half of them at random, half by loose cues.

    python benchmarks/draw_statements.py NEWS/wire.jsonl.gz > to-label.jsonl

Every article gives at most one sentence. The cues are wider than any rule of `search.statements`, so that what the
rules miss is among the drawn, and so is what only looks like a threat or a denial.
"""

import json
import random
import re
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.article import Article, Span
from search.english.sentences import sentences

SEED = 20240910
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


def main() -> None:
    """Print what is drawn, unlabelled."""
    for article, sentence, how in drawn(list(articles_of(Path(sys.argv[1])))):
        print(json.dumps({"article": article.id, "start": sentence.start, "end": sentence.end, "drawn": how}))


if __name__ == "__main__":
    main()
