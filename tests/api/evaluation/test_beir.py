from collections.abc import Callable
from pathlib import Path

import pytest

from api.evaluation.beir import read_beir
from search.article import Precision
from search.errors import InputError

Beir = Callable[..., Path]


def test_articles_questions_and_judgements_are_read(beir: Beir) -> None:
    judged = read_beir(beir())
    assert judged.name == "small"
    assert [article.id for article in judged.articles] == ["ferry", "frost", "museum", "title-only"]
    assert judged.empty_articles == 1
    first, second, third = judged.questions
    assert (first.relevance, first.answers, first.kind) == ({"ferry": 1}, ("41", "41 passengers"), "")
    assert second.relevance == {"frost": 2, "museum": 0}
    assert second.relevant == {"frost"}
    assert second.kind == "how_much"
    assert [question.answerable for question in judged.questions] == [True, True, False]
    assert not third.relevant


def test_gzipped_files_read_the_same(beir: Beir, write_lines: Callable[..., Path]) -> None:
    plain = read_beir(beir())
    folder = beir()
    for path in list(folder.rglob("*.*")):
        write_lines(f"packed/{path.relative_to(folder)}.gz", path.read_text(encoding="utf-8"))
    packed = read_beir(folder.parent / "packed")
    assert (packed.articles, packed.questions) == (plain.articles, plain.questions)


def test_bodies_are_canonical_and_a_lone_title_is_a_body(beir: Beir) -> None:
    bodies = {article.id: article.body for article in read_beir(beir()).articles}
    assert bodies["frost"].startswith(
        "Growers in the valley lost “nine tenths” of their cherries to late frost. P"
    )
    assert bodies["title-only"] == "Mayor opens the new tram line"


def test_dates_are_read_as_the_readers_do(beir: Beir) -> None:
    ferry, frost, *_ = read_beir(beir()).articles
    assert ferry.published
    assert (ferry.published.isoformat(), ferry.published.precision) == ("2021-05-03", Precision.DAY)
    assert frost.published is None


def test_spans_point_into_the_canonical_body(beir: Beir) -> None:
    text = "  One  two 41.\n\n\n\n41   three."
    corpus = [{"_id": "ferry", "title": "", "text": text}, {"_id": "frost", "title": "", "text": "Frost."}]
    queries = [
        {
            "_id": "q1",
            "text": "What?",
            "metadata": {"context_id": "ferry", "spans": [{"start": 18, "text": "41   three"}]},
        },
        {"_id": "q2", "text": "Who?"},
    ]
    judged = read_beir(
        beir({"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels/test.tsv": "q1\tferry\t1\n"})
    )
    (place,) = judged.questions[0].gold
    assert place.span
    assert place.span.of(judged.articles[0].body) == "41 three"


def test_without_spans_the_relevant_articles_are_the_places(beir: Beir) -> None:
    assert [place.article for place in read_beir(beir()).questions[1].gold] == ["frost"]


@pytest.mark.parametrize("qrels", ["q1\tferry\t1\n", "query-id\tcorpus-id\tscore\r\nq1\tferry\t1\r\n\r\n"])
def test_a_header_and_blank_lines_do_not_matter(beir: Beir, qrels: str) -> None:
    assert read_beir(beir({"qrels/test.tsv": qrels})).questions[0].relevance == {"ferry": 1}


def test_the_only_judgements_are_taken_whatever_their_name(beir: Beir) -> None:
    assert read_beir(beir({"qrels/test.tsv": None, "qrels/dev.tsv": QRELS_DEV})).questions[0].relevance


def test_test_is_preferred_among_several(beir: Beir) -> None:
    assert read_beir(beir({"qrels/all.tsv": "broken"})).questions[0].relevance == {"ferry": 1}


QRELS_DEV = "q1\tferry\t1\n"

