"""The whole trip of what is to be verified: from an input to a verdict on each of its claims."""

from dataclasses import dataclass

from search.archive import Archive
from search.errors import QueryError
from search.quoting.quotations import ClaimsRead, Located, Refused
from search.quoting.verification import Claim, Verification, verify_claim
from search.settings import Settings


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
    def nothing_to_check(self) -> bool:
        """Whether the input had nothing in it that claims to be a quote, nor anything that looked like it."""
        return not self.checked and not self.refused

    @property
    def verified(self) -> bool:
        """Whether there was something to check and all of it is verified: what was not checked is not."""
        if self.refused or not self.checked:
            return False
        return all(checked.verification.verified for checked in self.checked)


def check_number(read: ClaimsRead, most: int, setting: str) -> None:
    """Refuse an input with too many claims; `setting` names the one that says how many.

    Raises:
        QueryError: If there are more than `most`.
    """
    if len(read.claims) > most:
        raise QueryError(
            f"There are {len(read.claims)} quotes to verify; at most {most} are verified at once.",
            f"Verify them in parts, or set {setting}.",
        )


def verify_claims(archive: Archive, read: ClaimsRead, settings: Settings) -> Report:
    """Verify every claim that was read; a malformed one is refused, and the rest goes on. Needs no model.

    Of claims that are the same one is verified.

    Args:
        archive: What the claims are about.
        read: The claims.
        settings: Says how many there may be, and how long their quotes.

    Raises:
        QueryError: If there are too many claims.
    """
    check_number(read, settings.max_claims, "DATELINE_MAX_CLAIMS")
    snapshot = archive.snapshot
    known: dict[Claim, Verification] = {}
    checked = []
    refused = list(read.refused)
    for located in read.claims:
        try:
            if located.claim not in known:
                known[located.claim] = verify_claim(archive, located.claim, longest=settings.max_quote_chars)
        except QueryError as error:
            refused.append(Refused(located.where, str(error)))
        else:
            checked.append(Checked(located, known[located.claim]))
    return Report(tuple(checked), tuple(refused), read.unchecked_words, snapshot)
