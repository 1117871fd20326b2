"""Appositions: roles behind names, and names behind roles."""

import re
from dataclasses import replace

from search.statements.lexicon import ATTENDANTS, GROUPS, ROLES, TITLES
from search.statements.markers import FINITE
from search.statements.naming import Kind, Naming, read_naming

ROLE_BEHIND = re.compile(r"\s*,\s*(?P<role>[^,;~\"“”.]+(?:\.(?!\s*\Z)[^,;~\"“”.]*)*)")
_WHO_IS = re.compile(r"\Awho\s+(?:is|heads|leads|chairs)\s+")
_AGE = re.compile(r"\A\s*\d{1,3}\s*(?:,|\Z)\s*")
_NOT_ROLE = re.compile(
    r"\A(?:who|whose|from|will|which|adding|saying|speaking|where|when|after|before|as|but|and|in|on|at|he|she|\d)\b"
)


def may_be_apposition(naming: Naming, behind: str) -> bool:
    """Tell whether what follows a name may be a role, or a name what follows a role."""
    words = {
        word.lower() for word in re.findall(r"[\w'’-]+", naming.name if naming.kind is not Kind.NAME else behind)
    }
    return bool(words & ROLES) and not FINITE.search(behind)


def with_apposition(blank: str, end: int, naming: Naming) -> tuple[Naming, int]:
    """Read an apposition behind a speaker, and tell where it ends."""
    match = ROLE_BEHIND.match(blank, end)
    if match is None:
        return naming, end
    if naming.kind is not Kind.NAME:
        named = named_behind(naming, match["role"])
        return (named, match.end()) if named else (naming, end)
    role = as_role(match["role"])
    if role is None:
        return naming, end
    return replace(naming, role=naming.role or role), match.start("role") + len(match["role"].rstrip())


def named_behind(naming: Naming, behind: str) -> Naming | None:
    """Read "the head of the committee, Tsahi Hanegbi": a description, and the name in apposition to it."""
    named = read_naming(behind)
    if naming.kind is not Kind.DESCRIPTION or named is None or named.kind is not Kind.NAME:
        return None
    if named.role and named.role.lower().rstrip(".") not in TITLES:
        # "his guest, Princess Maud": what she is, is told by her title
        return named if naming.name.split()[-1].lower() in ROLES | ATTENDANTS and not named.definite else None
    is_whole = len(named.name.split()) > 1 or naming.name.split()[-1].lower() in GROUPS - ROLES
    return replace(named, role=naming.name) if is_whole and not named.definite else None


def as_role(text: str) -> str | None:
    """Read a phrase in apposition as a role; None when it is none."""
    text = _AGE.sub("", text)
    text = _WHO_IS.sub("head of ", text) if text.startswith(("who heads", "who leads")) else _WHO_IS.sub("", text)
    stated = text.strip()
    text = re.sub(r"\A(?:the|a|an|its|their|his|her)\s+", "", stated)
    if not text or _NOT_ROLE.match(text):
        return None
    noun = text != stated and not re.search(r"\b(?:of\s+whom|is|was|were|are|had|has|have)\b", text)
    text = re.split(r"\s+(?:on|at|after|who|told|said|during)\s", text)[0]
    words = {word.lower().strip("'’,.") for word in re.split(r"[\s-]+", text)}
    return text.strip() if (noun or words & (ROLES | GROUPS)) and "~" not in text else None
