"""The files that were read, and which articles each holds: loaded when a writer first asks, kept until it ends."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from search.archive.lance.layout import input_from_row, input_to_row
from search.archive.lance.tables import Change, Row, Tables
from search.archive.records import InputRecord

_INPUTS = ("path", "size", "modified_ns", "digest", "articles", "skipped")


class Ledger:
    """The tables `inputs` and `holdings`, with what was changed and not committed yet."""

    def __init__(self, tables: Tables) -> None:
        """Begin with what is committed."""
        self._tables = tables
        self._changed_inputs: set[str] = set()
        self._changed_ids: set[str] = set()

    @cached_property
    def _inputs(self) -> dict[str, InputRecord]:
        rows = self._tables.read("inputs", _INPUTS).to_pylist()
        return {row["path"]: input_from_row(row) for row in rows}

    @cached_property
    def _holdings(self) -> dict[str, set[str]]:
        """The ids of the articles that each file holds."""
        found: dict[str, set[str]] = {}
        for row in self._tables.read("holdings", ("input", "id")).to_pylist():
            found.setdefault(row["input"], set()).add(row["id"])
        return found

    @cached_property
    def _holders(self) -> dict[str, set[str]]:
        """The files that hold each article."""
        found: dict[str, set[str]] = {}
        for path, ids in self._holdings.items():
            for id_ in ids:
                found.setdefault(id_, set()).add(path)
        return found

    @cached_property
    def _stored_ids(self) -> set[str]:
        """The ids of the articles of which a holder is committed."""
        return set(self._tables.read("holdings", ("id",))["id"].to_pylist())

    def record(self, path: str) -> InputRecord | None:
        """Look up what is remembered of a file."""
        return self._inputs.get(path)

    def put(self, record: InputRecord) -> None:
        """Remember a file, in place of what was remembered before."""
        self._inputs[record.path] = record
        self._changed_inputs.add(record.path)

    def everything(self) -> tuple[tuple[InputRecord, ...], dict[str, frozenset[str]]]:
        """Read what is remembered of all files, and the ids of the articles that each holds."""
        held = {path: frozenset(ids) for path, ids in self._holdings.items() if ids}
        return tuple(self._inputs.values()), held

    def ids_held_by(self, path: str) -> set[str]:
        """List the ids of the articles that a file holds."""
        return set(self._holdings.get(path, ()))

    def ids_under(self, place: Path) -> list[str]:
        """List the ids of the articles that are held by a file or by any below a folder, in order."""
        paths = (path for path in self._holdings if place == Path(path) or place in Path(path).parents)
        return sorted({id_ for path in paths for id_ in self._holdings[path]})

    def hold(self, path: str, ids: Iterable[str]) -> None:
        """Note that a file holds articles."""
        for id_ in ids:
            if path not in self._holders.setdefault(id_, set()):
                self._holders[id_].add(path)
                self._holdings.setdefault(path, set()).add(id_)
                self._changed_ids.add(id_)

    def let_go(self, path: str, article_id: str) -> list[str]:
        """Note that a file no longer holds an article; returns the other files that do."""
        self._holdings.get(path, set()).discard(article_id)
        holders = self._holders.get(article_id, set())
        holders.discard(path)
        self._changed_ids.add(article_id)
        return sorted(holders)

    def forget_holders(self, article_id: str) -> None:
        """Forget every file that holds an article, so that they are read again."""
        for path in sorted(self._holders.get(article_id, ())):
            if self._inputs.pop(path, None):
                self._changed_inputs.add(path)
            self.let_go(path, article_id)

    def changes(self) -> Mapping[str, Change]:
        """What becomes of the tables."""
        pairs: list[Row] = [
            {"input": path, "id": id_}
            for id_ in sorted(self._changed_ids)
            for path in sorted(self._holders.get(id_, ()))
        ]
        records = [input_to_row(self._inputs[path]) for path in self._changed_inputs if path in self._inputs]
        gone = set[int | str](self._changed_ids & self._stored_ids if self._changed_ids else ())
        return {"holdings": Change(gone, pairs), "inputs": Change({*self._changed_inputs}, records)}

    def committed(self) -> None:
        """Note that what was changed is committed."""
        if self._changed_ids:
            held = {id_ for id_ in self._changed_ids if self._holders.get(id_)}
            self._stored_ids.difference_update(self._changed_ids - held)
            self._stored_ids.update(held)
        self._changed_inputs.clear()
        self._changed_ids.clear()
