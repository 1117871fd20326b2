"""Questions of files, and their answers in files."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from api.cli.answers import render_answer
from api.cli.options import Form
from api.cli.streams import questions_of, respond_to_batch, respond_to_each
from api.cli.terminal import Exit
from api.formats import Format
from api.schemas import AnswerResponse
from search.archive import Archive
from search.asking.engine import Engine
from search.errors import InputError, QueryError
from search.settings import Settings
from tests.fakes import HashEmbedder

Answering = Callable[[str], AnswerResponse]


@pytest.fixture
def answer(news_archive: Archive, hash_embedder: HashEmbedder) -> Answering:
    engine = Engine(news_archive, hash_embedder, Settings.load())
    return lambda question: AnswerResponse.of(engine.ask(question))


def file_of(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.csv", 'id,Question\n1,who won?\n2,"where, and when?"\n,\n'),
        ("q.csv", 'who won?\n"where, and when?"\n'),
        ("q.tsv", "question\tdesk\nwho won?\tsport\nwhere, and when?\tworld\n"),
        ("q.jsonl", '"who won?"\n\n{"q": "where, and when?"}\n'),
        ("q.txt", "\ufeffwho won?\r\n\r\nwhere, and when?"),
    ],
)
def test_the_questions_of_a_file_are_read_by_its_kind(tmp_path: Path, name: str, text: str) -> None:
    found = list(questions_of(file_of(tmp_path, name, text)))
    assert [question for _, question in found] == ["who won?", "where, and when?"]
    assert all(where.startswith(f"{tmp_path / name}, line ") for where, _ in found)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.csv", "id,ask\n1,who won?\n", "none is called question"),
        ("q.jsonl", "who won?\n", "line 1, is not JSON"),
        ("q.jsonl", '{"ask": "who won?"}\n', "line 1, has no question"),
        ("q.csv", f"question{'?' * 200_000}\nwho won?\n", "line 1, is no CSV"),
        ("q.csv", f"question\n{'?' * 200_000}\n", "line 2, is no CSV"),
    ],
)
def test_a_file_without_questions_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    csv.field_size_limit(131_072)  # of the whole process, and readers of tables raise it
    with pytest.raises(InputError, match=said):
        list(questions_of(file_of(tmp_path, name, text)))
    with pytest.raises(InputError, match="cannot be read"):
        list(questions_of(tmp_path / "none.csv"))


def test_answers_go_into_a_table_or_into_lines_of_json(tmp_path: Path, answer: Answering) -> None:
    questions = file_of(tmp_path, "q.txt", "When will Russia use the missiles?\nWho won the chess Olympiad?\n")
    respond_to_batch(questions, tmp_path / "a.csv", answer, render_answer, None)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert rows[0]["question"] == "When will Russia use the missiles?"
    assert "within weeks" in rows[0]["quote"]
    assert [row["tier"] for row in rows if row["question"] == "Who won the chess Olympiad?"] == ["not_found"]
    respond_to_batch(questions, tmp_path / "a.jsonl", answer, render_answer, None)
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["found"] for line in lines] == [True, False]
    with pytest.raises(InputError, match="is there already"):
        respond_to_batch(questions, tmp_path / "a.csv", answer, render_answer, None)
    with pytest.raises(QueryError, match="does not say what to write"):
        respond_to_batch(questions, tmp_path / "a.out", answer, render_answer, None)


@pytest.mark.parametrize(
    ("name", "text"), [("q.txt", ""), ("q.txt", "\n \n"), ("q.csv", "question\n"), ("q.jsonl", "")]
)
def test_a_file_without_a_question_is_told_and_makes_no_file(
    tmp_path: Path, answer: Answering, name: str, text: str
) -> None:
    questions = file_of(tmp_path, name, text)
    for target in (None, tmp_path / "a.csv"):
        with pytest.raises(InputError, match="has no question"):
            respond_to_batch(questions, target, answer, render_answer, None)
    assert not (tmp_path / "a.csv").exists()


def test_a_line_of_standard_input_is_told_by_its_own_number(
    answer: Answering, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n???\n"))
    with pytest.raises(typer.Exit):
        respond_to_each(["-"], answer, render_answer, Form.JSON)
    assert "Line 3" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    with pytest.raises(QueryError, match="no question on standard input"):
        respond_to_each(["-"], answer, render_answer, Form.JSON)


def test_a_question_that_cannot_be_asked_is_told_and_the_others_are_answered(
    tmp_path: Path, answer: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = file_of(tmp_path, "q.csv", "question\n???\nWhen will Russia use the missiles?\n")
    with pytest.raises(typer.Exit) as ended:
        respond_to_batch(questions, None, answer, render_answer, Form.CSV)
    assert ended.value.exit_code == Exit.SKIPPED
    printed = capsys.readouterr()
    assert f"{questions}, line 2" in printed.err
    assert "within weeks" in next(csv.DictReader(io.StringIO(printed.out)))["quote"]


def test_the_forms_are_those_that_there_are() -> None:
    assert [form.value for form in Form] == [form.value for form in Format]
