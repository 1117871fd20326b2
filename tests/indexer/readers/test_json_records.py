import json
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.readers import Skipped
from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Reading = Callable[..., list[Article | Skipped]]

RECORD = {
    "_id": "r-1",
    "title": "Ferries return",
    "text": "Ships sailed.\n\nIt rained.",
    "source": {"name": "The Gazette"},
    "published_at": "2024-05-02",
    "lang": "EN_us",
    "authors": [{"name": "Jane Doe"}, "Rolf Roe"],
    "link": "https://gazette.example/1",
    "category": ["Transport", "City"],
}


def test_well_known_fields_are_found(read_one: ReadOne) -> None:
    article = read_one("a.json", json.dumps(RECORD))
    assert (article.id, article.headline, article.body) == ("r-1", "Ferries return", "Ships sailed.\n\nIt rained.")
    assert (article.source, article.language, article.byline, article.section, article.url) == (
        "The Gazette", "en", "Jane Doe, Rolf Roe", "Transport", "https://gazette.example/1",
    )  # fmt: skip
    assert article.published
    assert (article.published.isoformat(), article.published.found_in) == ("2024-05-02", "JSON: published_at")


@pytest.mark.parametrize(
    "wrap", [lambda r: [r, r], lambda r: {"articles": [r, r]}, lambda r: {"data": {"items": [r, r]}}]
)
def test_lists_of_records_are_found_and_numbered(read: Reading, wrap: Callable[[object], object]) -> None:
    entries = read("a.json", json.dumps(wrap(RECORD)))
    assert [entry.origin.rpartition("#")[2] for entry in entries] == ["1", "2"]
    assert all(isinstance(entry, Article) for entry in entries)


def test_fields_within_metadata_are_found(read_one: ReadOne) -> None:
    nested = {
        "_id": "a",
        "title": "T",
        "text": "Ships sailed.",
        "metadata": {"source": "Gazette", "date": "2020-01-02"},
    }
    article = read_one("a.json", json.dumps(nested))
    assert article.source == "Gazette"
    assert article.published
    assert article.published.found_in == "JSON: metadata.date"


def test_declared_fields_are_used_and_no_others(read_one: ReadOne) -> None:
    record = {"h": {"main": "Ferries return"}, "paras": ["Ships sailed.", "It rained."], "text": "Wrong."}
    article = read_one("a.json", json.dumps(record), fields={"headline": "h.main", "body": "paras"})
    assert (article.headline, article.body) == ("Ferries return", "Ships sailed.\n\nIt rained.")


def test_a_declared_field_that_is_absent_is_named(refusal: Refusal) -> None:
    reason = refusal("a.json", json.dumps(RECORD), fields={"body": "meta.story"})
    assert "'meta.story'" in reason


def test_a_declaration_for_an_unknown_article_field_is_refused(refusal: Refusal) -> None:
    assert "'boddy' is no field of an article" in refusal("a.json", json.dumps(RECORD), fields={"boddy": "text"})


def test_a_sidecar_declares_the_fields_of_its_file(read_one: ReadOne, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.fields.toml").write_text(
        'body = "t"\nheadline = "h"\npublished = "d"\ndate_order = "dmy"\n', encoding="utf-8"
    )
    article = read_one("a.jsonl", '{"t": "Ships sailed.", "h": "Ferries", "d": "03/04/2024"}\n')
    assert (article.headline, article.body) == ("Ferries", "Ships sailed.")
    assert article.published
    assert article.published.isoformat() == "2024-04-03"


@pytest.mark.parametrize(
    ("sidecar", "part"),
    [
        ('boddy = "t"', "'boddy'"),
        ("body = 1", "every value"),
        ("body = ", "cannot be read"),
        ('date_order = "ymd"', "date_order"),
    ],
)
def test_a_flaw_in_a_sidecar_is_reported_with_its_name(
    refusal: Refusal, tmp_path: Path, sidecar: str, part: str
) -> None:
    (tmp_path / "a.jsonl.fields.toml").write_text(sidecar, encoding="utf-8")
    reason = refusal("a.jsonl", '{"t": "Ships sailed."}\n')
    assert "a.jsonl.fields.toml" in reason
    assert part in reason


