"""Whether a publisher has cleared an item for publication."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from indexer.moments import parse_published
from indexer.readers.contract import ReadOptions
from search.archive.liveness import in_utc
from search.article import Article
from search.errors import InputError

UNDER_EMBARGO = "under embargo until"
"""How the reason of an item begins that is refused only until its embargo ends."""

_REFUSED = {
    "canceled": "cancelled by its publisher",
    "cancelled": "cancelled by its publisher",
    "withdrawn": "cancelled by its publisher",
    "killed": "cancelled by its publisher",
    "withheld": "withheld by its publisher",
}
_MAY_BE_FOUND = frozenset(
    {"DMI-PROHIBITED-AIMLTRAINING", "DMI-PROHIBITED-GENAIMLTRAINING", "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"}
)
# Actions of ODRL and of the TDM Reservation Protocol that are what an archive does with an article.
_FINDING = frozenset({"index", "mine"})
_DEEPEST_POLICY = 12
_NO_TEXT = {
    "picture": "a picture",
    "photo": "a picture",
    "image": "a picture",
    "graphic": "a graphic",
    "animated": "a graphic",
    "video": "a video",
    "audio": "an audio recording",
    "planning": "a planning item",
    "event": "an event",
    "component": "a component of another item",
    "concept": "a concept",
}


def refusal_of(status: str | None) -> str | None:
    """Why an item with this status may not be published: `"stat:canceled"`, `"withheld"`; None if it may be."""
    word = (status or "").rpartition(":")[2].strip().lower()
    return f"{_REFUSED[word]} (status {status!r})." if word in _REFUSED else None


def kept_out(article: Article, stored: Article | None, now: datetime) -> str:
    """Why an article that is sent ahead does not take the place of what is stored under its id; empty if it may.

    What was published before an embargo was set stays seen until that is over.
    """
    if stored is None or not _is_hidden(article, now) or _is_hidden(stored, now):
        return ""
    assert article.embargo is not None  # noqa: S101 - it is hidden
    return f"{UNDER_EMBARGO} {in_utc(article.embargo).isoformat()}; the version that is stored stays till then."


def _is_hidden(article: Article, now: datetime) -> bool:
    """Tell whether an article is under an embargo that has not ended."""
    return article.embargo is not None and in_utc(article.embargo) > in_utc(now)


def embargo_of(stated: str | None, options: ReadOptions) -> datetime | None:
    """The end of an embargo, in UTC where it states no zone; None for none.

    An item whose embargo is not over is refused, unless the options say that it is to be kept until then.

    Raises:
        InputError: If it is not over and the item is not to be kept, or that end cannot be read.
    """
    if not stated or not stated.strip():
        return None
    # An embargo may end years ahead: its end is not bound to the past as a publication is.
    ends = parse_published(stated, "embargo", datetime(9000, 1, 1, tzinfo=UTC))
    if ends is None:
        raise InputError(f"{UNDER_EMBARGO} {stated.strip()!r}, which cannot be read as a time.")
    moment = ends.moment if ends.moment.tzinfo else ends.moment.replace(tzinfo=UTC)
    now = options.now if options.now.tzinfo else options.now.replace(tzinfo=UTC)
    if moment > now and not options.keep_embargoed:
        raise InputError(f"{UNDER_EMBARGO} {ends.isoformat()}.")
    return moment


def require_mining_allowed(stated: str | None) -> None:
    """Refuse an item whose rights exclude that a machine reads it to find things in it (PLUS data mining codes).

    What only the training of models is excluded from is taken in: nothing is trained on it here. So is what search
    engines may index.

    Raises:
        InputError: Naming the code.
    """
    code = re.sub(r"^.*[/:#]", "", (stated or "").strip()).upper()
    if code.startswith("DMI-PROHIBITED") and code not in _MAY_BE_FOUND:
        raise InputError(f"its rights exclude data mining ({code}); it is not taken in.")


def require_finding_allowed(actions: Iterator[str]) -> None:
    """Refuse an item whose rights expression prohibits that it is indexed or mined (ODRL 2, TDMRep).

    Args:
        actions: The actions that it prohibits, as addresses, codes or words.

    Raises:
        InputError: Naming the action.
    """
    for action in actions:
        if re.sub(r"^.*[/:#]", "", action.strip()).lower() in _FINDING:
            raise InputError(f"its rights prohibit the action {action.strip()!r}; it is not taken in.")


def prohibited_in(expression: str) -> Iterator[str]:
    """The actions that a rights expression in JSON prohibits; none where it is in another language."""
    try:
        yield from _prohibited(json.loads(expression), 0)
    except (ValueError, RecursionError):
        return


def _prohibited(policy: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST_POLICY:
        return
    if isinstance(policy, list):
        for entry in policy:
            yield from _prohibited(entry, depth + 1)
    elif isinstance(policy, Mapping):
        for name, value in policy.items():
            if re.sub(r"^.*[/:#]", "", str(name)).lower() in {"prohibition", "prohibitions"}:
                yield from _actions(value, depth + 1)
            else:
                yield from _prohibited(value, depth + 1)


def _actions(value: Any, depth: int) -> Iterator[str]:
    """The actions of the rules of a policy, each a word, an object with its id, or a list of these."""
    if depth > _DEEPEST_POLICY:
        return
    for rule in value if isinstance(value, list) else [value]:
        stated = rule.get("action", rule.get("actions")) if isinstance(rule, Mapping) else None
        for action in stated if isinstance(stated, list) else [stated]:
            named = action
            if isinstance(action, Mapping):
                named = next(
                    (action[key] for key in ("@id", "id", "uid", "rdf:value", "value") if key in action), ""
                )
            if isinstance(named, Mapping):
                named = named.get("@id")
            if isinstance(named, str):
                yield named


def kind_without_text(kind: str | None) -> str | None:
    """What an item of this class is, in words for people, if such items have no text: `"ninat:picture"`."""
    word = re.sub(r"^.*:", "", kind or "").strip().lower()
    return _NO_TEXT.get(word)
