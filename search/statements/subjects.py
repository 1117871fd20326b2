"""The subject of a verb of saying: the noun phrase before it, past appositions, or the one that it shares.

What stands before the verb is its lead: the subject, once auxiliaries, adverbs and asides are cut off.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from search.english.people import are_persons
from search.english.table import any_word_of
from search.english.verbs import Nature, forms
from search.statements.appositions import as_role, may_be_apposition, named_behind
from search.statements.clauses import clause_start, has_clause
from search.statements.first_subject import elided_subject
from search.statements.lexicon import ADVERBS, ATTRIBUTING, ENCLOSED, GROUPS, LEAD, ROLES
from search.statements.markers import FINITE
from search.statements.naming import NAMED, Kind, Naming, read_by_occupation, read_naming

_OCCASION = re.compile(
    r"\s*(?:Speaking|Responding|Referring|Commenting|Addressing|Quoting|Citing|Writing|Talking|Appearing|Testifying"
    r"|Reacting)\b"
)
_ANYBODY = re.compile(
    r"\s*(?:(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Ss]ome|[Mm]any|[Mm]ost|[Ss]everal|[Ff]ew|[Oo]ne|[Tt]wo"
    r"|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Aa]nother|[Oo]thers?|[Bb]oth|[Aa]bout|[Nn]early|[Aa]lmost|[Jj]ust|[Oo]nly|[Aa]t\s+least"
    r"|[Mm]ore\s+than|[Oo]ver|[Hh]alf|[Tt]wo-thirds"
    r"|(?:[Tt]wen|[Tt]hir|[Ff]or|[Ff]if|[Ss]ix|[Ss]even|[Ee]igh|[Nn]ine)ty(?:-[a-z]+)?|\d[\d.,]*)\b|(?![A-Z][a-z]+ing\b)(?:[\w'’-]+\s+){0,3}[A-Za-z]?[a-z]+(?:s|ople)\Z)"
)
_BEFELL = re.compile(
    r"\s+(?!(?:said|told)\b)[a-z]{3,}ed\s+(?:on|with|to|by|in|at|for|from|near|after|during|over|as)\s"
    r"(?:(?!\b(?:that|which|who|and|but)\b)[^,])*\Z"
)
_PERSONS_OF = re.compile(r"\s*(?:[\w'’-]+\s+){0,3}?(?P<noun>[A-Za-z]?[a-z]{2,})\s+of\s")
"""Persons, and where or whose they are: "proponents of the bill"."""
_SOMEBODY_ELSE = re.compile(r"\b(?:he|she|it|they|we|you|I|who|what|there|said|uses?)\b|\bto\s+(?:the|a)\b")
_CONJUNCTION = re.compile(r"\s*(?:that|but|and|while|as|because|although|though)\s+")
_MOST_COMMAS = 4
_OF_SPEAKERS = forms(Nature.OF_SPEAKERS)
_OF_QUOTES = forms(Nature.SAYS) | forms(Nature.STATES)
_SURELY_PERSONS = re.compile(r"\s+(?:surveyed|polled|interviewed|questioned|sampled)\Z")
"""Behind people who were asked: "56 percent of the voters polled"."""
_QUOTED_ASIDE = re.compile(
    r"(?P<who>[^,~\"“”;:]{2,60}),\s+(?:who|whose|which|[a-z]+ing)\b[^,~\"“”;:]*[\"“]~+[\"”]\s*,?\Z"
)
"""A subject that begins a clause, and an aside that quotes: "Souza, who calls it “late,” said"."""
_WHO_DID = re.compile(r"\s*who\s+[a-z]+\s")
_TWO = re.compile(rf"{NAMED}\s+and\s+(?:the\s+)?{NAMED}")
_NO_PARTY = (
    "In|On|At|After|Before|By|For|From|With|However|But|And|Meanwhile|Earlier|Later|Still|Yet|Also|Instead|Moreover"
    "|Separately|Elsewhere"
)
IN_A_PLACE = re.compile(rf"\b(?:in|at|of|to|from|near|outside)\s+{NAMED},\s*\Z")
"""Before the second half of a place: "Aurora, " of "in Aurora, Colorado, said"."""
_POSTMODIFIED = re.compile(
    r"(?:\s+(?:who|that)\s+(?!(?:he|she|it|they|we|the)\b)[a-z]{2,}\b"
    r"|(?<=[sen])\s+(?:familiar|close|privy|[a-z]{3,}ed|[a-z]{3,}ing)\s+(?:on|with|to|by|in|at|for|from|of)\b).*\Z"
)
"""Behind a noun for speakers, what tells them apart: "people briefed on the talks", "groups that back it"."""
_DETERMINER = re.compile(r"\s*(?:the|an?|its|his|her|their)\s+", re.IGNORECASE)
_SOMEBODY_NAMED = re.compile(rf"{_DETERMINER.pattern}|\s*(?:one|another|[\w.]+\s?[\w.]*['’]s)\s", re.IGNORECASE)
_AGE = re.compile(r"\A\s*\d{1,3}\s*,")
_DOES = re.compile(
    rf"(?:{FINITE.pattern})(?:\s+(?!(?:that|who|which|and|but|as|while|because)\b)[^,~\"“”]+)?", re.IGNORECASE
)
"""A clause about somebody that is nothing but what they do: "spoke to Lusa"."""
_MORE_THAN = re.compile(r"\A\s*(?:more|less|fewer)\s+than\s", re.IGNORECASE)
_REGISTERED = re.compile(r"(?<=\d)\s+[a-z]+ed(?=\s[a-z]+)")
"""No verb, though it has the form of one: "the 13,000 registered voters"."""
_COMMA = re.compile(r",(?!\d{3}(?!\d))")
_CLAUSE_ABOUT = re.compile(r"(?:,\s+(?:who|whose|which)|\s+who(?:se)?)\b[^,]*\Z")
"""Behind what is said of a subject, a clause about it: "Ana Souza, a sailor, who was elected in May, said"."""
_DETERMINED = re.compile(
    r"(?<!\bof)(?<!\bfor)(?<!\bto)(?<!\bin)(?<!\bon)(?<!\bat)(?<!\bby)(?<!\bfrom)(?<!\bwith)(?<!\band)(?<!\bas)"
    r"(?<!\bor)(?<!\bthan)(?<!\bover)(?<!\bunder)(?<!\bagainst)(?<!\babout)(?<!\bafter)\s+(?=the\s+[\w'’-]+(?:\s+[\w'’-]+)?\Z)"
)
"""Before the subject that follows an adverbial without a comma: "In its report on the work the committee said"."""
_LISTED = re.compile(
    rf"(?:\A|[~\"“”;:]|\s[-–—]{{1,2}}\s)\s*(?P<others>(?!(?:{_NO_PARTY})\b)(?:(?:[Tt]he\s+)?{NAMED},\s+){{1,6}})\Z"
)
"""Names before the last two: "Britain, " of "Britain, France and Germany said"."""
QUOTING = forms(Nature.QUOTES)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|be|being|has\s+been|to|not|of|the|a|an|his|her|their|its|be)\s+(?:also\s+"
    r"|widely\s+)?\Z"
)
_NEVER = re.compile(r"\b(?:never|neither|nor)\s+(?:\w+ly\s+)?\Z")
_WENT_ON = re.compile(r"\s+(?:went|goes|go|going)\s+on\s+to\s+\Z")
_BETWEEN_DASHES = re.compile(
    r"(?P<dash>\s?--\s?|\s?—\s?|\s[–-]\s)(?:(?!(?P=dash))(?:[^~\"“”]|[\"“]~*[\"”])){4,160}?(?P=dash)\s*\Z"
)
"""An aside between a subject and its verb: "The mayor -- a former sailor -- said"."""
_ASIDE_OPEN = re.compile(r",\s+(?:which|who|whose|[a-z]+ing)\b[^,]*\Z")
_WAS = re.compile(rf"\b(?:{any_word_of('function_words', 'be')})\s+(?:also\s+|widely\s+)?\Z")
_PARTICIPLES = forms(Nature.PARTICIPLE)
_OF_PARTICIPLE = re.compile(r"\s+(?:for|by|of|as|if|whether|about|on|to|in|what|why|how)\b")


def lead_of(blank: str, match: re.Match[str]) -> str:
    """What stands before a verb, without auxiliaries and adverbs; empty if it is passive or a participle."""
    lead = _WENT_ON.sub(" ", blank[: match.start()])
    if dashes := _BETWEEN_DASHES.search(f"{bare(lead)} "):
        lead = lead[: dashes.start()]
    if _NEVER.search(lead):
        return ""
    if _PASSIVE.search(lead):
        if match.group() not in QUOTING or not _WAS.search(lead):
            return ""
        lead = _WAS.sub("", lead)  # "was quoted as saying"
    if lead.rstrip().endswith(",") and match.group() in _PARTICIPLES and _OF_PARTICIPLE.match(blank, match.end()):
        return ""  # "Rumsfeld, blamed for the mess"; "the spokesman, asked if ..., said"
    if enclosed := ENCLOSED.search(lead):
        # Its first comma may close an apposition: "the party, which backs the budget, however, said".
        aside = _ASIDE_OPEN.search(lead, 0, enclosed.start()) or not enclosed.group().rstrip().endswith(",")
        lead = lead[: enclosed.start()] + ("," if aside and "," in lead[: enclosed.start()] else "")
    return bare(lead)


def bare(lead: str) -> str:
    """Cut auxiliaries and adverbs off the end."""
    if adverbs := ADVERBS.search(lead):
        lead = lead[: adverbs.start()]
    return lead.rstrip()


def subject_of(lead: str, verb: str) -> tuple[Naming, int] | None:
    """Find who says something.

    Args:
        lead: What stands before the verb of saying, without auxiliaries and adverbs.
        verb: The verb, lower case.

    Returns:
        The subject's naming, and where it begins in `lead`; None when nobody can be told.
    """
    return _before(lead) or _beside_quoted_aside(lead) or elided_subject(lead) or _anybody(lead, verb)


def _before(lead: str) -> tuple[Naming, int] | None:
    """Read the noun phrase at the end of `lead`, past an apposition: its naming, and where it begins."""
    if not lead.endswith(","):
        return _phrase_at_end(lead)
    # "Jiang Zhenghua, vice-chairman of the congress, China's top legislature,": the leftmost name that fits.
    inner = lead[:-1]
    commas = [comma.start() for comma in _COMMA.finditer(inner)]
    options = [
        (*read, inner[comma + 1 :])
        for comma in reversed(commas[-_MOST_COMMAS:])
        if _may_stand_between(inner[comma + 1 :]) and (read := _phrase_at_end(inner[:comma]))
    ]
    options = [option for option in options if not IN_A_PLACE.search(inner, 0, option[1])]
    named = [option for option in options if option[0].kind is Kind.NAME]
    chosen = next(iter(named or options), None)
    for option in named[1:]:
        if (
            as_role(option[2])
            and not option[0].name.split()[0].endswith(("'s", "’s"))
            and len(option[0].name.split()) > 1
        ):
            chosen = option
    if chosen is None:
        return _named_behind_anything(inner, commas)
    naming, start, behind = chosen
    if naming.kind is Kind.NAME and naming.role is None:
        naming = replace(naming, role=as_role(behind))
    naming = named_behind(naming, behind) or naming
    return naming, start


def _beside_quoted_aside(lead: str) -> tuple[Naming, int] | None:
    """Read a subject that an aside with a quotation in it parts from its verb."""
    opening = LEAD.match(lead)
    aside = _QUOTED_ASIDE.match(lead, opening.end() if opening else 0)
    if aside is None or has_clause(aside["who"]) or FINITE.search(aside["who"]):
        return None
    naming = read_naming(aside["who"])
    return (naming, aside.start("who")) if naming is not None else None


def before_stray_comma(lead: str) -> tuple[Naming, int] | None:
    """Read a name that nothing but a comma parts from its verb: "..., Port Minister Ana Souza, told Lusa"."""
    if not lead.endswith(","):
        return None
    start = clause_start(lead[:-1])
    naming = read_naming(lead[start:-1])
    alone = not lead[:start].strip() or lead[:start].rstrip().endswith(('"', "”", '",', "”,"))
    if naming is None or naming.kind is not Kind.NAME or naming.definite or has_clause(lead[start:-1]):
        return None
    return (naming, start) if alone and (naming.role or " " in naming.name) else None


def _named_behind_anything(inner: str, commas: Sequence[int]) -> tuple[Naming, int] | None:
    """Read a full name in apposition to what no list has for a role: "one hopeful, Ana Souza, said"."""
    if not commas:
        return None
    naming = read_naming(inner[commas[-1] + 1 :])
    start = clause_start(inner[: commas[-1]])
    what = inner[start : commas[-1]]
    is_full = naming is not None and naming.kind is Kind.NAME and naming.role is None and not naming.definite
    if naming is None or not is_full or len(naming.name.split()) == 1 or not _SOMEBODY_NAMED.match(what):
        return None
    if has_clause(what) or FINITE.search(what) or IN_A_PLACE.search(inner[: commas[-1] + 1] + " "):
        return None
    determiner = _DETERMINER.match(what)
    return replace(naming, role=what[determiner.end() if determiner else 0 :].strip()), start


def _may_stand_between(behind: str) -> bool:
    """Tell whether words between two commas may part a subject from its verb."""
    behind = _CLAUSE_ABOUT.sub("", _AGE.sub("", behind))
    return bool(
        re.match(r"\s*(?:who|whose|which|asked|when|in\s+an?|speaking|\w+ing)\b", behind)
    ) or not re.search(r"\b(?:will|would|was|were|is|are|but|he|she|they)\b", behind)


def _anybody(lead: str, verb: str) -> tuple[Naming, int] | None:
    """Read "the archdiocese", or "most of the candidates", before a verb that only speakers have."""
    start = clause_start(lead)
    if verb not in _OF_SPEAKERS and not (verb in _OF_QUOTES and lead[:start].rstrip().endswith(('~"', "”"))):
        return None
    if conjunction := _CONJUNCTION.match(lead, start):
        start = conjunction.end()
    phrase = _SURELY_PERSONS.sub("", _POSTMODIFIED.sub("", lead[start:]))
    occupied = read_by_occupation(phrase)
    if occupied is not None and not has_clause(phrase) and not FINITE.search(phrase[: -len(occupied.name)]):
        return occupied, start
    persons = _PERSONS_OF.match(phrase)
    if (
        not (_ANYBODY.match(phrase) or (persons and are_persons([persons["noun"]])))
        or _SOMEBODY_ELSE.search(phrase)
        or has_clause(_MORE_THAN.sub("", phrase))
        or FINITE.search(_REGISTERED.sub("", phrase))
        or _OCCASION.match(phrase)
    ):
        return None
    naming = read_naming(phrase, widely=True)
    return (naming, start) if naming is not None else None


def _phrase_at_end(lead: str) -> tuple[Naming, int] | None:
    """Read the longest noun phrase at the end of a clause."""
    start = clause_start(lead)
    if determined := _DETERMINED.search(lead, start):
        start = determined.end()
    while start < len(lead):
        phrase = _without_what_befell(lead[start:])
        if _WHO_DID.match(phrase):
            return None  # "for Pezeshkian, who took office in July and has said": whose clause it is, is not read
        naming = read_naming(phrase)
        if naming is not None and not has_clause(phrase) and not _OCCASION.match(phrase):
            if apposed := _apposed(lead, start, naming):
                return apposed
            return _with_others(lead, naming, start + len(phrase) - len(phrase.lstrip()))
        step = re.search(
            r"\b(?:but|and|that|which|who|while|as|because|after|before|although|though|where|when|if|~+)\s+",
            phrase,
        )
        if step is None:
            return None
        if step.group().strip() == "who" and _DOES.fullmatch(phrase, step.end()):
            naming = read_naming(phrase[: step.start()])
            return (naming, start) if naming is not None else None
        start += step.end()
    return None


def _without_what_befell(phrase: str) -> str:
    """Leave out what befell somebody: "a journalist jailed for eight years after an inquiry"."""
    for befell in _BEFELL.finditer(phrase):
        who = phrase[: befell.start()]
        said = befell.group().split()[0] in ATTRIBUTING
        if not said and who.split()[-1:] and who.split()[-1].lower() in ROLES | GROUPS and read_naming(who):
            return who
    return phrase


def _apposed(lead: str, start: int, naming: Naming) -> tuple[Naming, int] | None:
    """Read "Ana Souza, spokeswoman for the port said", which lacks the second comma of its apposition."""
    before = lead[:start].rstrip()
    bare = naming.kind is Kind.DESCRIPTION and not naming.definite and lead[start:].strip().startswith(naming.name)
    if not bare or not before.endswith(",") or not may_be_apposition(naming, naming.name):
        return None
    begin = clause_start(before[:-1])
    named = read_naming(before[begin:-1])
    if named is None or named.kind is not Kind.NAME or named.definite or len(named.name.split()) == 1:
        return None
    return replace(named, role=named.role or naming.name), begin


def _with_others(lead: str, naming: Naming, begins: int) -> tuple[Naming, int]:
    """Join the names of a list to its last two: "Britain, France and Germany"."""
    listed = _LISTED.search(lead, 0, begins) if _TWO.fullmatch(naming.name) and not naming.role else None
    if listed is None:
        return naming, begins
    return replace(naming, name=listed["others"] + naming.name), listed.start("others")
