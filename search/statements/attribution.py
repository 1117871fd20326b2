"""Finding who says a sentence: the subject of a verb of saying, before or behind it, outside of quotations.

Only words of the sentence are looked at; whom "he" or "Blinken" means is told by `search.statements.cast`.
"""

import re
from dataclasses import dataclass, replace

from search.statements.lexicon import ADVERBS, CONNECTIVE, ENCLOSED, GROUPS, INVERTED, LEAD, NEEDS, ROLES, VERBS
from search.statements.markers import FINITE, MODAL
from search.statements.naming import Kind, Naming, read_naming

_LOWER_WORD = re.compile(r"(?<![\w-])[a-z]{4,12}(?![\w-])")
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+(?P<who>(?:[^,;~\"“”]|,(?=\d))+)")
_PAPER_BY = re.compile(
    r"(?:an?|the)\s+(?:\w+\s+){0,2}?(?:statement|report|letter|speech|tweet|post|message|communique)\s+"
    r"(?:(?:issued|released|published|made|posted)\s+)?(?:by|from|of)\s+"
)
_CLOSED = re.compile(r"\s*,\s+(?!\d)")
_BEHIND_END = re.compile(
    r",(?!\d)|[;:\"“”~(]|\.\s*\Z|\s--"
    r"|\s(?:on|in|at|after|during|before|here|late|early|earlier|later|when|while|as|by|last|this|who"
    r"|that|adding|to|and then|about|over|upon|following|outside|speaking|yesterday|today|referring"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_TOLD_WHOM = re.compile(
    r"\s+(?!that\b)[^,;:~\"“”]+?(?=\s+(?:that|here|on|in|at|after|during|before|by|late|early|last)\b"
    r"|[,;:~\"“”.]|\Z)"
)
_TELLS = re.compile(rf"{FINITE.pattern}|{MODAL.pattern}")
_TELLING = frozenset({"told", "tells", "warned"})
_BY_SOMEBODY = re.compile(r"\s+(?:\w+ly\s+)?by\b")
_CLOSES = re.compile(
    r"(?:\s+(?:on|in|at|late|early|earlier|here|yesterday|today|last|[A-Z]\w+day)\b[^,;\"“”~]{0,60})?"
    r"\s*(?:,(?!\d)|;|--|\.?\s*\Z)"
)
_TOLD = re.compile(r"(?:told|tells|asked|asks|urged|warned)\Z")
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|be|being|has\s+been|to|not|of|the|a|an|his|her|their|its|be)\s+(?:also\s+"
    r"|widely\s+)?\Z"
)
_NEVER = re.compile(r"\b(?:never|neither|nor)\s+(?:\w+ly\s+)?\Z")
_NOBODY = re.compile(r"\s*(?:no|neither|few|none)\b", re.IGNORECASE)
_NOUN_BEHIND = re.compile(
    r"\b(?:den(?:y|ied|ies|ying)|reject(?:ed|s|ing)?|dismiss(?:ed|es|ing)?|refut(?:ed|es|ing)|disput(?:ed|es|ing)"
    r"|confirm(?:ed|s|ing)?|citing|despite|amid|following|after|over|of|on|by|from|to|these|such|those)\s+"
    r"(?:[a-z]+\s+)?\Z",
    re.IGNORECASE,
)
"""Behind these words "reports" and "claims" are nouns."""

_OWNED = re.compile(r"(?:['’]s|s['’])\s+\Z")
_SURELY_VERBS = frozenset(
    """
    said says say told tells added adds announced announces warned warns wrote noted confirmed denied denies argued
    insisted stressed expects believes thinks asked admitted acknowledged declared explained replied responded
    rejected dismissed accused blamed urged
    """.split()
)
"""Behind a name with an apostrophe, too: "Moody's said"."""

_NOUNS_OR_VERBS = frozenset({"reports", "claims"})
_QUOTED_AS = re.compile(r"\s+(?P<who>(?!by\b|as\b)[^,;~\"]+?)\s+as\s+(?:saying|telling)\b")
_ROLE_BEHIND = re.compile(r"\s*,\s*(?P<role>[^,;~\"“”.]+(?:\.(?!\s*\Z)[^,;~\"“”.]*)*)")
_WHO_IS = re.compile(r"\Awho\s+(?:is|heads|leads|chairs)\s+")
_AGE = re.compile(r"\A\s*\d{1,3}\s*(?:,|\Z)\s*")
_OCCASION = re.compile(
    r"\s*(?:Speaking|Responding|Referring|Commenting|Addressing|Quoting|Citing|Writing|Talking|Appearing|Testifying"
    r"|Reacting)\b"
)
_ANYBODY = re.compile(
    r"(?:\A|[,\"”]\s|\b(?:But|And|but|and)\s)\s*(?P<who>(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is"
    r"|[Hh]er)(?:\s+[a-z'’-]+){1,4})\Z"
)
_MOST_COMMAS = 4
_OF_SPEAKERS = frozenset(
    "said says added told denied vowed threatened pledged acknowledged admitted insisted warned argued".split()
)
_SURELY_SAYING = frozenset("said says added told wrote".split())
_RELATIVE_OPEN = re.compile(r",\s+(?:which|who)\b[^,]*\Z")
_QUOTING = frozenset({"quoted", "cited"})
_WAS = re.compile(r"\b(?:was|were)\s+\Z")
_ASKED_FIRST = re.compile(r"\s*(?:Asked|When\s+asked)\b")
_CONNECTIVE_REACH = 24
_PARTICIPLES = frozenset("asked blamed accused criticised criticized hailed praised condemned".split())
_OF_PARTICIPLE = re.compile(r"\s+(?:for|by|of|as|if|whether|about|on|to|in|what|why|how)\b")
_ELIDED = re.compile(r"\b(?:but|and)\Z")
_WHO_DID = re.compile(r"\s*who\s+[a-z]+\s")
_NAMED = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?:\s[A-ZÀ-ÖØ-Þ][\w.'’-]*){0,3}"
_TWO = re.compile(rf"{_NAMED}\s+and\s+(?:the\s+)?{_NAMED}")
_NO_PARTY = (
    "In|On|At|After|Before|By|For|From|With|However|But|And|Meanwhile|Earlier|Later|Still|Yet|Also|Instead|Moreover"
    "|Separately|Elsewhere"
)
_LISTED = re.compile(
    rf"(?:\A|[~\"“”;:]|\s[-–—]{{1,2}}\s)\s*(?P<others>(?!(?:{_NO_PARTY})\b)(?:(?:[Tt]he\s+)?{_NAMED},\s+){{1,6}})\Z"
)
"""Names before the last two: "Britain, " of "Britain, France and Germany said"."""

_NOT_ROLE = re.compile(
    r"\A(?:who|from|will|which|adding|saying|speaking|where|when|after|before|as|but|and|in|on|at|he|she|\d)\b"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody saying something, in one sentence.

    Attributes:
        naming: Who, as the sentence names them.
        verb: The verb of saying, lower case; "according" for "according to".
        start: Where the attribution begins in the sentence.
        end: Where it ends.
        verb_end: Where its verb ends; what is said follows, or stands before `start`.
        before: Whether what is said stands before it.
        verbs: All verbs of saying that have this subject ("acknowledged ... but vowed").
    """

    naming: Naming
    verb: str
    start: int
    end: int
    verb_end: int
    before: bool
    verbs: tuple[tuple[str, int], ...] = ()


def find_attribution(blank: str) -> Attribution | None:
    """Find the main attribution of a sentence whose quotations are blanked.

    Of several the first counts that is not a medium's: what a daily reports a minister to have said is the
    minister's. What a subordinate clause says of somebody ("which Bush admitted") is not the sentence's.
    """
    found: list[Attribution] = []
    for match in _LOWER_WORD.finditer(blank):
        verb = match.group()
        if verb not in VERBS:
            continue
        if _is_noun(blank, match):
            continue
        need = NEEDS.get(verb)
        if need and not re.match(need, blank[match.end() :]):
            continue
        if found and _shares_subject(blank, found[-1], match.start()):
            found[-1] = replace(found[-1], verbs=(*found[-1].verbs, (verb, match.end())))
            continue
        if attribution := _attributed(blank, match):
            found.append(attribution)
    according = _according(blank)
    if according and (not according.before or not found or according.naming.kind is Kind.NAME):
        found.append(according)
    return next((one for one in found if not one.naming.medium), found[0] if found else None)


def _is_noun(blank: str, match: re.Match[str]) -> bool:
    """Tell whether what may be a verb is a noun here: "denying reports", "Moscow's claim"."""
    owned = match.group() not in _SURELY_VERBS and _OWNED.search(blank, 0, match.start()) is not None
    return owned or (match.group() in _NOUNS_OR_VERBS and _NOUN_BEHIND.search(blank, 0, match.start()) is not None)


def _attributed(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read who says it, on either side of a verb.

    "Antony Blinken, the secretary of state, said Iran sent drones" is not said by Iran: behind an apposition the
    subject stands before the verb.
    """
    before = _before(blank, match)
    behind = _behind(blank, match)
    stands = before is not None and not before.before and before.naming.kind is not Kind.PRONOUN
    apposition = stands and blank[: match.start()].rstrip().endswith(",")
    if apposition and not (behind and _closes(blank, match, behind.end)):
        return before
    return behind or before


def _closes(blank: str, match: re.Match[str], end: int) -> bool:
    """Tell whether an inverted attribution is complete there: "..., said Li." and not "..., said Iran sent it"."""
    told = match.group() != "claimed" and not _TELLS.search(blank[match.end() : end])
    close = _CLOSES.match(blank, end) if told else None
    return close is not None and not _TELLS.search(blank, end, close.end())


def _according(blank: str) -> Attribution | None:
    """Read `..., according to Antony Blinken, the secretary of state`."""
    match = _ACCORDING.search(blank)
    if match is None:
        return None
    paper = _PAPER_BY.match(match["who"])
    for start in (match.start("who") + (paper.end() if paper else 0), match.start("who")):
        who = _until(blank[start : match.end("who")])
        naming, end = read_naming(who), start + len(who)
        if naming is not None:
            break
    else:
        return None
    # What follows a comma may be what is said: "According to Souza, the ministers met."
    behind = _ROLE_BEHIND.match(blank, end)
    closed = behind is not None and (match.start() > 0 or _CLOSED.match(blank, behind.end()))
    if behind is not None and closed and _may_be_apposition(naming, behind["role"]):
        naming, end = _with_apposition(blank, end, naming)
    return Attribution(naming, "according", match.start(), end, end, before=match.start() > 0)


def _may_be_apposition(naming: Naming, behind: str) -> bool:
    words = {
        word.lower() for word in re.findall(r"[\w'’-]+", naming.name if naming.kind is not Kind.NAME else behind)
    }
    return bool(words & ROLES) and not FINITE.search(behind)


def _until(text: str) -> str:
    """Cut a noun phrase off where another part of the sentence begins."""
    end = _BEHIND_END.search(text)
    return (text[: end.start()] if end else text).rstrip(" .")


def _shares_subject(blank: str, former: Attribution, start: int) -> bool:
    """Tell whether a further verb has the subject of the former: "said it fell, and warned", "but vowed"."""
    if former.before:
        return False
    return bool(
        re.search(
            r"(?:,|\b(?:and|but))\s+(?:also\s+|has\s+|have\s+|later\s+|then\s+)*\Z", blank[former.verb_end : start]
        )
    )


def _behind(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read `..., said Antony Blinken, the secretary of state`."""
    lead = blank[: match.start()].rstrip()
    if not INVERTED.match(match.group()) or not lead or lead[-1] not in ',"”?!~':
        return None
    rest = blank[match.end() :]
    if not rest.startswith(" "):
        return None
    phrase = _until(rest)
    naming = read_naming(
        re.sub(r"^\s*(?:a|an)\s+(?:[a-z]+ing)\s+", "", phrase), surely=match.group() in _SURELY_SAYING
    )
    if naming is None or naming.kind is Kind.PRONOUN or _has_clause(phrase):
        return None
    end = match.end() + len(phrase)
    naming, end = _with_apposition(blank, end, naming)
    return Attribution(naming, match.group(), match.start(), end, match.end(), before=True)


def _with_apposition(blank: str, end: int, naming: Naming) -> tuple[Naming, int]:
    """Read an apposition behind a speaker, and tell where it ends."""
    match = _ROLE_BEHIND.match(blank, end)
    if match is None:
        return naming, end
    if naming.kind is not Kind.NAME:
        named = _named_behind(naming, match["role"])
        return (named, match.end()) if named else (naming, end)
    role = _as_role(match["role"])
    if role is None:
        return naming, end
    return replace(naming, role=naming.role or role), match.start("role") + len(match["role"].rstrip())


def _named_behind(naming: Naming, behind: str) -> Naming | None:
    """Read "the head of the committee, Tsahi Hanegbi": a description, and the name in apposition to it."""
    named = read_naming(behind)
    if naming.kind is not Kind.DESCRIPTION or named is None or named.kind is not Kind.NAME or named.role:
        return None
    return replace(named, role=naming.name) if len(named.name.split()) > 1 and not named.definite else None


def _as_role(text: str) -> str | None:
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


def _before(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read `Antony Blinken, the secretary of state, told reporters`."""
    verb = match.group()
    if verb in _QUOTING and (told := _QUOTED_AS.match(blank, match.end())):
        if quoted := read_naming(told["who"]):
            return Attribution(quoted, verb, match.start(), told.end(), told.end(), before=False)
        return None
    lead = _lead(blank, match)
    subject = _subject(lead) or _elided(lead) or _anybody(lead, verb)
    if subject is None or _is_subordinate(lead, subject[1]):
        return None
    naming, start = subject
    if _NOBODY.match(lead, start):
        return None
    end = match.end()
    if _TOLD.match(verb) and (whom := _TOLD_WHOM.match(blank, end)) and not _tells(blank, verb, whom):
        end = whom.end()
    clause = blank[:start].rstrip()
    before = bool(clause) and clause[-1] in ',"”~' and not re.match(r"\s*(?:that\b|:|[\"“]|~)", blank[end:])
    before = before and _ends_soon(blank, end)
    return Attribution(naming, verb, start, end, match.end(), before, ((verb, match.end()),))


def _tells(blank: str, verb: str, whom: re.Match[str]) -> bool:
    """Tell whether what is told has begun: "told MPs the UK would", not "told the summit organized by it"."""
    found = _TELLS.search(blank, whom.start()) if verb in _TELLING else None
    return found is not None and found.end() <= whom.end() and not _BY_SOMEBODY.match(blank, found.end())


def _lead(blank: str, match: re.Match[str]) -> str:
    """What stands before a verb, without auxiliaries and adverbs; empty if it is passive or a participle."""
    lead = blank[: match.start()]
    if _NEVER.search(lead):
        return ""
    if _PASSIVE.search(lead):
        if match.group() not in _QUOTING or not _WAS.search(lead):
            return ""
        lead = _WAS.sub("", lead)  # "was quoted as saying"
    if lead.rstrip().endswith(",") and match.group() in _PARTICIPLES and _OF_PARTICIPLE.match(blank, match.end()):
        return ""  # "Rumsfeld, blamed for the mess"; "the spokesman, asked if ..., said"
    if enclosed := ENCLOSED.search(lead):
        # Its first comma may close an apposition: "the party, which backs the budget, however, said".
        lead = lead[: enclosed.start()] + ("," if _RELATIVE_OPEN.search(lead, 0, enclosed.start()) else "")
    if adverbs := ADVERBS.search(lead):
        lead = lead[: adverbs.start()]
    return lead.rstrip()


def _is_subordinate(lead: str, start: int) -> bool:
    """Tell whether a subject that begins at `start` is one of a subordinate clause: "which Bush admitted"."""
    before = lead[max(0, start - _CONNECTIVE_REACH) : start]
    return bool(CONNECTIVE.search(before)) and not _ASKED_FIRST.match(lead)


def _ends_soon(blank: str, end: int) -> bool:
    """Tell whether little follows an attribution: a time, a place, an occasion, a participle."""
    rest = blank[end:].strip(" .")
    return not rest or bool(
        re.match(
            r"(?:,|[\"“]|on\b|in\b|at\b|to\b|after\b|during\b|before\b|here\b|late\b|early\b|earlier\b"
            r"|last\b|when\b|while\b|as\b|by\b|yesterday\b"
            r"|today\b|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April"
            r"|May\b|June"
            r"|July|August|September|October|November|December|ahead\b|following\b|outside\b|upon\b|from\b"
            r"|of\b)",
            rest,
        )
    )


def _subject(lead: str) -> tuple[Naming, int] | None:
    """Read the noun phrase at the end of `lead`, past an apposition: its naming, and where it begins."""
    if not lead.endswith(","):
        return _phrase_at_end(lead)
    # "Jiang Zhenghua, vice-chairman of the congress, China's top legislature,": the leftmost name that fits.
    inner = lead[:-1]
    commas = [place for place, character in enumerate(inner) if character == ","]
    options = [
        (*read, inner[comma + 1 :])
        for comma in reversed(commas[-_MOST_COMMAS:])
        if _may_stand_between(inner[comma + 1 :]) and (read := _phrase_at_end(inner[:comma]))
    ]
    named = [option for option in options if option[0].kind is Kind.NAME]
    chosen = next(iter(named or options), None)
    for option in named[1:]:
        if (
            _as_role(option[2])
            and not option[0].name.split()[0].endswith(("'s", "’s"))
            and len(option[0].name.split()) > 1
        ):
            chosen = option
    if chosen is None:
        return None
    naming, start, behind = chosen
    if naming.kind is Kind.NAME and naming.role is None:
        naming = replace(naming, role=_as_role(behind))
    naming = _named_behind(naming, behind) or naming
    return naming, start


def _may_stand_between(behind: str) -> bool:
    """Tell whether words between two commas may part a subject from its verb."""
    return bool(
        re.match(r"\s*(?:who|whose|which|asked|when|in\s+an?|speaking|\w+ing)\b", behind)
    ) or not re.search(r"\b(?:will|would|was|were|is|are|but|he|she|they)\b", behind)


def _anybody(lead: str, verb: str) -> tuple[Naming, int] | None:
    """Read "the archdiocese" before a verb that only speakers have."""
    match = _ANYBODY.search(lead)
    if verb not in _OF_SPEAKERS or match is None:
        return None
    naming = None if _has_clause(match["who"]) else read_naming(match["who"], surely=True)
    return (naming, match.start("who")) if naming is not None else None


def _elided(lead: str) -> tuple[Naming, int] | None:
    """Read the subject that begins a sentence, for a second verb: "Strachan looked angry but denied it"."""
    if not _ELIDED.search(lead):
        return None
    opening = LEAD.match(lead)
    start = opening.end() if opening else 0
    verb = FINITE.search(lead, start)
    if verb is None or re.search(r'[,~"“]', lead[start : verb.start()]):
        return None
    phrase = re.sub(r"\s+(?:himself|herself|itself|themselves|also)\Z", "", lead[start : verb.start()].rstrip())
    naming = read_naming(phrase, surely=True)
    return (naming, start) if naming is not None and not _has_clause(phrase) else None


def _phrase_at_end(lead: str) -> tuple[Naming, int] | None:
    """Read the longest noun phrase at the end of a clause."""
    cut = max(lead.rfind(mark) for mark in (",", ";", ":", '"', "“", "”", "~", " - ", " – ", " — "))
    if "--" in lead:
        cut = max(cut, lead.rfind("--") + 1)
    start = cut + 1
    if opening := LEAD.match(lead, start):
        start = opening.end()
    while start < len(lead):
        phrase = lead[start:]
        if _WHO_DID.match(phrase):
            return None  # "for Pezeshkian, who took office in July and has said": whose clause it is, is not read
        naming = read_naming(phrase)
        if naming is not None and not _has_clause(phrase) and not _OCCASION.match(phrase):
            return _with_others(lead, naming, start + len(phrase) - len(phrase.lstrip()))
        step = re.search(
            r"\b(?:but|and|that|which|who|while|as|because|after|before|although|though|where|when|if|~+)\s+",
            phrase,
        )
        if step is None:
            return None
        start += step.end()
    return None


def _with_others(lead: str, naming: Naming, begins: int) -> tuple[Naming, int]:
    """Join the names of a list to its last two: "Britain, France and Germany"."""
    listed = _LISTED.search(lead, 0, begins) if _TWO.fullmatch(naming.name) and not naming.role else None
    if listed is None:
        return naming, begins
    return replace(naming, name=listed["others"] + naming.name), listed.start("others")


def _has_clause(phrase: str) -> bool:
    if re.match(r"\s*(?:[Ww]ith|[Ii]n|[Oo]n|[Aa]t|[Ff]or|[Bb]y|[Ff]rom|[Uu]nder|[Aa]fter|[Aa]s)\s", phrase):
        return True
    return bool(
        re.search(
            r"\b(?:but|although|though|if|as|that|which|while|was|were|is|are|has|had|have|will|would|must"
            r"|should|could|may|might|can|because|after|before|than|when|where|and\s+(?:the|he|she|it|they))\b",
            phrase,
        )
    )
