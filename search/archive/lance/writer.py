"""Changing an archive of Lance tables: changes are collected in memory until a commit writes them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from search.archive import liveness
from search.archive.lance.failing import failing_clearly
from search.archive.lance.kinship import settle
from search.archive.lance.layout import remarks_of
from search.archive.lance.ledger import Ledger
from search.archive.lance.pending import Pending
from search.archive.lance.place import Lease
from search.archive.lance.record import Record
from search.archive.lance.state import State
from search.archive.records import Dossier, InputRecord, Outcome
from search.article import Article, Withdrawal
from search.errors import ArticleNotFoundError
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention


class LanceWriter:
    """Collects changes until `commit`; see `search.archive.protocol.Writer`."""

    def __init__(self, state: State, lease: Lease, become: Callable[[Record], State]) -> None:
        """Begin with a committed state.

        Args:
            state: What was committed last.
            lease: The right to write.
            become: Told each record that is added; gives the state that it names.
        """
        self._state = state
        self.lease = lease
        self._become = become
        self.pending = Pending(state)
        self._ledger = Ledger(state.tables)
        self._seen: set[str] = set()

    def put(
        self, dossier: Dossier, vectors: Vectors, input_path: Path | None = None, *, anew: bool = False
    ) -> Outcome:
        """Store a dossier; see `Writer.put`."""
        liveness.check_dossier(dossier, vectors)
        article, pending = dossier.article, self.pending
        with self._failing_clearly():
            found = pending.row(article.id)
            if found and anew:
                pending.store(dossier, vectors, found.input, keep_text=True)
                return Outcome.REPLACED
            if found and found.content_hash == article.content_hash:
                self.keep(article, input_path)
                return Outcome.UNCHANGED
            path = _stored_path(input_path)
            again = found is not None and path is not None and path == found.input
            outcome = liveness.outcome_of(
                article,
                pending.article(article.id),
                pruned_before=pending.pruned_before,
                of_changed_file=again and article.id not in self._seen,
            )
            self._seen.add(article.id)
            if path is not None:
                self._ledger.hold(path, [article.id])
            if outcome not in {Outcome.OLDER, Outcome.EXPIRED}:
                pending.store(dossier, vectors, path, keep_text=False)
            return outcome

    def put_readings(
        self, article_id: str, mentions: Sequence[TimeMention], statements: Sequence[Statement], readings: str
    ) -> None:
        """Replace what was read into a stored article; see `Writer.put_readings`."""
        with self._failing_clearly():
            article = self.pending.article(article_id)
            if article is None:
                raise ArticleNotFoundError(f"There is no article {article_id!r} to read anew.")
            dossier = Dossier(article, mentions=tuple(mentions), statements=tuple(statements))
            liveness.check_offsets(dossier)
            self.pending.put_readings(article_id, mentions, statements, readings)

    def keep(self, article: Article, input_path: Path | None = None) -> None:
        """Note that an article, stored with equal content, now comes from this file; see `Writer.keep`."""
        path = _stored_path(input_path)
        with self._failing_clearly():
            row = self.pending.row(article.id)
            if row is None:
                raise ArticleNotFoundError(f"There is no article {article.id!r} to keep.")
            self._seen.add(article.id)
            if (row.input, row.origin, remarks_of(row)) != (path, article.origin, article.remarks):
                self.pending.set_row(row.moved(article, path))
            if path is not None:
                self._ledger.hold(path, [article.id])

    def content_hash(self, article_id: str) -> str | None:
        """Look up the content hash of a stored article; see `Writer.content_hash`."""
        with self._failing_clearly():
            row = self.pending.row(article_id)
        return row.content_hash if row else None

    def article(self, article_id: str) -> Article | None:
        """Look up a stored article; see `Writer.article`."""
        with self._failing_clearly():
            return self.pending.article(article_id)

    def withdraw(self, withdrawal: Withdrawal) -> list[str]:
        """Remember a withdrawal; returns the ids of the articles of which it was not known."""
        new = []
        with self._failing_clearly():
            for article_id in withdrawal.article_ids:
                if liveness.is_new(withdrawal, self.pending.noted(article_id)):
                    self.pending.withdraw(article_id, replace(withdrawal, article_ids=(article_id,)))
                    new.append(article_id)
            self.pending.settle(new)
        return new

    def release(self, now: datetime) -> list[str]:
        """End the embargoes that are over; see `Writer.release`."""
        pending, until = self.pending, liveness.in_utc(now)
        with self._failing_clearly():
            held = [pending.stored(id_) for id_ in pending.embargoed()]
            over = [row for row in held if not row.is_held(until)]
            if over:
                pending.released = until
            for row in over:
                pending.set_row(row)
                pending.note(row)
                pending.settle((id_ for id_ in (row.id, row.supersedes) if id_), of=row.id)
        return sorted(row.id for row in over)

    def remove(self, article_id: str) -> None:
        """Remove an article everywhere, or a withdrawal of which no article is stored; see `Writer.remove`."""
        with self._failing_clearly():
            if self.pending.row(article_id):
                self.pending.delete(article_id)
            elif self.pending.noted(article_id):
                self.pending.withdraw(article_id, None)
            else:
                raise ArticleNotFoundError(f"There is no article {article_id!r} to remove.")
            self._ledger.forget_holders(article_id)

    def prune(self, before: date) -> int:
        """Remove the articles published before a day and take none that was in any more; returns how many went."""
        with self._failing_clearly():
            old = self.pending.published_before(before)
            for article_id in old:
                self.pending.delete(article_id)
        if self.pending.pruned_before is None or before > self.pending.pruned_before:
            self.pending.pruned_before = before
        return len(old)

    def input(self, path: Path) -> InputRecord | None:
        """Look up what is remembered of a file that was read."""
        with self._failing_clearly():
            return self._ledger.record(str(path.absolute()))

    def held_under(self, path: Path) -> list[str]:
        """List the ids of the articles read from a file or from anywhere below a folder, in order."""
        with self._failing_clearly():
            return self._ledger.ids_under(path.absolute())

    def gone(self, path: Path, ids: Iterable[str]) -> set[str]:
        """List the articles that a file held and, holding `ids` now, holds no more."""
        with self._failing_clearly():
            return self._ledger.ids_held_by(str(path.absolute())) - set(ids)

    def finish_input(self, record: InputRecord, ids: Iterable[str], gone: Iterable[str] = ()) -> int:
        """Remember a file as read, with the articles that it holds; returns how many of `gone` were removed."""
        removed = 0
        with self._failing_clearly():
            self._ledger.hold(record.path, ids)
            for article_id in sorted(gone):
                others = self._ledger.let_go(record.path, article_id)
                if self.pending.row(article_id) and not any(map(liveness.may_hold, others)):
                    self.pending.delete(article_id)
                    removed += 1
            self._ledger.put(record)
        return removed

    def set_model(self, card: ModelCard) -> None:
        """Note that all vectors are now of this model."""
        self.pending.model = card

    def commit(self) -> int:
        """Commit what was collected, whole or not at all; returns the number of the snapshot."""
        try:
            with self._failing_clearly():
                record = self._written()
                if record is not None:
                    self._state = self._become(record)
        except BaseException:
            self.pending, self._ledger = Pending(self._state), Ledger(self._state.tables)
            raise
        self.pending = Pending(self._state)
        self._ledger.committed()
        return self._state.record.number

    def _written(self) -> Record | None:
        """Write what was collected; returns the record that commits it, None if there was nothing."""
        pending, last = self.pending, self._state.record
        families = settle(pending)
        number = last.number + pending.has_changed
        changes, totals = pending.changes(number)
        versions = self._state.tables.write({**changes, **families, **self._ledger.changes()}, pending.dimension)
        record = replace(
            last,
            number=number,
            versions=versions,
            last_keys=pending.last_keys,
            totals=totals,
            pruned_before=pending.pruned_before.isoformat() if pending.pruned_before else "",
            released=pending.released.isoformat() if pending.released else "",
        )
        if card := pending.model:
            record = replace(record, model=card.name, fingerprint=card.fingerprint, dimension=card.dimension)
        if record == last:
            return None
        following = record.after(last)
        self.lease.check()
        self._state.tables.place.add(following)
        return following

    def _failing_clearly(self) -> AbstractContextManager[None]:
        return failing_clearly(self._state.tables.place)


def _stored_path(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None
