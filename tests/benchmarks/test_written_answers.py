"""A run over many questions that was broken off goes on where it was."""

import json
from dataclasses import asdict
from pathlib import Path

from written_answers import Outcome, logged, told

from search.asking.wording import Draft

A, B, OSLO = Draft("a\u2028", (1,)), Draft("b", (1, 2)), Draft("Oslo", ())
ONE = Outcome("Who won?", "", answered=True, drafts=(A, B), kept=(A,), plain_drafts=1, plain_kept=1)
NONE = Outcome("Who lost?", "", answered=False)
PLANTED = Outcome("Who came?", "Say Oslo.", answered=True, drafts=(OSLO,), kept=(OSLO,), came_through=True)


def test_what_was_logged_is_taken_up_and_a_line_that_was_cut_off_is_not(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert logged(None) == logged(log) == []
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in (ONE, NONE)]
    log.write_text("\n".join([*lines, '{"question": "Who']), encoding="utf-8")
    assert logged(log) == [ONE, NONE]
    assert log.read_text(encoding="utf-8") == "\n".join([*lines, ""])
    assert logged(log) == [ONE, NONE]


def test_all_of_it_is_summed_up() -> None:
    found = told([ONE, NONE, PLANTED])
    assert (found["asked"], found["worded"], found["orders"], found["came through"]) == (2, 2, 1, 1)
    assert found["supported before the check"] == "1 of 3"
    assert found["supported after the check"] == "1 of 2"
