import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.inspection import Inspection, as_plain, inspect
from indexer.readers import InputFile, ReadOptions, find_files, read_file

SPOKEN = (
    "The ferry between Torn and Lesk sails again on Monday, the harbour master said after a test run in the bay."
)


@pytest.fixture
def inspected(tmp_path: Path) -> Callable[..., Inspection]:
    def write_and_inspect(name: str, content: str, **options: object) -> Inspection:
        (tmp_path / name).write_text(content, encoding="utf-8")
        (file,) = find_files([tmp_path / name])
        assert isinstance(file, InputFile)
        return inspect(file, ReadOptions(now=datetime(2025, 6, 1, tzinfo=UTC), **options), read_file, 5)  # type: ignore[arg-type]

    return write_and_inspect


def test_an_article_is_shown_with_where_its_date_stood(inspected: Callable[..., Inspection]) -> None:
    html = f"<!doctype html><html><head><title>Ferry</title></head><body><article><h1>Ferry back</h1><p>4 March 2024</p><p>{SPOKEN}</p><p>Read also: Bread is dear</p></article></body></html>"  # noqa: E501
    inspection = inspected("a.html", html)
    assert inspection.format == "HTML"
    (one,) = inspection.articles
    assert one.article.published
    assert one.article.published.found_in == "beside the headline"
    assert ("points to another story", "Read also: Bread is dear") in [
        (left.reason, left.text) for left in one.left_out
    ]


def test_what_was_left_out_of_texts_and_mails_is_shown(inspected: Callable[..., Inspection]) -> None:
    (text,) = inspected("a.txt", f"Ferry back\n\nBy Ada Roe\n\nAdvertisement\n\n{SPOKEN}\n\nends\n").articles
    assert [(left.reason, left.text) for left in text.left_out] == [
        ("a byline", "By Ada Roe"),
        ("a label", "Advertisement"),
        ("a closing mark", "ends"),
    ]
    notice = "You are receiving this e-mail because you subscribed to our newsletter."
    mail = f"From: a@torn.example\nTo: b@torn.example\nSubject: Ferry back\n\n{SPOKEN}\n\n{notice}\n"
    (letter,) = inspected("a.eml", mail).articles
    assert [(left.reason, left.text) for left in letter.left_out] == [("a notice to readers", notice)]
    (whole,) = inspected("b.txt", f"Ferry back\n\n{SPOKEN}\n").articles
    assert not whole.left_out


def test_a_mapping_is_suggested_for_fields_of_other_names(inspected: Callable[..., Inspection]) -> None:
    record = {
        "nr": 4,
        "grossetitel": "Ferry back at sea",
        "erschienen": "2024-03-04",
        "langtext": SPOKEN,
        "bild": "a.jpg",
    }
    for name, content in (
        ("a.json", json.dumps([record])),
        ("a.jsonl", json.dumps(record) + "\n"),
        ("a.csv", "nr;grossetitel;erschienen;langtext\n4;Ferry back at sea;2024-03-04;" + SPOKEN + "\n"),
    ):
        inspection = inspected(name, content)
        assert not inspection.articles
        assert inspection.skipped
        assert inspection.suggested == {"body": "langtext", "published": "erschienen", "headline": "grossetitel"}
        helped = inspected(name, content, fields=dict(inspection.suggested))
        assert [one.article.headline for one in helped.articles] == ["Ferry back at sea"]
        assert not helped.suggested


def test_what_stands_in_for_a_headline_is_marked(inspected: Callable[..., Inspection]) -> None:
    inspection = inspected("a.json", json.dumps({"headline": "URGENT", "text": SPOKEN, "embargo": 1}))
    (one,) = inspection.articles
    assert (one.article.headline, one.article.label, one.shown_as) == ("", "URGENT", SPOKEN)


def test_it_is_plain_json(inspected: Callable[..., Inspection]) -> None:
    plain = as_plain(
        inspected(
            "a.jsonl",
            json.dumps({"id": "a", "text": SPOKEN, "date": "2024-03-04T01:00:00Z", "dateline": "TORN, March 3"})
            + "\n{}\n",
        )
    )
    assert json.loads(json.dumps(plain)) == plain
    assert plain["articles"][0]["published"] == {
        "value": "2024-03-04T01:00:00+00:00",
        "precision": "second",
        "found_in": "JSON: date",
        "local_day": "2024-03-03",
    }
    assert plain["skipped"]


def test_no_more_than_asked_for_is_read(inspected: Callable[..., Inspection]) -> None:
    assert (
        len(
            inspected(
                "a.jsonl", "".join(json.dumps({"id": str(number), "text": SPOKEN}) + "\n" for number in range(20))
            ).articles
        )
        == 5
    )