FAULTS = {
    "no corpus": ({"corpus.jsonl": None}, "has no corpus.jsonl"),
    "no queries": ({"queries.jsonl": None}, "has no queries.jsonl"),
    "no qrels": ({"qrels/test.tsv": None}, "no qrels/test.tsv"),
    "qrels to choose from": (
        {"qrels/test.tsv": None, "qrels/a.tsv": QRELS_DEV, "qrels/b.tsv": QRELS_DEV},
        "a.tsv, b.tsv, and none is called test.tsv",
    ),
    "empty qrels": ({"qrels/test.tsv": "query-id\tcorpus-id\tscore\n"}, "judges nothing"),
    "empty queries": ({"queries.jsonl": ""}, "has no questions"),
    "columns": ({"qrels/test.tsv": "q1\tferry\t1\nq1 ferry 1\n"}, "test.tsv, line 2: 1 columns"),
    "score": ({"qrels/test.tsv": "q1\tferry\t1\nq1\tferry\tyes\n"}, "test.tsv, line 2: the score 'yes'"),
    "unknown question": ({"qrels/test.tsv": "q9\tferry\t1\n"}, "line 1: there is no question 'q9'"),
    "unknown article": ({"qrels/test.tsv": "q1\tballoon\t1\n"}, "line 1: there is no article 'balloon'"),
    "broken line": (
        {"corpus.jsonl": '{"_id": "a", "text": "A."}\n{"_id": '},
        "corpus.jsonl, line 2: not valid JSON",
    ),
    "no object": ({"queries.jsonl": "[1]\n"}, "queries.jsonl, line 1: not a JSON object"),
    "no id": ({"corpus.jsonl": [{"text": "A."}]}, "corpus.jsonl, line 1: the field '_id'"),
    "article twice": (
        {"corpus.jsonl": [{"_id": "a", "text": "A."}] * 2},
        "line 2: the article 'a' is there already",
    ),
    "question twice": ({"queries.jsonl": [{"_id": "q", "text": "A?"}] * 2}, "line 2: the question 'q' is there"),
    "text of another kind": ({"corpus.jsonl": [{"_id": "a", "text": ["A."]}]}, "line 1: the field 'text'"),
    "metadata of another kind": ({"corpus.jsonl": [{"_id": "a", "text": "A", "metadata": 1}]}, "'metadata'"),
    "answers of another kind": (
        {
            "queries.jsonl": [{"_id": "q1", "text": "A?", "metadata": {"answers": "41"}}],
            "qrels/test.tsv": QRELS_DEV,
        },
        "queries.jsonl, line 1: the field 'metadata.answers'",
    ),
    "question metadata": (
        {"queries.jsonl": [{"_id": "q1", "text": "A?", "metadata": "41"}], "qrels/test.tsv": QRELS_DEV},
        "queries.jsonl, line 1: the field 'metadata'",
    ),
    "a span that is not there": (
        {
            "queries.jsonl": [
                {
                    "_id": "q1",
                    "text": "A?",
                    "metadata": {"context_id": "ferry", "spans": [{"start": 1, "text": "41"}]},
                }
            ],
            "qrels/test.tsv": QRELS_DEV,
        },
        "queries.jsonl, line 1: '41' does not stand at 1",
    ),
    "a span without a place": (
        {
            "queries.jsonl": [{"_id": "q1", "text": "A?", "metadata": {"spans": [{"start": 1, "text": "a"}]}}],
            "qrels/test.tsv": QRELS_DEV,
        },
        "queries.jsonl, line 1: a span needs",
    ),
}


@pytest.mark.parametrize(("files", "message"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_told_with_file_and_line(beir: Beir, files: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_beir(beir(files))
    assert message in str(caught.value)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        read_beir(tmp_path / "nowhere")


def test_a_truncated_file_is_told(beir: Beir, write_lines: Callable[..., Path]) -> None:
    folder = beir({"corpus.jsonl": None})
    packed = write_lines("small/corpus.jsonl.gz", '{"_id": "a", "text": "A."}\n' * 50)
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"corpus\.jsonl\.gz"):
        read_beir(folder)


def test_text_that_is_not_utf_8_is_told(beir: Beir) -> None:
    folder = beir()
    (folder / "queries.jsonl").write_bytes(b'{"_id": "q1", "text": "caf\xe9?"}\n')
    with pytest.raises(InputError, match=r"queries\.jsonl, line 1: not UTF-8"):
        read_beir(folder)
