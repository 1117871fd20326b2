import gzip
import io
import sys
from collections.abc import Callable
from hashlib import sha256

import pytest

from indexer.readers import Skipped
from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Reading = Callable[..., list[Article | Skipped]]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_first_line(read: Reading, mark: str) -> None:
    columns = mark.join(("id", "title", "text", "date"))
    row = mark.join(("1", "Ferries", f'"Ships{mark} ""big"" ones\n\nsailed."', "2024-05-02"))
    (article,) = read("a.csv", f"{columns}\n{row}\n")
    assert isinstance(article, Article)
    assert (article.id, article.headline) == ("1", "Ferries")
    assert article.body == f'Ships{mark.strip()} "big" ones\n\nsailed.'
    assert article.published
    assert article.published.found_in == "CSV: date"


def test_a_table_is_told_without_a_name(read_one: ReadOne) -> None:
    assert read_one("table.txt", "id,title,text\n1,Ferries,Ships sailed.\n").headline == "Ferries"


def test_a_byte_order_mark_and_a_legacy_encoding_are_understood(read_one: ReadOne) -> None:
    assert read_one("a.csv", "id,text\n1,Café\n".encode("utf-8-sig")).id == "1"
    assert read_one("a.csv", "id,text\n1,Café à Genève\n".encode("latin-1")).body == "Café à Genève"


def test_a_row_that_does_not_fit_is_reported_and_the_rest_goes_on(read: Reading) -> None:
    entries = read("a.csv", "id,text\n1,One.\n2,Two.,more\n3,\n4,Four.\n")
    assert [type(entry) for entry in entries] == [Article, Skipped, Skipped, Article]
    assert entries[1].origin.endswith("#2")
    assert "3 values for 2 columns" in entries[1].reason  # type: ignore[union-attr]


def test_a_declared_column_that_is_absent_is_named_once(refusal: Refusal) -> None:
    reason = refusal("a.csv", "id,story\n1,One.\n2,Two.\n", fields={"body": "stori"})
    assert "no column 'stori'" in reason
    assert "id, story" in reason


def test_declared_columns_are_used(read_one: ReadOne) -> None:
    assert read_one("a.csv", "nr,story\n1,One.\n", fields={"body": "story", "id": "nr"}).body == "One."


def test_an_unclosed_quotation_is_reported(read: Reading) -> None:
    entries = read("a.csv", 'id,text\n1,One.\n2,"Two')
    assert isinstance(entries[0], Article)
    assert isinstance(entries[-1], Skipped)
    assert "not valid CSV" in entries[-1].reason


def test_a_truncated_table_keeps_the_rows_before(read: Reading) -> None:
    rows = "id,text\n" + "".join(f"{n},Report {sha256(str(n).encode()).hexdigest()}.\n" for n in range(3000))
    packed = gzip.compress(rows.encode())
    entries = read("a.csv.gz", packed[: len(packed) // 2])
    assert len(entries) > 500
    assert isinstance(entries[-1], Skipped)
    assert "truncated" in entries[-1].reason


def parquet(rows: list[dict[str, object]]) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet as format_

    buffer = io.BytesIO()
    format_.write_table(pyarrow.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def test_parquet_is_read_row_by_row(read: Reading) -> None:
    from datetime import UTC, datetime

    rows = [
        {"id": n, "title": "Ferries", "text": f"Trip {n}.", "date": datetime(2024, 5, 2, 8, tzinfo=UTC)}
        for n in range(600)
    ]
    entries = read("a.parquet", parquet(rows))
    assert len(entries) == 600
    last = entries[-1]
    assert isinstance(last, Article)
    assert (last.id, last.body, last.origin.rpartition("#")[2]) == ("599", "Trip 599.", "600")
    assert last.published
    assert last.published.isoformat() == "2024-05-02T08:00:00+00:00"


def test_a_damaged_parquet_file_is_reported(refusal: Refusal) -> None:
    whole = parquet([{"id": 1, "text": "One."}])
    assert "damaged Parquet" in refusal("a.parquet", whole[:-20])


def test_without_pyarrow_the_install_line_is_given(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parquet([{"id": 1, "text": "One."}])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'dateline[parquet]'" in refusal("a.parquet", whole)
