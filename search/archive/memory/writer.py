"""Changing an archive in memory: changes are made to a copy, which a commit puts in the place of the state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from search.archive import liveness
from search.archive.liveness import check_dossier, check_offsets, is_stored, outcome_of
from search.archive.memory.state import State, StoredArticle
from search.archive.records import Dossier, InputRecord, Outcome
from search.archive.scoring import TermCounts
from search.article import Article, Withdrawal
from search.errors import ArticleNotFoundError
from search.models.embedding.embedder import ModelCard, Vectors
from search.statements import Statement
from search.times import TimeMention


class MemoryWriter:
    """Collects changes in a copy of the state until `commit`; see `search.archive.protocol.Writer`."""

    def __init__(self, state: State, replace_state: Callable[[State], None]) -> None:
        """Begin with a committed state.

        Args:
            state: What was committed last.
            replace_state: Told each state that is committed.
        """
        self._committed = state
        self._state = state.copy()
        self._replace_state = replace_state
        self._changed: set[str] = set()
        self._seen: set[str] = set()

    def put(
        self, dossier: Dossier, vectors: Vectors, input_path: Path | None = None, *, anew: bool = False
    ) -> Outcome:
        """Store a dossier; see `Writer.put`."""
        check_dossier(dossier, vectors)
        article = dossier.article
        found = self._state.articles.get(article.id)
        if found and anew:
            kept = replace(dossier, likeness=found.dossier.likeness)
            self._store(kept, vectors, found.input_path)
            return Outcome.REPLACED
        if found and found.article.content_hash == article.content_hash:
            self.keep(article, input_path)
            return Outcome.UNCHANGED
        path = _stored_path(input_path)
        again = found is not None and path is not None and path == found.input_path
        outcome = outcome_of(
            article,
            found.article if found else None,
            pruned_before=self._state.pruned_before,
            of_changed_file=again and article.id not in self._seen,
        )
        self._seen.add(article.id)
        if path is not None:
            self._hold(path, [article.id])
        if outcome not in {Outcome.OLDER, Outcome.EXPIRED}:
            self._store(dossier, vectors, path)
        return outcome

    def put_readings(
        self, article_id: str, mentions: Sequence[TimeMention], statements: Sequence[Statement], readings: str
    ) -> None:
        """Replace what was read into a stored article; see `Writer.put_readings`."""
        stored = self._stored(article_id, "read anew")
        dossier = replace(
            stored.dossier, mentions=tuple(mentions), statements=tuple(statements), readings=readings
        )
        check_offsets(dossier)
        self._state.articles[article_id] = replace(stored, dossier=_in_order(dossier))
        self._changed.add(article_id)

    def keep(self, article: Article, input_path: Path | None = None) -> None:
        """Note that an article, stored with equal content, now comes from this file; see `Writer.keep`."""
        stored, path = self._stored(article.id, "keep"), _stored_path(input_path)
        self._seen.add(article.id)
        moved = replace(
            stored.dossier, article=replace(stored.article, origin=article.origin, remarks=article.remarks)
        )
        self._state.articles[article.id] = replace(stored, dossier=moved, input_path=path)
        if path is not None:
            self._hold(path, [article.id])

    def content_hash(self, article_id: str) -> str | None:
        """Look up the content hash of a stored article; see `Writer.content_hash`."""
        found = self._state.article(article_id)
        return found.content_hash if found else None

    def article(self, article_id: str) -> Article | None:
        """Look up a stored article; see `Writer.article`."""
        return self._state.article(article_id)

    def withdraw(self, withdrawal: Withdrawal) -> list[str]:
        """Remember a withdrawal; returns the ids of the articles of which it was not known."""
        new = []
        for article_id in withdrawal.article_ids:
            if liveness.is_new(withdrawal, self._state.noted(article_id)):
                self._state.withdrawals[article_id] = replace(withdrawal, article_ids=(article_id,))
                new.append(article_id)
        self._settle(new)
        return new

    def release(self, now: datetime) -> list[str]:
        """End the embargoes that are over; see `Writer.release`."""
        state = self._state
        before, until = state.released, liveness.in_utc(now)
        over = [
            stored.article
            for stored in state.articles.values()
            if liveness.under_embargo(stored.article, before) and not liveness.under_embargo(stored.article, until)
        ]
        if over:
            state.released = until
        for article in over:
            self._changed.add(article.id)
            self._settle((id_ for id_ in (article.id, article.supersedes) if id_), of=article.id)
        return sorted(article.id for article in over)

    def remove(self, article_id: str) -> None:
        """Remove an article everywhere, or a withdrawal of which no article is stored; see `Writer.remove`."""
        if article_id in self._state.articles:
            self._delete(article_id)
        elif self._state.withdrawals.pop(article_id, None) is None:
            raise ArticleNotFoundError(f"There is no article {article_id!r} to remove.")
        for path, ids in self._state.holdings.items():
            if article_id in ids:
                self._state.inputs.pop(path, None)
                ids.discard(article_id)

    def prune(self, before: date) -> int:
        """Remove the articles published before a day and take none that was in any more; returns how many went."""
        old = [
            id_
            for id_, stored in self._state.articles.items()
            if stored.article.published and stored.article.published.last_day < before
        ]
        for id_ in old:
            self._delete(id_)
        if self._state.pruned_before is None or before > self._state.pruned_before:
            self._state.pruned_before = before
        return len(old)

    def input(self, path: Path) -> InputRecord | None:
        """Look up what is remembered of a file that was read."""
        return self._state.inputs.get(str(path.absolute()))

    def held_under(self, path: Path) -> list[str]:
        """List the ids of the articles read from a file or from anywhere below a folder, in order."""
        place = path.absolute()
        return sorted(
            {
                id_
                for held, ids in self._state.holdings.items()
                if place == Path(held) or place in Path(held).parents
                for id_ in ids
            }
        )

    def gone(self, path: Path, ids: Iterable[str]) -> set[str]:
        """List the articles that a file held and, holding `ids` now, holds no more."""
        return self._state.holdings.get(str(path.absolute()), set()) - set(ids)

    def finish_input(self, record: InputRecord, ids: Iterable[str], gone: Iterable[str] = ()) -> int:
        """Remember a file as read, with the articles that it holds; returns how many of `gone` were removed."""
        self._hold(record.path, ids)
        removed = 0
        for article_id in sorted(gone):
            self._state.holdings[record.path].discard(article_id)
            others = [path for path, held in self._state.holdings.items() if article_id in held]
            if article_id in self._state.articles and not any(map(liveness.may_hold, others)):
                self._delete(article_id)
                removed += 1
        self._state.inputs[record.path] = record
        return removed

    def set_model(self, card: ModelCard) -> None:
        """Note that all vectors are now of this model."""
        self._state.card = replace(
            self._state.card, model=card.name, fingerprint=card.fingerprint, dimension=card.dimension
        )

    def commit(self) -> int:
        """Commit what was collected, whole or not at all; returns the number of the snapshot."""
        state, self._state = self._state, self._committed.copy()
        changed, self._changed = self._changed, set()
        if changed:
            state.number += 1
            state.changes.update(dict.fromkeys(changed, state.number))
            state.label_families()
        self._replace_state(state)
        self._committed, self._state = state, state.copy()
        return state.number

    def _store(self, dossier: Dossier, vectors: Vectors, input_path: str | None) -> None:
        """Store a dossier, in place of what is stored under its id."""
        article, state = dossier.article, self._state
        state.released = liveness.released_with(article, state.released)
        before = state.articles.pop(article.id, None)
        state.keys += 1
        state.articles[article.id] = StoredArticle(
            key=state.keys,
            first_passage=state.passage_keys + 1,
            dossier=_in_order(dossier),
            vectors=np.asarray(vectors).astype("<f2"),
            own=tuple(TermCounts.of_passage(article, span) for span in dossier.passages),
            whole=TermCounts.of_article(article),
            input_path=input_path,
        )
        state.passage_keys += len(dossier.passages)
        self._changed.add(article.id)
        ids = {article.id, article.supersedes, before.article.supersedes if before else None}
        self._settle((id_ for id_ in ids if id_), of=article.id)

    def _delete(self, article_id: str) -> None:
        article = self._state.articles.pop(article_id).article
        self._changed.add(article_id)
        self._settle([article.supersedes] if article.supersedes else [], of=article_id)

    def _settle(self, ids: Iterable[str], of: str = "") -> None:
        """Bring up to date whether articles are live that a change may have touched."""
        for article_id in liveness.touched(ids, of, self._state):
            stored = self._state.articles.get(article_id)
            if stored is None:
                continue
            superseded = liveness.superseded_by(stored.article, self._state) is not None
            withdrawn = liveness.withdrawal_of(stored.article, self._state) is not None
            if (superseded, withdrawn) != (stored.superseded, stored.withdrawn):
                self._state.articles[article_id] = replace(stored, superseded=superseded, withdrawn=withdrawn)
                self._changed.add(article_id)

    def _hold(self, path: str, ids: Iterable[str]) -> None:
        self._state.holdings.setdefault(path, set()).update(ids)

    def _stored(self, article_id: str, verb: str) -> StoredArticle:
        found = self._state.articles.get(article_id)
        if found is None:
            raise ArticleNotFoundError(f"There is no article {article_id!r} to {verb}.")
        return found


def _in_order(dossier: Dossier) -> Dossier:
    """A dossier as it is kept: in the order of the text, without statements that say nothing more."""
    return replace(
        dossier,
        mentions=tuple(sorted(dossier.mentions, key=lambda mention: (mention.start, mention.end))),
        statements=tuple(
            sorted(filter(is_stored, dossier.statements), key=lambda statement: (statement.start, statement.end))
        ),
        withdrawal=None,
        superseded_by=None,
        copies=(),
    )


def _stored_path(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None