def test_a_broken_line_is_reported_and_the_rest_goes_on(read: Reading) -> None:
    lines = [
        '{"id": "1", "body": "One."}',
        '{"id": "2", "body": ',
        "",
        '["list"]',
        '{"id": "3", "body": "Three."}',
        '{"x": 1}',
    ]
    entries = read("a.jsonl", "\n".join(lines))
    assert [type(entry) for entry in entries] == [Article, Skipped, Skipped, Article, Skipped]
    assert entries[1].origin.endswith("#2")
    assert "not valid JSON" in entries[1].reason  # type: ignore[union-attr]
    assert entries[3].origin.endswith("#5")
    assert "none of the fields known as a body" in entries[4].reason  # type: ignore[union-attr]


def test_a_line_beyond_the_limit_is_reported_and_the_rest_goes_on(read: Reading) -> None:
    lines = ['{"body": "One."}', '{"body": "' + "x" * 5000 + '"}', '{"body": "Three."}']
    entries = read("a.jsonl", "\n".join(lines), max_record_bytes=1000)
    assert [type(entry) for entry in entries] == [Article, Skipped, Article]
    assert "max_record_bytes" in entries[1].reason  # type: ignore[union-attr]
    assert entries[2].origin.endswith("#3")


def test_json_lines_are_told_without_a_name(read: Reading) -> None:
    assert len(read("feed", '{"body": "One."}\n{"body": "Two."}\n')) == 2
    assert len(read("feed", '{"body": broken\n{"body": "Two."}\n{"body": "Three."}\n')) == 3


def test_derived_ids_differ_by_record(read: Reading) -> None:
    entries = read("a.jsonl", '{"body": "One."}\n{"body": "Two."}\n')
    assert len({entry.id for entry in entries if isinstance(entry, Article)}) == 2


def test_deep_nesting_is_refused(refusal: Refusal) -> None:
    assert "nests too deeply" in refusal("a.json", "[" * 200_000)
    assert "nests too deeply" in refusal("a.jsonl", '{"a":' * 200_000 + "\n")


def test_markup_in_a_body_is_reduced_to_text(read_one: ReadOne) -> None:
    article = read_one(
        "a.json", json.dumps({"content": "<p>Ships &amp; boats</p><script>x()</script><p>sailed.</p>"})
    )
    assert article.body == "Ships & boats\n\nsailed."


def test_angle_brackets_in_prose_stay(read_one: ReadOne) -> None:
    assert read_one("a.json", json.dumps({"body": "If a < b then c > d."})).body == "If a < b then c > d."


def test_a_text_without_paragraphs_of_its_own_is_not_altered(read_one: ReadOne) -> None:
    body = 'OSLO, May 2 (Agency) - Ships sailed.\n\n"It rained."\n\nThe captain said:'
    assert read_one("a.json", json.dumps({"text": body})).body == body


def test_lone_surrogates_are_replaced(read_one: ReadOne) -> None:
    article = read_one("a.json", '{"title": "A\\ud800", "body": "B\\udc00."}')
    assert (article.headline, article.body) == ("A\ufffd", "B\ufffd.")


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", "[1, 2]", '"text"', "null", "{", '{"articles": []}', '{"body": {"a": 1}}', '{"body": "\\u200b"}'],
)
def test_json_without_articles_is_reported(read: Reading, content: str) -> None:
    entries = read("a.json", content)
    assert entries
    assert all(isinstance(entry, Skipped) for entry in entries)


def test_a_long_id_is_bounded_and_stays_distinct(read: Reading) -> None:
    lines = [json.dumps({"id": "x" * 500 + end, "body": "B."}) for end in "ab"]
    ids = [entry.id for entry in read("a.jsonl", "\n".join(lines)) if isinstance(entry, Article)]
    assert len(set(ids)) == 2
    assert max(map(len, ids)) <= 200


def test_a_body_beyond_the_limit_is_refused(refusal: Refusal) -> None:
    assert "max_article_chars" in refusal("a.json", json.dumps({"body": "x" * 50}), max_article_chars=49)
