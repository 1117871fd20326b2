"""Reading a noun phrase as a speaker: name, role, and what kind of name it is."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from search.english.people import pronouns_of_given_names
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS
from search.statements.lexicon import (
    ATTENDANTS,
    COURTESY,
    DOCUMENTS,
    GROUPS,
    MEDIA,
    MODIFIERS,
    PRONOUNS,
    ROLES,
    TITLES,
    VERBS,
)

MOST_WORDS = 18
_GIVEN_AND_FAMILY = 2
_ADJECTIVES = 2
MOST_WORDS_UNKNOWN = 4
MOST_WORDS_WIDELY = 9
_MOST_BEFORE = 4
_NO_OCCUPATION = words_of("name_parts", "no occupation")
_NAME_WORD = re.compile(r"(?:(?:al|el|ul|as|ad|an|ar|bin|d|l|de|mc)[-'’])?[A-Z0-9À-ÖØ-Þ][^\s,;:()\"]*|[A-Z]\.")
_PARTICLES = words_of("name_parts", "particle", "rare particle")
_INSIDE_NAME = words_of("name_parts", "inside")
_PREPOSITIONS = frozenset("of to in for at from with".split())
_DETERMINER = re.compile(
    rf"\A(?-i:(?![A-Z]{{3}}))(?:{any_word_of('name_parts', 'before a noun')}|one(?!\s+of\b))\s+",
    re.IGNORECASE,
)
_AFTER_HEAD = re.compile(
    r"\s+(?:from|with|who|in|at|on|speaking|asking|close|for|near|here|there|whose|quoted|based|involved|familiar"
    r"|under|outside|issued"
    r"|by|conducted|released|published|carried|signed|posted|out|over)(?:\s.*)?\Z"
)
_IN_A_PLACE = re.compile(r"\s+(?:in|at|from)\s+(?:the\s+)?(?P<place>[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*)")
_PAPERS = any_word_of("name_parts", "paper")
_PAPER = re.compile(rf"(?:['’]s?)?\s+(?:news\s+|press\s+)?(?:{_PAPERS})\Z")
_PAPER_OF = re.compile(rf"\A(?:\w+\s+){{0,2}}(?:{_PAPERS}|study)\s+(?:of|by|from|in)\s+(?:the\s+)?(?=[A-Z])")
_PART_OF = re.compile(
    r"\A(?-i:(?![A-Z]{3}))(?:(?:many|most|some|several|both|all|two|three|half)\s+of)\s+(?:the\s+)?", re.IGNORECASE
)
_OWN = re.compile(r"\A(?:even\s+)?(?:(?:his|her|its|their)\s+own\s+)?", re.IGNORECASE)
_SENT = re.compile(
    r"(?<=[\w.])\s+(?:reaching|received|made\s+available|obtained|seen|faxed|e-?mailed|sent)(?:\s.*)?\Z"
)
"""Behind the paper of a body: "a statement of the Port Union received here"."""
_DOING = re.compile(rf"(?!(?:{any_word_of('name_parts', 'acting')})\b)[a-z]+ing\s")
"""Not a noun phrase but what somebody does: "writing a book"."""
_OF_BODIES = words_of("name_parts", "body")
"""What makes a body of a title before it: "the General Assembly", "General Motors"."""
_MEMBER = re.compile(r"(?P<who>(?:[\w.'’-]+\s+){1,7}?)(?:of|from|at|with)\s+(?:the\s+)?[A-Z].*")
"""A person and whose they are: "Ana Souza of the Port Union", "analyst Ana Souza at Brask Bank"."""
_NUMERAL = re.compile(r"[IVX]+|[JS]r\.?")
"""Behind a name: "Luther King III"."""
_POSSESSIVE = re.compile(r"['’]s?\Z")
NAMED = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?:\s[A-ZÀ-ÖØ-Þ][\w.'’-]*){0,3}"
"""A run of capitals, for a pattern of what stands around it."""


class Kind(Enum):
    """How a speaker is named."""

    NAME = auto()
    DESCRIPTION = auto()
    PRONOUN = auto()


@dataclass(frozen=True, slots=True)
class Naming:
    """A noun phrase, read.

    Attributes:
        name: The name, or the description without its article, or the pronoun.
        role: What stands before the name ("Foreign Minister"); None when nothing does.
        kind: Which of them it is.
        definite: Whether it begins with "the": something known from before.
        medium: Whether it names a medium of news.
        place: Of a description, where that is: "Budapest" of "the government in Budapest"; else empty.
    """

    name: str
    role: str | None
    kind: Kind
    definite: bool
    medium: bool
    place: str = ""


def _headed(bare: str, *, definite: bool, medium: bool) -> Naming | None:
    """Read a phrase whose head tells what it is: a member of something, an office with what it is of."""
    if (member := _MEMBER.fullmatch(bare)) and (person := _person_in(member["who"].split())):
        role, name = person
        return Naming(name, role or None, Kind.NAME, definite, medium)
    if behind := _AFTER_HEAD.search(bare):
        head = bare[: behind.start()].split()
        if head and head[-1].islower() and head[-1] in ROLES | GROUPS | DOCUMENTS:
            return _description(bare, definite=definite, medium=medium)
    return None


def _person_in(words: list[str]) -> tuple[str, str] | None:
    """Part the role and the full name of a person, or the name behind a courtesy: "Mr Novak"."""
    plain = [word.lower().strip(".,'’") for word in words]
    begin = max((place + 1 for place, word in enumerate(plain) if word in ROLES), default=0)
    name = words[begin:]
    fewest = 1 if begin and plain[begin - 1] in COURTESY | TITLES else _GIVEN_AND_FAMILY
    person = fewest <= len(name) <= 2 * _GIVEN_AND_FAMILY and all(map(_NAME_WORD.fullmatch, name))
    if not person or not set(plain[begin:]).isdisjoint(GROUPS | DOCUMENTS):
        return None
    return " ".join(words[:begin]), " ".join(name)


def read_naming(phrase: str, *, surely: bool = False, widely: bool = False) -> Naming | None:
    """Read a noun phrase; None when it does not look like a speaker.

    Args:
        phrase: The phrase, without what stands around it.
        surely: Whether it stands where only a speaker can; "the archdiocese" then is one, whatever it means.
        widely: Whether that holds of longer phrases, too, and without an article: "almost half of commuters".
    """
    phrase = phrase.strip(" ,;:-–—'’")
    if phrase.lower() in PRONOUNS:
        return Naming(phrase.lower(), None, Kind.PRONOUN, definite=True, medium=False)
    phrase = _OWN.sub("", _PART_OF.sub("", phrase))
    determiner = _DETERMINER.match(phrase)
    definite = bool(determiner and determiner.group().strip().lower() in {"the", "this", "that"})
    bare = phrase[determiner.end() :] if determiner else phrase
    bare = re.sub(r"\s+\([^)]*\)?", "", bare)
    bare = re.sub(r",\s+\d{1,3}\Z", "", bare).strip()
    words = bare.split()
    if not _may_name(words) or (not determiner and _DOING.match(bare)):
        return None
    bare = _report_of(bare)
    words = bare.split()
    medium = bool(MEDIA.search(bare))
    if headed := _headed(bare, definite=definite, medium=medium):
        return headed
    begin = _name_begins(words)
    if begin < len(words):
        return _named(words[:begin], words[begin:], _Frame(bare, bool(determiner), definite, medium))
    head = _AFTER_HEAD.sub("", bare) if surely else bare
    unknown = 0 < len(head.split()) <= MOST_WORDS_UNKNOWN and head.islower() and not head.endswith("ed")
    if (surely and determiner and unknown) or (widely and len(words) <= MOST_WORDS_WIDELY):
        return Naming(head, None, Kind.DESCRIPTION, definite, medium)
    return _description(bare, definite=definite, medium=medium)


def _may_name(words: list[str]) -> bool:
    """Tell whether words may be one noun phrase: few, without a preposition behind, nor a pronoun inside."""
    if not words or len(words) > MOST_WORDS or words[-1] in _PREPOSITIONS:
        return False
    return PRONOUNS.isdisjoint(words[1:]) and not any("~" in word for word in words)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is known of a phrase before its name is read."""

    bare: str
    determined: bool
    definite: bool
    medium: bool


