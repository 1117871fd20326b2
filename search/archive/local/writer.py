"""Changing an archive: one writer at a time, each commit whole or not at all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from search.archive.liveness import check_dossier, check_offsets, in_utc, may_hold, outcome_of, released_with
from search.archive.local.database import Database
from search.archive.local.publisher import Publisher
from search.archive.records import Dossier, InputRecord, Outcome
from search.article import Article, Withdrawal
from search.errors import ArticleNotFoundError
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention


class LocalWriter:
    """Collects changes in one transaction until `commit`; see `search.archive.protocol.Writer`."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._changed: dict[int, str] = {}
        self._seen: set[str] = set()
        pruned = database.manifest().get("pruned_before")
        self._pruned_before = date.fromisoformat(pruned) if pruned else None
        self._database.begin()

    def put(
        self, dossier: Dossier, vectors: Vectors, input_path: Path | None = None, *, anew: bool = False
    ) -> Outcome:
        """Store a dossier; see `Writer.put`."""
        article = dossier.article
        check_dossier(dossier, vectors)
        found = self._database.find(article.id)
        if found is not None and anew:
            key, text = self._store(dossier, vectors, found[2])
            if text is not None:
                self._database.kinship.assign(key, text)
            return Outcome.REPLACED
        if found is not None and found[1] == article.content_hash:
            self.keep(article, input_path)
            return Outcome.UNCHANGED
        path = _stored_path(input_path)
        outcome = outcome_of(
            article,
            self._stored(found[0]) if found else None,
            pruned_before=self._pruned_before,
            of_changed_file=found is not None
            and path is not None
            and path == found[2]
            and article.id not in self._seen,
        )
        self._seen.add(article.id)
        if path is not None:
            self._database.inputs.hold(path, [article.id])
        if outcome not in {Outcome.OLDER, Outcome.EXPIRED}:
            key, left = self._store(dossier, vectors, path)
            if dossier.likeness is not None:
                self._database.kinship.join(key, dossier.likeness)
            self._database.kinship.forget_unused(left)
        return outcome

    def put_readings(
        self, article_id: str, mentions: Sequence[TimeMention], statements: Sequence[Statement], readings: str
    ) -> None:
        """Replace what was read into a stored article; see `Writer.put_readings`."""
        key = self._key(article_id, "read anew")
        article = self._stored(key)
        check_offsets(Dossier(article, mentions=tuple(mentions), statements=tuple(statements)))
        self._database.put_readings(key, mentions, statements, readings)
        self._note(key, article_id)

    def content_hash(self, article_id: str) -> str | None:
        """Look up the content hash of a stored article; see `Writer.content_hash`."""
        found = self._database.find(article_id)
        return found[1] if found else None

    def article(self, article_id: str) -> Article | None:
        """Look up a stored article; see `Writer.article`."""
        found = self._database.find(article_id)
        return self._stored(found[0]) if found else None

    def input(self, path: Path) -> InputRecord | None:
        """Look up what is remembered of a file that was read."""
        return self._database.inputs.record(str(path.absolute()))

    def set_model(self, card: ModelCard) -> None:
        """Note that all vectors are now of this model."""
        self._database.set_manifest(model=card.name, fingerprint=card.fingerprint, dimension=str(card.dimension))

    def keep(self, article: Article, input_path: Path | None = None) -> None:
        """Note that an article, stored with equal content, now comes from this file.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        key = self._key(article.id, "keep")
        self._seen.add(article.id)
        self._database.move(key, article, _stored_path(input_path))
        if input_path is not None:
            self._database.inputs.hold(str(input_path.absolute()), [article.id])

    def remove(self, article_id: str) -> None:
        """Remove an article everywhere; its file is read again when it is next indexed.

        A withdrawal of it outlives it, so that its file does not bring it back; where only that is left, removing
        removes the withdrawal.

        Raises:
            ArticleNotFoundError: If there is neither an article nor a withdrawal of this id.
        """
        found = self._database.find(article_id)
        if found is not None:
            self._delete(found[0])
        elif not self._database.liveness.forget(article_id):
            raise ArticleNotFoundError(f"There is no article {article_id!r} to remove.")
        self._database.inputs.forget_holders(article_id)

    def prune(self, before: date) -> int:
        """Remove the articles published before a day, and take none that was in any more; undated ones stay.

        Files that hold such articles remain known, so that they are not read again because of them. A later day
        takes the place of an earlier one, and not the other way round.

        Returns:
            How many were removed.
        """
        keys = self._database.published_before(before)
        for key in keys:
            self._delete(key)
        if self._pruned_before is None or before > self._pruned_before:
            self._pruned_before = before
            self._database.set_manifest(pruned_before=before.isoformat())
        return len(keys)

    def release(self, now: datetime) -> list[str]:
        """End the embargoes that are over; see `Writer.release`."""
        before, until = self._database.liveness.released(), in_utc(now)
        if before is None:
            return []
        over = [one for one in self._database.liveness.embargoes() if before < one[3] <= until]
        if over:
            self._database.set_manifest(released=until.isoformat())
        for key, article_id, supersedes, _ in over:
            self._note(key, article_id)
            self._settle((id_ for id_ in (article_id, supersedes) if id_), of=article_id)
        return sorted(article_id for _, article_id, _, _ in over)

    def withdraw(self, withdrawal: Withdrawal) -> list[str]:
        """Remember a withdrawal; the articles that it names, stored now or later, are not found any more.

        Returns:
            The ids of those of which it was not known.
        """
        new = self._database.liveness.note(withdrawal)
        self._settle(new)
        return new

    def held_under(self, path: Path) -> list[str]:
        """List the ids of the articles read from a file or from anywhere below a folder, in order."""
        return self._database.ids(under=str(path.absolute()))

    def gone(self, path: Path, ids: Iterable[str]) -> set[str]:
        """List the articles that a file held and, holding `ids` now, holds no more."""
        return self._database.inputs.ids_held_by(str(path.absolute())) - set(ids)

    def finish_input(self, record: InputRecord, ids: Iterable[str], gone: Iterable[str] = ()) -> int:
        """Remember a file as read, with the articles that it holds.

        Args:
            record: What to remember.
            ids: Of the articles that it holds.
            gone: Of those that it held before and no longer does; they are removed unless another file that is
                still there holds them.

        Returns:
            How many were removed.
        """
        self._database.inputs.hold(record.path, ids)
        removed = 0
        for article_id in sorted(gone):
            found = self._database.find(article_id)
            others = self._database.inputs.let_go(record.path, article_id)
            if found and not any(map(may_hold, others)):
                self._delete(found[0])
                removed += 1
        self._database.inputs.put(record)
        return removed

    def settle_anew(self) -> None:
        """Derive anew which articles are live, what families their texts make, and in how many a term stands."""
        self._settle(self._database.ids())
        self._database.kinship.settle_anew()
        self._database.frequencies.settle_anew()

    def count_anew(self) -> None:
        """Count the terms of every stored article and passage again; `settle_anew` has to follow."""
        self._database.frequencies.count_anew()

    def commit(self) -> int:
        """Commit what was collected, with the views of it, all or nothing; returns the number of the snapshot.

        Whoever reads meanwhile sees what was committed before, and then all of this.

        Raises:
            ArchiveDiskError: If it cannot be written. What was collected since the last commit is dropped.
        """
        snapshot = int(self._database.manifest()["snapshot"])
        try:
            for key in self._database.kinship.articles_relabelled():
                self._changed.setdefault(key, "")
            if self._changed:
                snapshot += 1
                self._database.frequencies.settle(self._changed)
                self._database.record_changes(snapshot, self._changed.items())
                self._database.set_manifest(snapshot=str(snapshot))
                self._publisher.prepare()
            self._database.commit()
        except BaseException:
            self._publisher.abandon()
            self.roll_back()
            self._changed.clear()
            self._database.begin()
            raise
        self._publisher.publish()
        self._changed.clear()
        self._database.begin()
        return snapshot

    def _store(self, dossier: Dossier, vectors: Vectors, input_path: str | None) -> tuple[int, int | None]:
        """Store a dossier; returns its key, and that of the text that the replaced article had."""
        article = dossier.article
        released = self._database.liveness.released() if article.embargo else None
        if article.embargo and released is None and (now := released_with(article, None)):
            self._database.set_manifest(released=now.isoformat())
        found = self._database.find(article.id)
        ids, text = {article.id, article.supersedes}, None
        if found is not None:
            text = self._database.kinship.text_of(found[0])
            ids.add(self._stored(found[0]).supersedes)
            self._database.delete(found[0])
            self._note(found[0], article.id)
        key = self._database.add(dossier, vectors, input_path)
        self._note(key, article.id)
        self._settle((id_ for id_ in ids if id_), of=article.id)
        return key, text

    def _key(self, article_id: str, verb: str) -> int:
        found = self._database.find(article_id)
        if found is None:
            raise ArticleNotFoundError(f"There is no article {article_id!r} to {verb}.")
        return found[0]

    def _note(self, key: int, article_id: str | None = None) -> None:
        """Note that an article, given by key and perhaps by id, changes with the next snapshot."""
        if key not in self._changed:
            self._changed[key] = article_id or self._database.id_of(key)

    def _delete(self, key: int) -> None:
        text, article = self._database.kinship.text_of(key), self._stored(key)
        self._database.delete(key)
        self._note(key, article.id)
        self._database.kinship.forget_unused(text)
        self._settle([article.supersedes] if article.supersedes else [], of=article.id)

    def _settle(self, ids: Iterable[str], of: str = "") -> None:
        for key in self._database.liveness.settle(ids, of):
            self._note(key)

    def _stored(self, key: int) -> Article:
        return self._database.articles([key])[key]

    def roll_back(self) -> None:
        """Drop what was not committed, and end."""
        self._database.roll_back()
        self._database.frequencies.drop()
        self._database.kinship.articles_relabelled()


def _stored_path(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None
