"""The whole trip of what is to be verified: from an input to a verdict on each of its claims."""

from dataclasses import dataclass

from api.quotations import ClaimsRead, Located, Refused
from search.archive import Archive
from search.errors import QueryError
from search.settings import Settings
from search.verification import Verification, verify_claim


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with the place it was read from, and how it stands to the archive."""

    located: Located
    verification: Verification


@dataclass(frozen=True, slots=True)
class Report:
    """What came of verifying an input.

    Attributes:
        checked: Every claim that could be verified, in the order of the input.
        refused: What could not, with the reason: first what could not be read, then what cannot be verified.
        unchecked_words: How many words of the input belong to no claim.
        snapshot: The archive's snapshot.
    """

    checked: tuple[Checked, ...]
    refused: tuple[Refused, ...]
    unchecked_words: int
    snapshot: int

    @property
    def verified(self) -> bool:
        """Whether there is something to check, and all of it is exact or normalised and not withdrawn."""
        return bool(self.checked) and not self.refused and self.agreed == len(self.checked)

    @property
    def agreed(self) -> int:
        """How many claims are exact or normalised, their articles not withdrawn."""
        return sum(checked.verification.verified for checked in self.checked)


def verify_claims(archive: Archive, read: ClaimsRead, settings: Settings) -> Report:
    """Verify every claim that was read; a malformed one is refused, and the rest goes on. Needs no model.

    Args:
        archive: What the claims are about.
        read: The claims.
        settings: Says how many there may be, and how long their quotes.

    Raises:
        QueryError: If there are too many claims.
    """
    if len(read.claims) > settings.max_claims:
        raise QueryError(
            f"There are {len(read.claims)} quotes to verify; at most {settings.max_claims} are verified at once.",
            "Verify them in parts, or set DATELINE_MAX_CLAIMS.",
        )
    snapshot = archive.snapshot
    checked = []
    refused = list(read.refused)
    for located in read.claims:
        try:
            verification = verify_claim(archive, located.claim, longest=settings.max_quote_chars)
        except QueryError as error:
            refused.append(Refused(located.where, str(error)))
        else:
            checked.append(Checked(located, verification))
    return Report(tuple(checked), tuple(refused), read.unchecked_words, snapshot)
