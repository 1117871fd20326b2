"""Ask a news archive a question in plain words; get back the sentences that answer it, quoted and cited.

    from dateline import open_archive

    with open_archive(".dateline") as archive:
        for citation in archive.ask("when will missiles be used?").citations:
            print(citation.quote, citation.headline, citation.start, citation.end)

This is all that a program needs to import. The rest of Dateline is imported when a name is first used, and the
models are loaded when they are first needed. Offsets are 0-based, end-exclusive, and count Unicode code points.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from search.archive import Archive
    from search.article import Article
    from search.asking.citation import Citation
    from search.asking.engine import Engine
    from search.asking.results import Answer, SearchResult, Timeline
    from search.asking.retrieval import Method
    from search.asking.timeline import Grouping
    from search.errors import (
        ArchiveBusyError,
        ArchiveDamagedError,
        ArchiveDiskError,
        ArchiveError,
        ArchiveMismatchError,
        ArchiveMissingError,
        ArchiveUnwritableError,
        ArticleChangedError,
        ArticleExpiredError,
        ArticleNotFoundError,
        ArticleOlderError,
        CitationNotFoundError,
        ClusterError,
        DatelineError,
        InputError,
        ModelDamagedError,
        ModelError,
        ModelMissingError,
        QueryError,
        SettingsError,
        TagNotFoundError,
        ViewDamagedError,
    )
    from search.filters import Filter, Period
    from search.models.embedding import Embedder
    from search.quoting.claims import Report
    from search.settings import Settings

__all__ = [
    "Answer",
    "ArchiveBusyError",
    "ArchiveDamagedError",
    "ArchiveDiskError",
    "ArchiveError",
    "ArchiveMismatchError",
    "ArchiveMissingError",
    "ArchiveUnwritableError",
    "Article",
    "ArticleChangedError",
    "ArticleExpiredError",
    "ArticleNotFoundError",
    "ArticleOlderError",
    "Citation",
    "CitationNotFoundError",
    "ClusterError",
    "DatelineError",
    "Filter",
    "Grouping",
    "InputError",
    "Method",
    "ModelDamagedError",
    "ModelError",
    "ModelMissingError",
    "OpenArchive",
    "Period",
    "QueryError",
    "Report",
    "SearchResult",
    "Settings",
    "SettingsError",
    "TagNotFoundError",
    "Timeline",
    "ViewDamagedError",
    "ask",
    "open_archive",
    "search",
    "timeline",
    "verify",
]

_PACKAGES = ("search", "indexer", "api")
_HOMES = {
    "Answer": "search.asking.results",
    "Article": "search.article",
    "Citation": "search.asking.citation",
    "Filter": "search.filters",
    "Grouping": "search.asking.timeline",
    "Method": "search.asking.retrieval",
    "Period": "search.filters",
    "Report": "search.quoting.claims",
    "SearchResult": "search.asking.results",
    "Settings": "search.settings",
    "Timeline": "search.asking.results",
}
"""The modules of the names that are imported when they are first used; those of errors are in `search.errors`."""


def __getattr__(name: str) -> object:
    """Import a public name from the module that it is defined in."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    refuse_foreign_packages()
    value: object = getattr(import_module(_HOMES.get(name, "search.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__


def refuse_foreign_packages() -> None:
    """Refuse to go on where a module of somebody else stands before one of Dateline's packages on Python's path.

    Raises:
        ImportError: If there is one; it names its file and what to do.
    """
    home = Path(__file__).resolve().parent.parent
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec is None:
            raise ImportError(f"Dateline's package {name!r} is not in {home}. Install Dateline again.", name=name)
        places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or [])
        if (home / name / "__init__.py") not in [Path(place).resolve() for place in places]:
            raise ImportError(
                f"{places[0]} stands before Dateline's own package {name!r} on Python's path. Rename it, or take "
                "its folder off the path (PYTHONPATH, the working folder, or the folder of the script).",
                name=name,
                path=places[0],
            )


class OpenArchive(AbstractContextManager["OpenArchive"]):
    """An archive that is open to be asked; see `open_archive`. Safe to share between threads.

    The models are loaded by the first question; showing articles and verifying quotes need none.
    """

    def __init__(self, archive: "Archive", settings: "Settings", report: Callable[[str], None]) -> None:
        """Use `open_archive`."""
        self._archive = archive
        self._settings = settings
        self._report = report
        self._guard = Lock()
        self._embedder: Embedder | None = None
        self._engines: dict[bool, Engine] = {}

    def __enter__(self) -> Self:
        """Give the archive itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the archive; it cannot be asked any more."""
        self._archive.close()

    def ask(
        self,
        question: str,
        k: int = 3,
        condition: "Filter | None" = None,
        *,
        as_of: "date | None" = None,
        explain: bool = False,
        previous: "Sequence[str]" = (),
    ) -> "Answer":
        """Answer a question with the sentences that support the answer, or say that the archive does not have it.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many citations at most.
            condition: Which articles and passages count; None for all.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.
            explain: Give the receipt, too: the whole trail of the answer.
            previous: The questions before it, the last one last; "and what did he say?" is read with them.

        Raises:
            QueryError: If the question or `k` is out of bounds.
            ModelError: If a model cannot be used.
        """
        engine = self._engine(closely=True)
        return engine.ask(question, k, condition or _everything(), as_of=as_of, explain=explain, previous=previous)

    def search(
        self,
        question: str,
        k: int = 10,
        condition: "Filter | None" = None,
        *,
        as_of: "date | None" = None,
        method: "Method | None" = None,
        every_passage: bool = False,
        copies: bool = False,
    ) -> "SearchResult":
        """Rank passages for a question, the best one of each family of copies.

        Args:
            question: In plain words.
            k: How many results.
            condition: Which articles and passages count; None for all.
            as_of: Ask the archive as it stood on this day.
            method: How to rank; None for by meaning and by words.
            every_passage: Give every matching passage instead of the best one of each family.
            copies: Give the copies of an article as results of their own.

        Raises:
            QueryError: If the question or `k` is out of bounds.
            ModelError: If a model cannot be used.
        """
        from search.asking.retrieval import Method

        return self._engine(closely=self._settings.search_reads > 0).search(
            question,
            k,
            condition or _everything(),
            as_of=as_of,
            method=method or Method.FUSED,
            every_passage=every_passage,
            copies=copies,
        )

    def timeline(
        self,
        subject: str,
        k: int = 30,
        condition: "Filter | None" = None,
        *,
        as_of: "date | None" = None,
        grouping: "Grouping | None" = None,
    ) -> "Timeline":
        """Put the evidence on a subject in the order of the time that it speaks of.

        Args:
            subject: In plain words.
            k: How many entries at most.
            condition: Which articles and passages count; None for all.
            as_of: Ask the archive as it stood on this day.
            grouping: Day, month or year; None chooses by the stretch of time that the entries cover.

        Raises:
            QueryError: If the subject or `k` is out of bounds.
            ModelError: If a model cannot be used.
        """
        engine = self._engine(closely=False)
        return engine.timeline(subject, k, condition or _everything(), as_of=as_of, grouping=grouping)

    def verify(self, text: str) -> "Report":
        """Check every quote in a text, or every claim in JSON, against the archive: is it there, word for word?

        Raises:
            QueryError: If there are too many quotes.
        """
        from search.quoting.claims import read_claims, verify_claims

        with self._archive.snapshot() as snapshot:
            return verify_claims(snapshot, read_claims(text), self._settings)

    def show(self, article_id: str) -> "Article":
        """Read a stored article.

        Raises:
            ArticleNotFoundError: If there is none with this id.
        """
        from search.archive.protocol import dossier_of

        with self._archive.snapshot() as snapshot:
            return dossier_of(snapshot, article_id).article

    def _engine(self, *, closely: bool) -> "Engine":
        """Load what is needed, once; the close reader only to answer, for which alone it is used."""
        from search.asking.engine import Engine
        from search.models import load_models
        from search.models.embedding import load_embedder

        with self._guard:
            if self._embedder is None:
                self._embedder = load_embedder(self._settings, self._report)
            if closely not in self._engines:
                models = load_models(self._settings, self._report, closely=closely)
                self._engines[closely] = Engine(self._archive, self._embedder, self._settings, models=models)
            return self._engines[closely]


def open_archive(
    index: Path | str | None = None, *, report: Callable[[str], None] = lambda _: None, **settings: object
) -> OpenArchive:
    """Open an archive to ask it; a context manager.

    Args:
        index: Folder or address of the archive; None for that of `DATELINE_INDEX`, or else `.dateline`.
        report: Told, in words for people, what is being done when it takes long.
        settings: Any of the settings (docs/settings.md) in place of those of the environment: `threads=2`.

    Raises:
        SettingsError: If a setting is unknown, malformed or out of bounds.
        ArchiveMissingError: If there is no archive in the folder.
        ArchiveError: If it cannot be used.
    """
    refuse_foreign_packages()
    from search.archive import open_archive as opened
    from search.settings import Settings

    loaded = Settings.load(index=index, **settings)
    return OpenArchive(opened(loaded.index, loaded.storage_timeout), loaded, report)


def ask(
    question: str, k: int = 3, condition: "Filter | None" = None, *, index: Path | str | None = None
) -> "Answer":
    """Open an archive and ask it one question; see `OpenArchive.ask` and `open_archive`."""
    with open_archive(index) as archive:
        return archive.ask(question, k, condition)


def search(
    question: str, k: int = 10, condition: "Filter | None" = None, *, index: Path | str | None = None
) -> "SearchResult":
    """Open an archive and search it once; see `OpenArchive.search` and `open_archive`."""
    with open_archive(index) as archive:
        return archive.search(question, k, condition)


def timeline(
    subject: str, k: int = 30, condition: "Filter | None" = None, *, index: Path | str | None = None
) -> "Timeline":
    """Open an archive and make one timeline; see `OpenArchive.timeline` and `open_archive`."""
    with open_archive(index) as archive:
        return archive.timeline(subject, k, condition)


def verify(text: str, *, index: Path | str | None = None) -> "Report":
    """Open an archive and check the quotes of a text; see `OpenArchive.verify` and `open_archive`."""
    with open_archive(index) as archive:
        return archive.verify(text)


def _everything() -> "Filter":
    from search.filters import Filter

    return Filter()
