"""How storage fails: what it and Lance say inside, told as an error of the archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
from lance.commit import CommitConflictError
from obstore import exceptions

from search.errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveDiskError,
    ArchiveUnwritableError,
    DatelineError,
)

if TYPE_CHECKING:
    from search.archive.lance.place import Place

_FORBIDDEN = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)


@contextmanager
def failing_clearly(place: "Place") -> Iterator[None]:
    """Raise what storage or Lance say inside as an `ArchiveError`."""
    try:
        yield
    except DatelineError:
        raise
    except CommitConflictError as error:
        raise ArchiveBusyError(
            f"Another writer is changing the archive in {place.address}: {_brief(error)}.",
            "Try again in a moment.",
        ) from error
    except _FORBIDDEN as error:
        raise ArchiveUnwritableError(
            f"The archive in {place.address} may not be used ({_brief(error)}).",
            "Give whoever runs Dateline the right to read and write there: AWS_ACCESS_KEY_ID and the like.",
        ) from error
    except (FileNotFoundError, exceptions.NotFoundError) as error:
        raise _lacking(place, error) from error
    except (exceptions.BaseError, pa.ArrowException, OSError, RuntimeError) as error:
        if "Not found" in str(error):  # Lance says it in words only
            raise _lacking(place, error) from error
        raise ArchiveDiskError(
            f"The storage of the archive in {place.address} fails: {_brief(error)}.",
            "What was committed stays. Try again when the storage can be reached.",
        ) from error


def _lacking(place: "Place", error: Exception) -> ArchiveDamagedError:
    return ArchiveDamagedError(
        f"The archive in {place.address} lacks something that it names: {_brief(error)}.",
        f"Return to a tag: dateline rollback NAME --index {place.address}",
    )


def _brief(error: Exception) -> str:
    """The first line of what a library says, which goes on for pages."""
    return str(error).strip().partition("\n")[0][:300]
