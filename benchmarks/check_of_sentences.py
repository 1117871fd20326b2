"""What the check of written answers lets through of sentences whose faithfulness is known. No model is asked.

python benchmarks/check_of_sentences.py --index FOLDER --questions QUESTIONS.jsonl

Of each citation of the questions that are answered, one sentence long, four are made: `copied`, the quote
itself, which should stand; `of another`, which cites the next quote; `renamed`, in which a name is one of
another quote; and `recounted`, in which a figure is another.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from written_answers import ask, engine_for, questions_in

from api.writing.settings import WriterSettings
from search.asking.citation import Citation
from search.asking.wording import Draft, Rule, checked
from search.english.sentences import sentences

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_FIGURE = re.compile(r"(?<![\w.,])\d{1,3}(?![\w.,]\w)")


def main() -> None:
    """Make the sentences, check them, and print the shares that stand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--show", action="store_true", help="print what should not have come out as it did")
    given = parser.parse_args()
    made: Counter[str] = Counter()
    stand: Counter[str] = Counter()
    rules: Counter[Rule] = Counter()
    asked = 0
    with engine_for(WriterSettings.load(index=given.index)) as engine:
        for question in questions_in(given.questions):
            answer = ask(engine, question)
            if not answer.found or answer.parts:
                continue
            if asked == given.most:
                break
            asked += 1
            for kind, draft in drafts(answer.citations):
                found = checked(draft, answer.citations)
                made[kind] += 1
                stand[kind] += isinstance(found, Draft)
                if kind == "copied" and isinstance(found, Rule):
                    rules[found] += 1
                if given.show and (kind == "copied") == isinstance(found, Rule):
                    print(kind, found, draft, sep=" | ")
    print(f"{asked} questions")
    for kind, number in made.items():
        print(f"{kind}: {stand[kind]} of {number} stand ({stand[kind] / number:.3f})")
    print("copied sentences that were dropped, by rule:", {rule.value: count for rule, count in rules.items()})


def drafts(citations: Sequence[Citation]) -> Iterator[tuple[str, Draft]]:
    """Yield sentences made of quotes, each with what was done to it."""
    for number, citation in enumerate(citations, start=1):
        text = citation.quote
        if len(sentences(text)) != 1:
            continue
        yield "copied", Draft(text, (number,))
        other = number % len(citations) + 1
        following = citations[other - 1].quote
        if other != number and text not in following:
            yield "of another", Draft(text, (other,))
        names = [name for name in _NAME.findall(following) if name not in text]
        if names and (found := _NAME.search(text)):
            yield "renamed", Draft(f"{text[: found.start()]}{names[0]}{text[found.end() :]}", (number,))
        if found := _FIGURE.search(text):
            figure = str(int(found.group()) + 3)
            if figure not in text:
                yield "recounted", Draft(f"{text[: found.start()]}{figure}{text[found.end() :]}", (number,))


if __name__ == "__main__":
    main()
