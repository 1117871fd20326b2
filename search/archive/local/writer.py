"""Changing an archive: one writer at a time, each commit whole or not at all."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path

from search.archive.local.database import Database
from search.archive.local.inputs import InputRecord
from search.archive.local.publication import Publisher
from search.article import Article, Span, Withdrawal
from search.errors import ArticleNotFoundError
from search.family import Likeness
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention
from search.versions import is_older


class Outcome(StrEnum):
    """What storing an article did.

    `OLDER`: nothing, because a later version of it is stored. `EXPIRED`: nothing, because articles of its day have
    been pruned.
    """

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    OLDER = "older"
    EXPIRED = "expired"


class Writer:
    """Collects changes in one transaction until `commit`; got from `Archive.write`."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._changed: set[int] = set()
        self._seen: set[str] = set()
        pruned = database.manifest().get("pruned_before")
        self._pruned_before = date.fromisoformat(pruned) if pruned else None
        self._database.begin()

    def put(
        self,
        article: Article,
        spans: Sequence[Span],
        vectors: Vectors,
        mentions: Iterable[TimeMention] = (),
        input_path: Path | None = None,
        statements: Iterable[Statement] = (),
        likeness: Likeness | None = None,
    ) -> Outcome:
        """Store an article with its passages, in place of one with the same id and other content.

        An older version does not replace a later one (`search.versions.is_older`), unless a file that was changed
        says now that its article is older than it said before.

        Args:
            article: The article.
            spans: Its passages, offsets into its body.
            vectors: Their unit vectors, shape (len(spans), dimension).
            mentions: Its time mentions, offsets into its body.
            input_path: The file it was read from.
            statements: Its statements, offsets into its body.
            likeness: What its text is compared by; None leaves it without a family.

        Raises:
            ValueError: If an offset reaches past the end of the body, or there are not as many vectors as spans.
        """
        mentions, statements = list(mentions), list(statements)
        mentioned = (Span(mention.start, mention.end) for mention in mentions)
        stated = (Span(statement.start, statement.end) for statement in statements)
        for span in (*spans, *mentioned, *stated):
            span.of(article.body)
        found = self._database.find(article.id)
        if found is not None and found[1] == article.content_hash:
            self.keep(article, input_path)
            return Outcome.UNCHANGED
        outcome = self._outcome(article, found, _stored_path(input_path))
        self._seen.add(article.id)
        if input_path is not None:
            self._database.inputs.hold(str(input_path.absolute()), [article.id])
        if outcome not in {Outcome.OLDER, Outcome.EXPIRED}:
            key, left = self._store(article, spans, vectors, mentions, _stored_path(input_path), statements)
            if likeness is not None:
                self._database.kinship.join(key, likeness)
            self._database.kinship.forget_unused(left)
        return outcome

    def put_again(
        self,
        article: Article,
        spans: Sequence[Span],
        vectors: Vectors,
        mentions: Iterable[TimeMention],
        statements: Iterable[Statement] = (),
    ) -> None:
        """Store a stored article anew, with other passages or vectors, where it came from and in its family."""
        found = self._database.find(article.id)
        key, text = self._store(article, spans, vectors, mentions, found[2] if found else None, statements)
        if text is not None:
            self._database.kinship.assign(key, text)

    def set_model(self, card: ModelCard) -> None:
        """Note that all vectors are now of this model."""
        self._database.set_manifest(model=card.name, fingerprint=card.fingerprint, dimension=str(card.dimension))

    def keep(self, article: Article, input_path: Path | None = None) -> None:
        """Note that an article, stored with equal content, now comes from this file.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        found = self._database.find(article.id)
        if found is None:
            raise ArticleNotFoundError(f"There is no article {article.id!r} to keep.")
        self._seen.add(article.id)
        self._database.move(found[0], article.origin, _stored_path(input_path))
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

    def withdraw(self, withdrawal: Withdrawal) -> list[str]:
        """Remember a withdrawal; the articles that it names, stored now or later, are not found any more.

        Returns:
            The ids of those of which it was not known.
        """
        new = self._database.liveness.note(withdrawal)
        self._settle(new)
        return new

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
            if found and not any(Path(other).exists() for other in others):
                self._delete(found[0])
                removed += 1
        self._database.inputs.put(record)
        return removed

    def settle_anew(self) -> None:
        """Derive anew which articles are live, and what families the relations of their texts make."""
        self._settle(self._database.ids())
        self._database.kinship.settle_anew()

    def commit(self) -> int:
        """Commit what was collected, with the views of it, all or nothing; returns the number of the snapshot.

        Whoever reads meanwhile sees what was committed before, and then all of this.

        Raises:
            ArchiveDiskError: If it cannot be written. What was collected since the last commit is dropped.
        """
        snapshot = int(self._database.manifest()["snapshot"])
        try:
            if self._changed:
                snapshot += 1
                self._database.record_changes(snapshot, self._changed)
                self._database.set_manifest(snapshot=str(snapshot))
                self._publisher.prepare()
            self._database.commit()
        except BaseException:
            self._publisher.abandon()
            self._database.roll_back()
            self._changed.clear()
            self._database.begin()
            raise
        self._publisher.publish()
        self._changed.clear()
        self._database.begin()
        return snapshot

    def _store(
        self,
        article: Article,
        spans: Sequence[Span],
        vectors: Vectors,
        mentions: Iterable[TimeMention],
        input_path: str | None,
        statements: Iterable[Statement],
    ) -> tuple[int, int | None]:
        """Store an article; returns its key, and that of the text that the replaced article had."""
        found = self._database.find(article.id)
        ids, text = {article.id, article.supersedes}, None
        if found is not None:
            text = self._database.kinship.text_of(found[0])
            ids.add(self._stored(found[0]).supersedes)
            self._database.delete(found[0])
            self._changed.add(found[0])
        key = self._database.add(article, spans, vectors, mentions, input_path, statements)
        self._changed.add(key)
        self._settle((id_ for id_ in ids if id_), of=article.id)
        return key, text

    def _delete(self, key: int) -> None:
        text, article = self._database.kinship.text_of(key), self._stored(key)
        self._database.delete(key)
        self._changed.add(key)
        self._database.kinship.forget_unused(text)
        self._settle([article.supersedes] if article.supersedes else [], of=article.id)

    def _settle(self, ids: Iterable[str], of: str = "") -> None:
        self._changed.update(self._database.liveness.settle(ids, of))

    def _stored(self, key: int) -> Article:
        return self._database.articles([key])[key]

    def _outcome(self, article: Article, found: tuple[int, str, str | None] | None, path: str | None) -> Outcome:
        """Tell what storing an article will do."""
        published = article.published
        if self._pruned_before and published and published.last_day < self._pruned_before:
            return Outcome.EXPIRED
        if found is None:
            return Outcome.ADDED
        stored = self._stored(found[0])
        unnumbered = article.version is None or stored.version is None
        dated_anew = unnumbered and path is not None and path == found[2] and article.id not in self._seen
        return Outcome.OLDER if is_older(article, stored) and not dated_anew else Outcome.REPLACED

    def roll_back(self) -> None:
        """Drop what was not committed, and end."""
        self._database.roll_back()


def _stored_path(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None