def _named(before: list[str], name: list[str], frame: _Frame) -> Naming | None:
    """Part role and name: the words before the name, and its own."""
    name = [*name[:-1], _POSSESSIVE.sub("", name[-1])]
    parted = _parted(before, name)
    if parted is None:
        return Naming(frame.bare, None, Kind.DESCRIPTION, frame.definite, frame.medium)
    before, name = parted
    if not _may_begin(name) or any(word in VERBS for word in before):
        return None
    body = not {word.lower() for word in name}.isdisjoint(GROUPS - ROLES)
    before = [] if body and before == ["official"] else before
    if (
        not body
        and _PREPOSITIONS.isdisjoint(before)
        and any(word.lower().strip("'’.") in ROLES for word in before)
    ):
        name = _without_whose(name)
    role: str | None = " ".join(before)
    if not before or all(_POSSESSIVE.search(word) for word in before):
        role = None
    elif not _is_role(before):
        if not frame.determined or len(before) > _ADJECTIVES or not " ".join(before).islower():
            return None
        role = None  # "the outspoken Zen"
    return Naming(" ".join(name), role, Kind.NAME, frame.definite, frame.medium)


def _parted(before: list[str], name: list[str]) -> tuple[list[str], list[str]] | None:
    """Part an office, with what it is of, from the name behind it; None when the name is what it is of."""
    if len(before) > 1 and before[-1] == "the" and before[-2] in _PREPOSITIONS:
        # "counsellor of the Chinese Embassy Shan Baoxiang"
        body = _body_before(name)
        return ([*before, *name[:body]], name[body:]) if body else None
    if before and before[-1] in _PREPOSITIONS:
        if len(name) <= _GIVEN_AND_FAMILY or _INSIDE_NAME.intersection(name):
            return None
        # "ambassador to Lebanon James Watt": the country is no part of the name.
        return [*before, *name[:-_GIVEN_AND_FAMILY]], name[-_GIVEN_AND_FAMILY:]
    if _is_somebodys(before):
        return None  # "the widow of former agent Jan Novak"
    if before and before[-1] in GROUPS - ROLES and not _PREPOSITIONS.isdisjoint(before):
        return None  # "the chief executive of rival Sea Link"
    return before, name


