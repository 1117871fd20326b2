"""`dateline verify` and `dateline cite`, run as a user runs them, on a machine that has no model."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search.archive import LocalArchive
from search.article import Article, Withdrawal
from search.quoting.citation_id import citation_id
from tests.commands import run_command
from tests.fakes import MISSILES, NEWS, HashEmbedder, make_article, published, store

REPOSITORY = Path(__file__).resolve().parents[3]
SENTENCE = "Tehran denied it."
START = MISSILES.body.index(SENTENCE)
ID = citation_id("missiles", START, START + len(SENTENCE), SENTENCE)
KILLED = make_article("killed", "The mayor of Lisbon has resigned today.", "Mayor resigns", source="Wire")
FIRST = make_article("first", "The ferry will stop on Monday morning.", "Ferry to stop", source="Wire")
SECOND = replace(make_article("second", "The ferry will not stop.", source="Wire"), supersedes="first")
HOSTILE = make_article("-x\x1b[2J", "Lions \x1b]0;gone\x07 escaped from the zoo.", "Red \x1b[31malert")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verifying") / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *NEWS, HOSTILE, KILLED, FIRST, SECOND)
        with archive.write() as writer:
            writer.withdraw(Withdrawal(("killed",), "He has \x1b[1mnot.", published("2024-05-02"), source="Wire"))
            writer.commit()
    return folder


@pytest.fixture
def dateline(folder: Path) -> Run:
    def run(*words: str | Path, said: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        here = {"DATELINE_INDEX": str(folder), "DATELINE_MODEL": "/nonexistent/model"}
        return run_command(*words, said=said, **(here | environment))

    return run


def test_a_text_whose_quotes_stand_is_verified(dateline: Run, tmp_path: Path) -> None:
    file = tmp_path / "story.md"
    file.write_text("He said “Russia will likely use them within weeks”.", encoding="utf-8")
    ended = dateline("verify", file)
    assert ended.returncode == 0, ended.stderr
    assert "exact" in ended.stdout
    assert f"[{MISSILES.body.index('Russia will')}:" in ended.stdout
    assert "Verified. 1 exact. 2 words" in ended.stdout
    assert ended.stderr == ""


def test_one_altered_quote_is_enough_for_another_exit_code(dateline: Run) -> None:
    text = "“Russia will likely use them within weeks”, “Russia will likely use them within days”"
    ended = dateline("verify", "-", said=text)
    assert ended.returncode == 6
    assert "Not verified. 1 exact, 1 absent." in ended.stdout
    assert "closest: Russia will likely use them within weeks" in ended.stdout


def test_json_goes_in_and_comes_out(dateline: Run) -> None:
    claims = [
        {"quote": SENTENCE, "article_id": "missiles", "start": START, "end": START + len(SENTENCE)},
        {"quote": "Tehran  denied it.", "article_id": "rates"},
        {"quote": None},
    ]
    ended = dateline("verify", "-", "--json", said=json.dumps(claims))
    report = json.loads(ended.stdout)
    assert ended.returncode == 6
    assert [result["status"] for result in report["results"]] == ["exact", "misattributed"]
    assert report["results"][0]["found"]["id"] == ID
    assert [refused["where"] for refused in report["refused"]] == ["[2]"]


def test_a_quote_elsewhere_and_a_malformed_claim_are_told_to_people(dateline: Run) -> None:
    lines = [json.dumps({"quote": SENTENCE, "article_id": "missiles", "start": 0, "end": 17}), '{"quote": 5}']
    ended = dateline("verify", "-", said="\n".join(lines))
    assert ended.returncode == 6
    assert "exact (moved)" in ended.stdout
    assert "refused  line 2" in ended.stdout
    assert "quote must be a text" in ended.stdout


def test_a_citation_id_is_resolved(dateline: Run) -> None:
    shown = dateline("cite", ID)
    assert shown.returncode == 0, shown.stderr
    assert SENTENCE in shown.stdout
    assert "Wire, 2024-09-10" in shown.stdout
    assert "https://news.example/2024/missiles#:~:text=" in shown.stdout
    cited = json.loads(dateline("cite", ID, "--json").stdout)
    assert (cited["quote"], cited["status"], cited["moved"]) == (SENTENCE, "exact", False)
    moved = dateline("cite", citation_id("missiles", 0, len(SENTENCE), SENTENCE))
    assert "elsewhere" in moved.stdout


def whole(article: Article) -> str:
    return citation_id(article.id, 0, len(article.body), article.body)


def test_a_quote_from_a_withdrawn_article_is_not_verified(dateline: Run) -> None:
    claim = json.dumps({"quote": KILLED.body, "article_id": "killed"})
    for words, said in ((("verify", "-"), claim), (("cite", whole(KILLED)), "")):
        ended = dateline(*words, said=said)
        assert ended.returncode == 6
        assert KILLED.body in ended.stdout
        assert "Withdrawn on 2024-05-02, not to be quoted: He has" in ended.stdout
        assert "\x1b" not in ended.stdout
        told = dateline(*words, "--json", said=said)
        assert told.returncode == 6
        told_place = json.loads(told.stdout)
        assert told_place["verified"] is False
    told_report = json.loads(dateline("verify", "-", "--json", said=claim).stdout)
    assert told_report["results"][0]["found"]["withdrawn"]["published"]["value"] == "2024-05-02"
    assert "Not verified. 1 exact, 1 from withdrawn articles." in dateline("verify", "-", said=claim).stdout


def test_a_quote_from_a_superseded_article_is_verified_and_the_later_one_named(dateline: Run) -> None:
    claim = json.dumps({"quote": FIRST.body, "article_id": "first"})
    for words, said in ((("verify", "-"), claim), (("cite", whole(FIRST)), "")):
        ended = dateline(*words, said=said)
        assert ended.returncode == 0, ended.stderr
        assert "Superseded by second" in ended.stdout
        assert '"superseded_by": "second"' in dateline(*words, "--json", said=said).stdout


@pytest.mark.parametrize("said", ["", "\n", "He said that Tehran denied it.", '{"citations": []}'])
def test_where_there_is_nothing_to_check_nothing_is_verified(dateline: Run, said: str) -> None:
    ended = dateline("verify", "-", said=said)
    assert ended.returncode == 6
    assert "Nothing to check." in ended.stdout
    assert "erified" not in ended.stdout
    told = dateline("verify", "-", "--json", said=said)
    assert told.returncode == 6
    report = json.loads(told.stdout)
    assert (report["nothing_to_check"], report["verified"]) == (True, False)


def test_broken_json_is_told_by_the_name_of_its_file(dateline: Run, tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    file.write_text('{"quote": "Tehran denied it."', encoding="utf-8")
    ended = dateline("verify", file)
    assert ended.returncode == 6
    assert f"refused  {file}" in ended.stdout.replace("\n", "")
    assert "Expecting ',' delimiter at line 1, column 30." in " ".join(ended.stdout.split())


def test_terminal_escapes_do_nothing(dateline: Run) -> None:
    text = citation_id(HOSTILE.id, 0, len(HOSTILE.body), HOSTILE.body)
    for ended in (
        dateline("cite", text),
        dateline("verify", "-", said=json.dumps({"quote": HOSTILE.body})),
        dateline("verify", "-", said=json.dumps({"quote": "\x1b[31mnever", "article_id": "\x1b[2J"})),
    ):
        assert ended.stdout
        assert "\x1b" not in ended.stdout


@pytest.mark.parametrize(
    ("words", "said", "code", "told"),
    [
        (("verify", "/nonexistent/file"), b"", 2, "No such file"),
        (("verify", "."), b"", 2, "cannot be read"),
        (("verify", "-"), b"caf\xe9 ", 2, "Standard input is not UTF-8"),
        (("verify", "-"), b"\x89PNG\r\n\x00\x00", 2, "Standard input is binary"),
        (("verify", "-"), "“Tehran denied it.”".encode("utf-16"), 2, "UTF-16"),
        (("cite", "\udcff\udcfe"), b"", 2, "not a citation id"),
        (("cite", "x" * 20_000), b"", 2, "not a citation id"),
        (("verify", "-"), b"x" * (16 * 1024 * 1024 + 1), 2, "Standard input has more than 16777216 bytes"),
        (("verify", "-", "--index", "/nonexistent"), b"x", 3, "dateline index"),
        (("cite", "missiles"), b"", 2, "not a citation id"),
        (("cite", citation_id("gone", 0, 4, "Gone")), b"", 7, "no article 'gone'"),
        (("cite", citation_id("missiles", 0, 4, "Gone")), b"", 7, "does not stand"),
    ],
    ids=[
        *("no file", "folder", "encoding", "binary", "UTF-16", "bytes", "long", "large"),
        *("no archive", "no id", "article gone", "quote gone"),
    ],
)
def test_errors_say_what_was_wrong(
    dateline: Run, words: tuple[str, ...], said: bytes, code: int, told: str
) -> None:
    ended = dateline(*words, said=said)
    assert ended.returncode == code
    assert ended.stdout == ""
    assert told in " ".join(ended.stderr.split())
    error = dateline(*words, "--json", said=said)
    assert json.loads(error.stderr).keys() == {"error", "remedy"}


def test_too_many_claims_are_refused(dateline: Run) -> None:
    ended = dateline("verify", "-", said=json.dumps([{"quote": "x"}] * 3), DATELINE_MAX_CLAIMS="2")
    assert ended.returncode == 2
    assert "at most 2" in ended.stderr


def test_no_model_is_loaded(folder: Path) -> None:
    code = (
        "import sys\n"
        "from api.cli import app\n"
        f"app(['cite', {ID!r}, '--index', sys.argv[1]], standalone_mode=False)\n"
        f"app(['verify', '-', '--index', sys.argv[1]], standalone_mode=False)\n"
        "print({'torch', 'transformers', 'openvino', 'tokenizers'} & set(sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, folder],
        capture_output=True,
        text=True,
        input="He said “Russia will likely use them”.",
        encoding="utf-8",
        check=True,
        timeout=60,
        cwd=REPOSITORY,
    )
    assert ended.stderr.strip().splitlines()[-1] == "set()"
