"""The command line, run as a user runs it, with the real model; where it matters in processes of its own."""

import json
import os
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from tests.commands import run_command, start_command

pytestmark = pytest.mark.model

REPOSITORY = Path(__file__).resolve().parents[3]
CORPUS = REPOSITORY / "corpus"
BLINKEN = (
    "Russia has now received shipments of these ballistic missiles and will likely use them within weeks in "
    "Ukraine, against Ukrainians."
)


def dateline(*words: str | Path, cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_command(*words, DATELINE_CACHE=str(cache), **environment)


def started(*words: str | Path, cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return start_command(*words, DATELINE_CACHE=str(cache), **environment)


@pytest.fixture(scope="module")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "archive"
    indexed = started("index", CORPUS, "--index", folder, "--json", cache=model_cache)
    assert indexed.returncode == 0, indexed.stderr
    report = json.loads(indexed.stdout)
    assert report["added"] == 46
    assert report["skipped"] == []
    return folder


def test_asking_prints_the_verbatim_sentence_first(corpus_index: Path, model_cache: Path) -> None:
    asked = started("ask", "when will missiles be used?", "--index", corpus_index, "--json", cache=model_cache)
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    first = answer["citations"][0]
    assert answer["found"]
    assert BLINKEN in first["quote"]
    assert first["published"]["value"].startswith("2024-09-10")
    shown = json.loads(
        dateline("show", first["article_id"], "--index", corpus_index, "--json", cache=model_cache).stdout
    )
    assert shown["body"][first["start"] : first["end"]] == first["quote"]


def test_the_answer_for_people_names_headline_source_date_and_link(corpus_index: Path, model_cache: Path) -> None:
    asked = dateline("ask", "when will missiles be used?", "--index", corpus_index, cache=model_cache)
    assert asked.returncode == 0
    assert "within weeks" in asked.stdout
    assert "Dateline Wire, 2024-09-10" in asked.stdout
    assert "#:~:text=" in asked.stdout
    assert asked.stderr == ""


def test_the_answer_for_people_says_what_its_time_means(corpus_index: Path, model_cache: Path) -> None:
    asked = dateline("ask", "when will missiles be used?", "--index", corpus_index, cache=model_cache)
    assert '"within weeks", said on 2024-09-10: 2024-09-10 to 2024-10-10 (weeks)' in asked.stdout


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How wide and deep is the Fort McHenry channel?", "700 feet wide"),
        ("By how much did Noah Lyles win the 100 metres?", "five thousandths of a second"),
        ("Which Iranian airlines did the EU put under sanctions?", "Iran Air, Mahan Air and Saha Airlines"),
        ("Why did the heat shield of Orion crack?", "gas produced inside the shield could not escape"),
        ("How did Hungary's parliament vote on Sweden?", "188 votes to six"),
        ("What is the landing place of Chandrayaan-3 called?", "Shiv Shakti"),
    ],
    ids=lambda value: value[:24],
)
def test_the_corpus_answers(question: str, words: str, corpus_index: Path, model_cache: Path) -> None:
    asked = dateline("ask", question, "--index", corpus_index, "--json", cache=model_cache)
    assert any(words in citation["quote"] for citation in json.loads(asked.stdout)["citations"])


def test_what_is_not_there_is_not_found_and_no_error(corpus_index: Path, model_cache: Path) -> None:
    asked = dateline(
        "ask", "Which album won the Mercury Prize?", "--index", corpus_index, "--json", cache=model_cache
    )
    answer = json.loads(asked.stdout)
    assert asked.returncode == 0
    assert not answer["found"]
    assert answer["citations"] == []
    assert answer["reason"]
    assert answer["nearest"]["quote"]


