"""The tree of errors.

    DatelineError
    ├── SettingsError           a setting is unknown, malformed or out of bounds
    ├── QueryError              a question or a filter that cannot be answered as asked
    ├── InputError              a file or record that cannot be read as an article
    ├── ArticleNotFoundError    no article with this id
    ├── ArticleChangedError     what is stored is not what a change was to be made to
    ├── ArticleOlderError       a later version of this article is stored
    ├── ArticleExpiredError     it was published before the first day that the archive keeps
    ├── CitationNotFoundError   no quote with this citation id
    ├── TagNotFoundError        no tag of this name
    ├── ArchiveError            the archive on disk
    │   ├── ArchiveMissingError     there is none in this folder
    │   ├── ArchiveMismatchError    made with another schema or another model
    │   ├── ArchiveBusyError        another process is writing
    │   ├── ArchiveUnwritableError  it may not be written by this user
    │   ├── ArchiveDiskError        its disk is full or fails
    │   └── ArchiveDamagedError     what is stored contradicts itself
    │       └── ViewDamagedError        a view is not as it was saved; the database makes it again
    ├── ClusterError            the machines that a run was to be shared by
    └── ModelError              a model
        ├── ModelMissingError       not found, or its package is not installed
        └── ModelDamagedError       its weights are not the published ones

Every error says what was wrong, where, and what to do. "Nothing found" is a result, never one of these.
"""


class DatelineError(Exception):
    """Base of every error Dateline raises on purpose.

    Attributes:
        problem: What was wrong and where.
        remedy: What to do about it; empty when nothing can be advised.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem = problem
        self.remedy = remedy


class SettingsError(DatelineError):
    """A setting is unknown, malformed or out of bounds."""


class QueryError(DatelineError):
    """A question or a filter that cannot be answered as asked."""


class InputError(DatelineError):
    """A file or record that cannot be read as an article."""


class ArticleNotFoundError(DatelineError):
    """No article with this id is in the archive."""


class ArticleChangedError(DatelineError):
    """What is stored under an id is not what a change was to be made to."""


class ArticleExpiredError(DatelineError):
    """The article was published on a day that the archive does not keep any more."""


class ArticleOlderError(DatelineError):
    """A later version of this article is stored."""


class CitationNotFoundError(DatelineError):
    """The quote that a citation id names is not in the archive, or no longer."""


class TagNotFoundError(DatelineError):
    """The archive has no tag of this name."""


class ArchiveError(DatelineError):
    """The archive on disk cannot be used as asked."""


class ArchiveMissingError(ArchiveError):
    """There is no archive in this folder."""


class ArchiveMismatchError(ArchiveError):
    """The archive was made with another schema or another model."""


class ArchiveBusyError(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveUnwritableError(ArchiveError):
    """The archive may not be written by whoever runs Dateline."""


class ArchiveDiskError(ArchiveError):
    """The disk that the archive is on is full or fails; what was committed stays."""


class ArchiveDamagedError(ArchiveError):
    """What is stored contradicts itself."""


class ViewDamagedError(ArchiveDamagedError):
    """A view is not as it was saved; the database, from which it can be made again, is not concerned."""


class ClusterError(DatelineError):
    """The machines that a run was to be shared by cannot do their share; what was committed stays."""


class ModelError(DatelineError):
    """A model cannot be used."""


class ModelMissingError(ModelError):
    """The model was not found, or the package that carries it is not installed."""


class ModelDamagedError(ModelError):
    """The model's weights are not the published ones."""