def _is_somebodys(before: list[str]) -> bool:
    """Tell whether what stands before a name is whose somebody is, and then what the one named is."""
    plain = [word.lower() for word in before]
    of = next((place for place, word in enumerate(plain) if word in {"of", "to", "for"}), 0)
    return bool(of and plain[of - 1] in ATTENDANTS and not ROLES.isdisjoint(plain[of + 1 :]))


def _may_begin(name: list[str]) -> bool:
    """Tell whether a name may begin with its first word."""
    acronym = len(name[0]) > 1 and name[0].isupper()  # WHO, IT, US
    given = len(name) > 1 and name[0] in pronouns_of_given_names()  # Will Hall
    return any(map(str.isalpha, name[0])) and (name[0].lower() not in STOP_WORDS or acronym or given)


def _body_before(name: list[str]) -> int:
    """How many words of a run of capitals name a body that a person's name follows; 0 when none does."""
    bodies = [place for place, word in enumerate(name) if word.lower() in GROUPS - ROLES]
    behind = name[bodies[-1] + 1 :] if bodies else []
    person = _GIVEN_AND_FAMILY <= len(behind) <= _GIVEN_AND_FAMILY + 1 and _INSIDE_NAME.isdisjoint(behind)
    return bodies[-1] + 1 if person else 0


def _without_whose(name: list[str]) -> list[str]:
    """Cut off what a person is of: "Ana Souza of Porto"."""
    inside = [place for place, word in enumerate(name) if word in _INSIDE_NAME]
    cut = inside[0] if inside and inside[0] >= _GIVEN_AND_FAMILY else len(name)
    return name[:cut]


def read_by_occupation(phrase: str) -> Naming | None:
    """Read a full name behind any noun, where only a speaker can stand: "ferry passenger Ana Souza"."""
    words = phrase.strip(" ,;:-–—'’").split()
    begin = _name_begins(words)
    before, name = words[:begin], words[begin:]
    if not (1 <= len(before) <= _MOST_BEFORE and _GIVEN_AND_FAMILY <= len(name) <= 2 * _GIVEN_AND_FAMILY):
        return None
    noun = before[-1]
    occupied = (
        re.fullmatch(r"[a-z][a-z-]+", noun) is not None
        and (noun in ATTENDANTS or not noun.endswith(("ly", "ing")))
        and not any(word.lower() in STOP_WORDS or word.lower() in _NO_OCCUPATION for word in before)
        and not any(word.lower() in VERBS for word in before)
        and not name[-1].lower().endswith(("'s", "’s"))
        and _INSIDE_NAME.isdisjoint(name)
    )
    return Naming(" ".join(name), " ".join(before), Kind.NAME, definite=False, medium=False) if occupied else None