def test_the_same_question_gives_the_same_bytes(corpus_index: Path, model_cache: Path) -> None:
    words = ("ask", "what did the Fed decide?", "--index", corpus_index, "--json")
    first, second = (started(*words, cache=model_cache, PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second == dateline(*words, cache=model_cache).stdout


def test_filters_choose_before_ranking(corpus_index: Path, model_cache: Path) -> None:
    words = ("search", "rates", "--index", corpus_index, "--json", "-k", "3", "--from", "2024-09-01")
    found = json.loads(
        dateline(*words, "--to", "2024-09-30", "--source", "dateline wire", cache=model_cache).stdout
    )
    assert len(found["passages"]) == 3
    for passage in found["passages"]:
        assert passage["published"]["value"].startswith("2024-09")
        assert passage["source"] == "Dateline Wire"


def test_as_of_asks_the_archive_as_it_stood(corpus_index: Path, model_cache: Path) -> None:
    words = ("search", "What did the Fed decide last week?", "--index", corpus_index, "--json")
    found = json.loads(dateline(*words, "--as-of", "2024-09-24", cache=model_cache).stdout)
    assert found["reading"]["constraint"]["period"] == {"first": "2024-09-16", "last": "2024-09-22"}
    assert found["passages"]
    assert all(passage["published"]["value"] <= "2024-09-24T" for passage in found["passages"])


def test_a_timeline_is_in_the_order_of_the_time_spoken_of(corpus_index: Path, model_cache: Path) -> None:
    words = ("timeline", "Artemis moon rocket", "--index", corpus_index, "--about-from", "2022-01-01")
    timeline = json.loads(dateline(*words, "--by", "year", "--json", cache=model_cache).stdout)
    begins = [group["begins"] for group in timeline["groups"]]
    assert len(begins) > 1
    assert begins == sorted(begins)
    shown = dateline(*words, "--by", "year", cache=model_cache)
    assert shown.returncode == 0, shown.stderr
    assert [shown.stdout.index(f"{begin[:4]}\n") for begin in begins]
    assert shown.stderr == ""


def test_the_times_of_a_file_are_listed_without_an_archive(tmp_path: Path, model_cache: Path) -> None:
    file = tmp_path / "ferry.md"
    file.write_text("---\nheadline: Ferry\ndate: 2024-09-10\n---\n\nIt sailed on Sunday.\n", encoding="utf-8")
    shown = dateline("times", file, cache=model_cache)
    assert shown.returncode == 0, shown.stderr
    assert "2024-09-08" in shown.stdout
    (article,) = json.loads(dateline("times", file, "--json", cache=model_cache).stdout)
    (time,) = article["times"]
    assert (time["words"], time["value"], time["anchor"]) == ("Sunday", "2024-09-08", "2024-09-10")


def test_indexing_again_does_nothing(corpus_index: Path, model_cache: Path) -> None:
    report = json.loads(dateline("index", CORPUS, "--index", corpus_index, "--json", cache=model_cache).stdout)
    assert (report["added"], report["replaced"], report["passages"]) == (0, 0, 0)
    assert report["unchanged"] == 46
    assert report["unchanged_files"] == report["files"]


def test_a_bad_file_is_named_and_the_rest_is_indexed(tmp_path: Path, model_cache: Path) -> None:
    (tmp_path / "good.md").write_text("---\nheadline: Ferries\n---\n\nThe ferries sailed.\n", encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\x00\x00")
    indexed = dateline("index", tmp_path, "--index", tmp_path / ".archive", cache=model_cache)
    assert indexed.returncode == 1
    assert "1 added" in indexed.stdout
    assert "bad.pdf" in indexed.stdout


def test_removing_removes_everywhere_and_rebuilding_changes_nothing(tmp_path: Path, model_cache: Path) -> None:
    for number, text in enumerate(("The ferries sailed at noon.", "The trains stood still.")):
        (tmp_path / f"{number}.txt").write_text(f"{text}\n", encoding="utf-8")
    index = ("--index", tmp_path / ".archive")
    dateline("index", tmp_path, *index, cache=model_cache)
    found = json.loads(dateline("search", "ferries", *index, "--json", cache=model_cache).stdout)
    removed = dateline("remove", found["passages"][0]["article_id"], *index, "--json", cache=model_cache)
    assert len(json.loads(removed.stdout)["removed"]) == 1
    rebuilt = dateline("rebuild", *index, "--json", cache=model_cache)
    assert json.loads(rebuilt.stdout)["articles"] == 1
    after = json.loads(dateline("search", "ferries", *index, "--json", cache=model_cache).stdout)
    assert after["passages"] == []
    assert after["reason"].startswith('Nothing in the archive has "ferries"')


def test_status_tells_what_there_is_and_what_runs_the_model(corpus_index: Path, model_cache: Path) -> None:
    status = json.loads(dateline("status", "--index", corpus_index, "--json", cache=model_cache).stdout)
    archive = status["archive"]
    assert (archive["articles"], archive["superseded"], archive["families"]) == (45, 1, 1)
    assert status["archive"]["sources"]["Dateline Wire"] > 0
    assert status["model"]["backend"] == "openvino"
    assert status["model"]["note"] == ""


def test_an_article_says_what_became_of_it(corpus_index: Path, model_cache: Path) -> None:
    morning, evening = "dateline-2024-03-26-key-bridge-morning", "dateline-2024-03-26-key-bridge"
    shown = dateline("show", morning, "--index", corpus_index, cache=model_cache).stdout
    assert f"Superseded by {evening}, not found any more" in shown
    shown = dateline("show", evening, "--index", corpus_index, cache=model_cache).stdout
    assert f"In the place of {morning}" in shown
    assert "Correction: An earlier version of this article misstated" in shown
    assert "Same story: courier-2024-03-27-key-bridge (Tidewater Courier, 2024-03-27)" in shown
    told = dateline("status", "--index", corpus_index, cache=model_cache).stdout
    assert "; 1 superseded" in told
    asked = dateline(
        "search", "men filling potholes", "--every-passage", "--index", corpus_index, cache=model_cache
    )
    assert "Seven men" not in asked.stdout
    assert "Eight men" in asked.stdout


def test_a_withdrawn_article_says_why(tmp_path: Path, model_cache: Path) -> None:
    index = ("--index", tmp_path / ".archive")
    story = {"uri": "urn:x:1", "type": "text", "pubstatus": "usable", "versioncreated": "2024-05-02T08:00:00Z"}
    (tmp_path / "a.json").write_text(json.dumps(story | {"body_text": "The ferries sailed."}), encoding="utf-8")
    dateline("index", tmp_path, *index, cache=model_cache)
    killed = {
        "pubstatus": "canceled",
        "ednote": "None \u001b[31msailed.",
        "versioncreated": "2024-05-03T09:00:00Z",
    }
    (tmp_path / "b.json").write_text(json.dumps(story | killed), encoding="utf-8")
    indexed = dateline("index", tmp_path, *index, cache=model_cache)
    assert indexed.returncode == 0, indexed.stderr
    assert "1 withdrawn" in indexed.stdout
    shown = dateline("show", "urn:x:1", *index, cache=model_cache).stdout
    assert "Withdrawn on 2024-05-03T09:00:00+00:00, not found any more: cancelled by its publisher" in shown
    assert "\x1b[31m" not in shown
    assert json.loads(dateline("ask", "ferries?", *index, "--json", cache=model_cache).stdout)["found"] is False


def test_status_says_why_torch_runs_the_model(corpus_index: Path, model_cache: Path) -> None:
    status = dateline("status", "--index", corpus_index, cache=model_cache, DATELINE_BACKEND="torch")
    assert "torch" in status.stdout


@pytest.mark.parametrize("variable", ["DATELINE_MODEL", "DATELINE_RERANKER", "DATELINE_READER"])
def test_status_tells_what_there_is_also_when_a_model_cannot_be_used(
    variable: str, corpus_index: Path, model_cache: Path, tmp_path: Path
) -> None:
    words = ("status", "--index", corpus_index)
    ended = dateline(*words, cache=model_cache, **{variable: str(tmp_path)})
    assert ended.returncode == 4
    assert "published 2022-05-18 to 2025-09-23" in ended.stdout
    assert ("cannot be used" in ended.stdout) == (variable == "DATELINE_MODEL")
    assert str(tmp_path) in ended.stderr
    assert variable in ended.stderr
    assert "Traceback" not in ended.stderr
    told = dateline(*words, "--json", cache=model_cache, **{variable: "/nonexistent/model"})
    assert json.loads(told.stdout)["archive"]["articles"] == 45
    assert "/nonexistent/model" in json.loads(told.stderr)["error"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ask", "anything?", "--index", "/nonexistent/archive"), 3, "dateline index"),
        (("ask", "  ", "--index", "{index}"), 2, "empty"),
        (("ask", "rates?", "--index", "{index}", "--from", "2025-01-01", "--to", "2024-01-01"), 2, "Swap"),
        (("ask", "rates?", "--index", "{index}", "-k", "5000"), 2, "1000"),
        (("show", "no-such-article", "--index", "{index}"), 5, "no-such-article"),
        (("remove", "--index", "{index}"), 2, "--under"),
        (("index", "x.csv", "--index", "{index}", "--field", "headline"), 2, "OURS=THEIRS"),
    ],
    ids=["no archive", "empty question", "dates swapped", "k too large", "no article", "nothing named", "field"],
)
def test_errors_say_what_was_wrong_and_what_to_do(
    words: tuple[str, ...], code: int, said: str, corpus_index: Path, model_cache: Path
) -> None:
    ended = dateline(*(word.format(index=corpus_index) for word in words), cache=model_cache)
    assert ended.returncode == code
    assert ended.stdout == ""
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_error_is_json_where_json_was_asked_for(model_cache: Path) -> None:
    ended = dateline("ask", "anything?", "--index", "/nonexistent/archive", "--json", cache=model_cache)
    assert ended.returncode == 3
    assert json.loads(ended.stderr).keys() == {"error", "remedy"}


def test_a_wrong_model_is_refused_with_the_command_that_mends_it(
    corpus_index: Path, model_cache: Path, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    from search.models.source import find_model
    from search.settings import BUNDLED_MODEL

    other = SentenceTransformer(str(find_model(BUNDLED_MODEL).folder))
    other.append(deepcopy(other[-1]))
    other.save(str(tmp_path / "other"))
    ended = dateline(
        "ask", "rates?", "--index", corpus_index, cache=model_cache, DATELINE_MODEL=str(tmp_path / "other")
    )
    assert ended.returncode == 3
    assert "rebuild --embed" in ended.stderr


def test_an_unknown_setting_value_is_refused(corpus_index: Path, model_cache: Path) -> None:
    ended = dateline("ask", "rates?", "--index", corpus_index, cache=model_cache, DATELINE_BACKEND="abacus")
    assert ended.returncode == 2
    assert "DATELINE_BACKEND='abacus'" in ended.stderr


def test_terminal_escapes_in_articles_do_nothing(tmp_path: Path, model_cache: Path) -> None:
    line = json.dumps(
        {"id": "x\x1b[2J", "headline": "Red \x1b[31malert", "body": "Lions \x1b]0;gone\x07 escaped."}
    )
    (tmp_path / "a.jsonl").write_text(line + "\n", encoding="utf-8")
    dateline("index", tmp_path, "--index", tmp_path / ".archive", cache=model_cache)
    searched = dateline("search", "lions", "--index", tmp_path / ".archive", cache=model_cache)
    assert "Lions" in searched.stdout
    assert "\x1b" not in searched.stdout


@pytest.mark.news
def test_the_first_article_is_answered_by_the_quote_of_its_speaker(
    real_news: Path, tmp_path: Path, model_cache: Path
) -> None:
    article = real_news / "000_4a7673fdb80d388d.txt"
    dateline("index", article, "--index", tmp_path / "archive", cache=model_cache)
    asked = dateline(
        "ask", "when will missiles be used?", "--index", tmp_path / "archive", "--json", cache=model_cache
    )
    quote = json.loads(asked.stdout)["citations"][0]["quote"]
    assert "Blinken stated" in quote
    assert "will likely use them within weeks" in quote


def test_an_index_that_had_to_be_mended_is_told_beside_the_answer(
    corpus_index: Path, model_cache: Path, tmp_path: Path
) -> None:
    shutil.copytree(corpus_index, tmp_path / "copy")
    path = next((tmp_path / "copy" / "views").glob("*/segments/*/vectors.faiss"))
    path.write_bytes(path.read_bytes()[:-100])
    words = ("ask", "when will missiles be used?", "--index", tmp_path / "copy", "--json")
    mended, again = (dateline(*words, cache=model_cache) for _ in range(2))
    assert mended.returncode == 0
    assert json.loads(mended.stdout)["citations"] == json.loads(again.stdout)["citations"]
    assert "Notice: " in mended.stderr
    assert "vectors.faiss is not as it was saved" in mended.stderr
    assert again.stderr == ""


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = "import sys, api.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"torch", "transformers", "sentence_transformers", "faiss", "openvino", "tantivy", "numpy", "fastapi"}
    assert not heavy & set(loaded.stdout.split())


def test_asking_and_indexing_load_neither_torch_nor_transformers(
    corpus_index: Path, model_cache: Path, tmp_path: Path
) -> None:
    code = (
        "import sys\n"
        "from api.cli import app\n"
        "app(sys.argv[1:], standalone_mode=False)\n"
        "print({'torch', 'transformers'} & set(sys.modules), file=sys.stderr)"
    )
    (tmp_path / "a.txt").write_text("The ferries sailed.\n", encoding="utf-8")
    for words in (
        ("ask", "rates?", "--index", corpus_index),
        ("index", tmp_path, "--index", tmp_path / ".archive"),
    ):
        ended = subprocess.run(
            [sys.executable, "-c", code, *map(str, words)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env=os.environ | {"DATELINE_CACHE": str(model_cache)},
        )
        assert ended.stderr.strip().splitlines()[-1] == "set()"


def test_answers_may_be_restricted_to_a_speaker(corpus_index: Path, model_cache: Path) -> None:
    words = ("when will missiles be used?", "--index", corpus_index, "--json")
    for command in ("ask", "search", "timeline"):
        result = dateline(command, *words, "--said-by", "BLINKEN", "--said-by", "nobody", cache=model_cache)
        assert result.returncode == 0, result.stderr
        assert json.loads(result.stdout)["searched"]["filter"]["said_by"] == ["BLINKEN", "nobody"]
    found = dateline("search", *words, "--said-by", "Blinken", "-k", "100", cache=model_cache)
    passages = json.loads(found.stdout)["passages"]
    assert passages
    assert all("Blinken" in passage["quote"] or " he " in passage["quote"] for passage in passages)
    refused = dateline("ask", *words, "--said-by", "%", cache=model_cache)
    assert refused.returncode != 0
    assert "names nobody" in refused.stdout + refused.stderr
