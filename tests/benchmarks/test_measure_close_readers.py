import importlib
from pathlib import Path
from types import ModuleType

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from api.evaluation.judged import Gold, JudgedQuestion
from search.article import Article, Span

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
BODY = "The ferry sank off Porto.\n\nThe owner, Rui Costa, fled. Police look for him.\n\nIt was built in 1970."


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("measure_close_readers")


@pytest.fixture
def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))  # noqa: S106
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return made


def question(text: str, *evidence: str) -> JudgedQuestion:
    gold = tuple(Gold("ferry", one) for one in evidence)
    return JudgedQuestion(text, text, bool(gold), dict.fromkeys(["ferry"] if gold else [], 1), gold)


def test_stretches_are_whole_sentences_within_the_room(measuring: ModuleType, tokenizer: Tokenizer) -> None:
    body = " ".join(["The ferry sank off the coast of Porto on Monday."] * 30)
    stretches = measuring.cut(body, tokenizer)
    assert [len(stretch) for stretch in stretches] == [12, 12, 6]
    assert " ".join(span.of(body) for stretch in stretches for span in stretch) == body


def test_sentences_that_show_the_evidence_are_right(measuring: ModuleType, tokenizer: Tokenizer) -> None:
    article = Article("ferry", "Ferry sinks", BODY)

    def by_length(_: str, __: Article, stretches: list[list[Span]]) -> list[float]:
        return [float(span.end - span.start) for stretch in stretches for span in stretch]

    asked = question("Who owned it?", "The owner, Rui Costa, fled.  Police look for him.")
    marked = measuring.mark(asked, article, tokenizer, by_length, near_miss=False)
    assert marked.right == [False, True, True, False]
    assert marked.scores[1] == max(marked.scores)


def test_unanswerable_questions_are_put_to_the_article_that_shares_most(measuring: ModuleType) -> None:
    ferry, storm = Article("ferry", "Ferry sinks", BODY), Article("storm", "Storm", "A storm hit Braga.")
    asked = [question("Who hit Braga?", "sank"), question("Whom did the storm in Braga kill?")]
    assert measuring.right_articles(asked, [storm, ferry]) == [ferry, storm]


def test_figures_tell_first_places_and_what_is_not_answered(measuring: ModuleType) -> None:
    def marked(*scores: float, right: int | None, near: bool = False) -> object:
        shows = [place == right for place in range(len(scores))]
        return measuring.Marked(right is not None, near, list(scores), shows)

    found = measuring.figures(
        [
            marked(3.0, 1.0, right=0),
            marked(1.0, 2.0, 4.0, 0.0, right=1),
            marked(1.0, 2.0, 4.0, 0.0, right=3),
            marked(3.5, right=None, near=True),
            marked(0.0, right=None),
        ]
    )
    assert (found["evidence@1"], found["evidence@3"]) == (0.333, 0.667)
    assert (found["near misses"], found["unanswerable"]) == (1, 2)
    assert (found["AUROC near misses"], found["AUROC unanswerable"]) == (0.667, 0.833)