def _report_of(bare: str) -> str:
    """Name who reports, not the report: "Commerce Department report", "a statement of the embassy"."""
    short = _PAPER_OF.sub("", bare)
    cut = _SENT.sub("", short)
    short = _PAPER.sub("", cut) if short != bare or _PAPER.search(cut) else short
    return short.removeprefix("official ") if short and short != bare else bare


def _name_begins(words: list[str]) -> int:
    """Where the name at the end of a phrase begins; `len(words)` when it ends in none."""
    begin = len(words)
    while begin > 0:
        word = words[begin - 1]
        inside = begin < len(words) and (word in _PARTICLES or (word in _INSIDE_NAME and begin > 1))
        title = word.lower().rstrip(".") in ROLES and not inside and begin < len(words)
        title = title and not all(map(_NUMERAL.fullmatch, words[begin:]))
        if title and _NAME_WORD.fullmatch(word) and words[-1].lower() not in GROUPS | _OF_BODIES:
            break
        if not inside and (word.endswith("-based") or not _NAME_WORD.fullmatch(word)):
            break
        begin -= 1
    while begin < len(words) and (words[begin] in _INSIDE_NAME or words[begin].islower()):
        begin += 1
    run = words[begin:]
    if begin and len(run) == 1 and words[begin - 1].lower().rstrip(".") in COURTESY and run[0][0].isupper():
        return begin
    if run and all(word.lower() in ROLES or word.lower() in MODIFIERS for word in run):
        return len(words)  # "the Prime Minister"
    if run and run[-1].lower() in ROLES:
        return len(words)  # "the US President"
    possessive = [place for place, word in enumerate(run[:-1]) if _POSSESSIVE.search(word)]
    if possessive and begin == 0 and possessive[-1] + 1 < len(run):
        return begin if len(run) - possessive[-1] - 1 < _GIVEN_AND_FAMILY else begin + possessive[-1] + 1
    return begin


def _is_role(words: list[str]) -> bool:
    """Tell whether what stands before a name says what somebody is."""
    if any(word.lower().strip("'’,") in ROLES for word in words):
        return True
    last = words[-1].lower()
    return all(_POSSESSIVE.search(word) or word in MODIFIERS or word[0].isupper() for word in words) or (
        last in GROUPS or last in MODIFIERS
    )


def _description(bare: str, *, definite: bool, medium: bool) -> Naming | None:
    head = _AFTER_HEAD.sub("", bare)
    if head.lower().startswith("one of "):
        return Naming(head, None, Kind.DESCRIPTION, definite=False, medium=medium)
    core = re.split(r"\s+(?:of|to)\s+", head)[0].split()
    last = core[-1].lower().strip("'’") if core else ""
    if last in ROLES or last in GROUPS or last in DOCUMENTS or medium:
        where = _IN_A_PLACE.match(bare, len(head))
        return Naming(head, None, Kind.DESCRIPTION, definite, medium, where["place"] if where else "")
    return None


def is_document(naming: Naming) -> bool:
    """Tell whether what is named is read: "a new poll", "police records"."""
    if naming.kind is Kind.PRONOUN:
        return False
    core = re.split(r"\s+(?:of|to|by|in|on|from)\s+", naming.name)[0].split()
    return bool(core) and core[-1].lower().strip("'’") in DOCUMENTS


def as_family_name(name: str) -> str | None:
    """Write a name of one word, or one behind particles, as it stands behind a given name: "van den Brink".

    None for any other name.
    """
    *before, last = name.split()
    if not all(word.lower() in _PARTICLES for word in before):
        return None
    return " ".join((*map(str.lower, before), last))


def without_titles(name: str) -> str:
    """Leave out the titles that a run of capitals begins with: "Colonel Jan Novak"."""
    words = name.split()
    while len(words) > 1 and words[0].lower().rstrip(".") in ROLES:
        words.pop(0)
    return " ".join(words)
