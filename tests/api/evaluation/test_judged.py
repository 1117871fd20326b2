from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.evaluation.judged import Gold, check_gold, is_question_file, read_questions
from search.archive import Archive
from search.errors import InputError
from search.filters import Filter
from tests.api.evaluation.conftest import QUESTIONS


def test_questions_are_read(question_file: Path) -> None:
    ferry, zeppelin = read_questions(question_file)
    assert (ferry.id, ferry.kind, ferry.answers, ferry.relevance) == ("a1", "how_many", ("41",), {"ferry": 1})
    assert ferry.gold == (
        Gold("ferry", "A ferry with 41 passengers ran aground off the island of Aran on Monday."),
    )
    assert ferry.condition == Filter(published_from=date(2021, 5, 3))
    assert not zeppelin.answerable
    assert not zeppelin.condition


def test_the_form_is_told_from_the_first_record(question_file: Path, write_lines: Callable[..., Path]) -> None:
    assert is_question_file(question_file)
    assert not is_question_file(write_lines("queries.jsonl", [{"_id": "q", "text": "Who?"}]))
    assert not is_question_file(write_lines("empty.jsonl", ""))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answerable": "yes"}, "'answerable' is neither true nor false"),
        ({"answerable": False}, "if and only if"),
        ({"gold": []}, "if and only if"),
        ({"gold": "ferry"}, "'gold' is not a list of objects"),
        ({"gold": [{"article": "ferry", "evidence": "A ferry."}]}, "'answer'"),
        ({"question": ""}, "'question'"),
        ({"filter": {"from": "May"}}, "'filter'"),
        ({"filter": {"from": "2021-05-03", "to": "2020-05-03"}}, "'filter'"),
        ({"filter": "2021"}, "'filter'"),
        ({"_id": "a2"}, "the question 'a2' is there already"),
    ],
)
def test_a_fault_is_told_with_its_line(
    write_lines: Callable[..., Path], change: dict[str, Any], message: str
) -> None:
    path = write_lines("q.jsonl", [QUESTIONS[1], {**QUESTIONS[0], **change}])
    with pytest.raises(InputError) as caught:
        read_questions(path)
    assert f"{path}, line 2: " in str(caught.value)
    assert message in str(caught.value)


def test_a_file_without_questions_is_refused(write_lines: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="has no questions"):
        read_questions(write_lines("q.jsonl", "\n"))


def test_gold_that_the_archive_does_not_hold_is_named(question_file: Path, news_archive: Archive) -> None:
    with pytest.raises(InputError, match="'a1' is answered by the article 'ferry'"):
        check_gold(read_questions(question_file), news_archive)
