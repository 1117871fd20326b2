"""The speakers of one article: full names, roles, and whom a pronoun means."""

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice

from search.english.people import pronouns_of_given_names
from search.english.table import any_word_of, words_of
from search.english.terms import STOP_WORDS
from search.statements.descriptions import Description, is_of_another, read_description
from search.statements.lexicon import COUNTRIES, COURTESY, DAY, GROUPS, MODIFIERS, ROLES, TITLES, VERBS
from search.statements.naming import Kind, Naming, as_family_name, without_titles

# A word, and a run of them, is bounded: what is longer is no name, and may be all that an article has.
_CAPITAL = rf"(?:\b(?:{any_word_of('name_parts', 'particle')}|ul)[- ])?[A-ZÀ-ÖØ-Þ][\w.'’-]{{0,40}}(?![\w.'’-])"
_RUN_BEFORE = re.compile(rf"(?:{_CAPITAL}\s+)+\Z")
_RUN_BEHIND = re.compile(rf"(?: +{_CAPITAL}(?<!\w\w\.)){{0,7}} +{_CAPITAL}")
_BEHIND = re.compile(r"\s*,\s*(?P<role>(?:the\s+|a\s+|an\s+)?[^,.;\"“”]{3,90})\s*,")
_OFFICE = re.compile(rf"\b(?i:{'|'.join(sorted(ROLES))})\s+(?:of|for|to)\s+\Z")
_OF_OFFICE = re.compile(
    rf"(?:of|for|to)(?:\s+(?:{_CAPITAL}|and|the))+\Z|(?:of|for)\s+(?!which\b|whom\b|whose\b|that\b)[a-z]{{4,}}\Z"
)
_NO_GIVEN_NAME = re.compile(r"['’]s?\Z|\w{2,}\.\Z")
_AGED = re.compile(r",\s+\d{1,3}\s*,")
_A_DAY = re.compile(rf"{DAY}\b")
_NEVER_A_NAME = words_of("name_parts", "no name")
_JOINED_PARTICLE = re.compile(r"[A-Za-z][a-z]-[A-Z]")
_ABBREVIATION = re.compile(r"[A-Z]{2,7}s?\Z")
_SENTENCE_SUBJECT = re.compile(
    rf"\s*(?:(?:But|And|However|Meanwhile|Earlier),?\s+)?"
    rf"(?:(?:The|Her|His|Their|Its)\s+(?:[a-z][\w'’-]*,?\s+){{1,3}}(?={_CAPITAL}\s+{_CAPITAL}))?"
    rf"(?P<name>{_CAPITAL}(?:\s+{_CAPITAL})*)"
)
"""Who a sentence is about that begins with a name, or with an office before it: "Her colleague Jan Novak"."""

_TOKEN = re.compile(r"[^\W_][\w'’-]*")
_FULL_NAME = re.compile(rf"\s+(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{1,8}})")
_BEFORE_NAME = re.compile(
    rf"(?:\b[Tt]he|\b[Aa]n?|\b[Ii]ts|\b[Hh]is|\b[Hh]er|\b[Tt]heir)\s+"
    rf"(?P<role>(?:[\w'’-]+\s+){{0,4}}?(?i:{'|'.join(sorted(map(re.escape, ROLES), key=len, reverse=True))})"
    r"(?:\s+(?:of|for|to|in)\s+[\w\s'’-]{2,60})?),\s+\Z"
)
_LONGEST_APPOSITION = 120
_FEWEST_LETTERS = 3
_LINK = r"\s(?:(?:of|for|the|and|on)\s){0,2}"
_NAME_BEFORE = re.compile(
    rf"(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{1,3}}),\s+(?:(?:the|an?)\s+)?(?P<words>(?:[\w'’-]+\s+){{0,4}})\Z"
)
_BEHIND_OFFICE = re.compile(r"(?P<office>\w+(?:\s+(?:of|for|to|in)\s+[\w\s'’-]{2,60}?)?),")
_WORD = re.compile(r"[A-ZÀ-ÖØ-Þ\d][^\W_]*")

_Introduction = tuple[str, str | None]
_MOST_INTRODUCED = 50
_MOST_OF_OWNERS = 10_000
"""Code points of a body in which the full name of an owner is looked for."""
_MOST_PLACES = 400
"""Places at which a name, or a title, is looked for: in a longer text, those it has first, or had last."""


class Cast:
    """Looks names up in the article's body up to the sentence that uses them.

    The body is gone through once; what a name costs afterwards does not grow with the length of the body.
    """

    def __init__(self, body: str, nicknames: Mapping[str, str] | None = None) -> None:
        """Take the body, and the nicknames of it with the family names that they stand before."""
        self._body = body
        self._nicknames = nicknames or {}
        self._owners: dict[str, _Introduction | None] = {}
        self._full: dict[str, tuple[_Introduction | None, int]] = {}
        self._alone: set[str] = set()
        self._letters: dict[str, str] = {}
        self._ahead: dict[str, _Introduction | None] = {}
        self._introduced: deque[tuple[str, str]] = deque(maxlen=_MOST_INTRODUCED)
        self._roles: dict[str, str] = {}
        self._titles: dict[str, str] = {}

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        """Where each word of the body from its capital on, and each figure, stands, in order."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for match in _WORD.finditer(self._body):
            places[match.group()].append(match.start())
        return dict(places)

    @cached_property
    def _pieces(self) -> frozenset[str]:
        """What stands between two spaces."""
        return frozenset(self._body.split(" ")[1:-1])

    @cached_property
    def _role_words(self) -> dict[str, list[int]]:
        """Where each noun for what somebody is stands, in order."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for match in _TOKEN.finditer(self._body):
            if (word := match.group().lower()) in ROLES:
                places[word].append(match.start())
        return dict(places)

    @cached_property
    def _abbreviations(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in re.finditer(
            rf"(?P<full>(?:{_CAPITAL}|of|and|for|the|on)(?:\s+(?:{_CAPITAL}|of|and|for|the|on"
            rf"|&)){{1,12}})\s+\(\s*(?P<short>[A-Z]{{2,7}})\s*\)",
            self._body,
        ):
            words = match["full"].split()
            short = match["short"]
            letters = [word for word in words if word[0].isupper()]
            begin = max(0, len(letters) - len(short))
            if letters and letters[begin][0] == short[0]:
                place = words.index(letters[begin])
                found.setdefault(short, " ".join(words[place:]))
        return found

    def complete(self, naming: Naming, until: int) -> tuple[str, str | None]:
        """Give name and role as fully as the article has them before the offset `until`."""
        if naming.kind is Kind.DESCRIPTION:
            return self._described(naming, until)
        name, role = self._nicknames.get(naming.name, naming.name), naming.role
        title = role if role and role.lower().rstrip(".") in TITLES else None
        role = None if title or (role and role.lower().rstrip(".") in COURTESY) else role
        if full := self._spelled_out(name, until):
            return full, role
        if (family := as_family_name(name)) is not None:
            found = self._named_in_full(family, naming, until)
            given = found[0].split()[0] if found is not None else ""
            if name.lower() in COUNTRIES and given not in pronouns_of_given_names():
                found = None  # "China" is not "SW China"
            if found is not None and is_of_another(naming.role, found[0]):
                found = self._of_the_style(naming.role, family, until)
                if found is None:
                    return f"{naming.role} {name}", None
            if found is not None:
                name, role = found[0], role or self._roles.get(found[0]) or found[1]
            role = role or self._roles.get(name)
        elif role is None:
            found = None if name in self._roles else self._introduction(name, until)
            role = found[1] if found else self._roles.get(name)
        return name, self._introduce(name, role, title)

    def _introduce(self, name: str, role: str | None, title: str | None) -> str | None:
        """Note what somebody is, by a role or, where there is none, by a title or by what a body is called."""
        if title:
            self._titles.setdefault(name, title)
        if role:
            self._roles.setdefault(name, role)
        role = role or self._titles.get(name)
        if role or _is_body(name):
            self._introduced.append((role or name, name))
        return role

    def _spelled_out(self, name: str, until: int) -> str | None:
        """The full name of a body that is named by its letters, in brackets behind it or not: "the WHO"."""
        if not _ABBREVIATION.match(name) or name in self._abbreviations:
            return self._abbreviations.get(name)
        if len(name) >= _FEWEST_LETTERS and name not in self._letters:
            words = _LINK.join(rf"{letter}[\w'’-]+" for letter in name)
            if found := re.compile(rf"\b{words}\b").search(self._body, 0, until):
                self._letters[name] = " ".join(found.group().split())
        return self._letters.get(name)

    def _named_in_full(self, name: str, naming: Naming, until: int) -> _Introduction | None:
        """Find somebody of one name: before `until`, as an owner, or the only one of that name after it."""
        found = self._introduction(name, until) or self._owner(name, until)
        if found is None and _JOINED_PARTICLE.match(name):
            name = name[0].swapcase() + name[1:]  # "Al-Amin", later "al-Amin"
            found = self._introduction(name, until)
        if (found is None or " " not in found[0]) and not naming.definite and not naming.medium:
            found = self._later(name, until) or found
        return found

    def _described(self, naming: Naming, until: int) -> tuple[str, str | None]:
        """Read "the spokesman" as the one who was introduced as a spokesman, and as nobody of another office."""
        if naming.definite:
            wanted = read_description(f"{naming.name} in {naming.place}" if naming.place else naming.name)
            for role, name in reversed(self._introduced):
                if wanted.means(read_description(role)):
                    return name, (role if role != name else None)
            if wanted.heads & ROLES and (
                found := self._titled(naming.name, until) or self._apposed(wanted, until)
            ):
                return found
        if len(naming.name.split()) > 1 or not naming.definite:
            self._introduced.append((naming.name, naming.name))
        return naming.name, None

    def _titled(self, title: str, until: int) -> tuple[str, str | None] | None:
        """Find the last person before `until` whose title, before the name, is `title`, and of no other rank."""
        head = next((word for word in _TOKEN.finditer(title) if word.group().lower() in ROLES), None)
        if head is None:
            return None
        wanted = read_description(title)
        places = self._role_words.get(head.group().lower(), [])
        count = bisect_left(places, until)
        for place in reversed(places[max(0, count - _MOST_PLACES) : count]):
            start, end = place - head.start(), place - head.start() + len(title)
            if (
                start >= 0
                and self._body[start:end].lower() == title.lower()
                and not self._body[max(0, start - 1) : start].isalnum()
                and (match := _FULL_NAME.match(self._body, end, until))
            ):
                name = re.sub(rf"\s+{DAY}\b.*", "", match["name"].removesuffix("'s").rstrip("."))
                role = self._role(match.start("name"), match.end("name")) or title
                name = without_titles(name)
                if wanted.means(read_description(role)) and not _is_body(name):
                    return name, role
        return None

    def _apposed(self, wanted: Description, until: int) -> _Introduction | None:
        """Find the last person before `until` of whom an apposition says so: "Ana Souza, the mayor, left"."""
        places = sorted(place for head in wanted.heads for place in self._role_words.get(head, ()))
        count = bisect_left(places, until)
        for place in reversed(places[max(0, count - _MOST_PLACES) : count]):
            before = _NAME_BEFORE.search(self._body, max(0, place - _LONGEST_APPOSITION), place)
            behind = _BEHIND_OFFICE.match(self._body, place, until)
            if before is None or behind is None or before["name"].split()[0] in _NEVER_A_NAME:
                continue
            role = before["words"] + behind["office"]
            if wanted.means(read_description(role)):
                return before["name"], role
        return None

    def _introduction(self, name: str, until: int) -> tuple[str, str | None] | None:
        """Find the first place that names somebody in full: full name and role."""
        best, scanned = self._full.get(name, (None, 0))
        if scanned < until and not _is_complete(best):
            for start in self._places(name, scanned, until):
                full, role = self._around(start, start + len(name))
                if full == name:
                    self._alone.add(name)
                elif full.startswith(f"{name} ") and (name in self._alone or name.lower() in COUNTRIES):
                    continue  # "Iran", later "Iran Air": the name is no short form of it
                longer = len(full.split()) > len(name.split())
                if (longer and (best is None or " " not in best[0])) or (best is None and role):
                    best = full, role
                if _is_complete(best):
                    break
            self._full[name] = best, until
        return best

    def _owner(self, name: str, until: int) -> _Introduction | None:
        """Find a full name that is only met with as an owner's: "Ana Souza's ferry was late. Souza said ..."."""
        if name not in self._owners:
            owner = re.compile(rf"(?P<given>{_CAPITAL})\s+{re.escape(name)}['’]s?(?!\w)")
            found = owner.search(self._body, 0, _MOST_OF_OWNERS)
            given = found["given"] if found and found.end() <= until else None
            self._owners[name] = (f"{given} {name}", None) if given in pronouns_of_given_names() else None
        return self._owners[name]

    def _of_the_style(self, style: str | None, name: str, until: int) -> _Introduction | None:
        """Find somebody of a family name whose given name fits a style: of two Lunds "Mrs Lund" is Eva Lund."""
        for place in self._places(name, 0, until):
            full, role = self._around(place, place + len(name))
            if full.endswith(f" {name}") and not is_of_another(style, full):
                return full, role
        return None

    def _later(self, name: str, since: int) -> _Introduction | None:
        """Find the only person of that family name whom the article names in full, with a role, after `since`."""
        if name not in self._ahead:
            given = {
                full: role
                for start in self._places(name, since, len(self._body))
                for full, role in [self._around(start, start + len(name))]
                if full.endswith(f" {name}")
            }
            ((full, role),) = given.items() if len(given) == 1 else (("", None),)
            self._ahead[name] = (full, role) if role else None
        return self._ahead[name]

    def _places(self, name: str, since: int, until: int) -> Iterator[int]:
        """Yield where a name stands whole and is no owner's: "Gazprom's spokesman" introduces another."""
        words = [(match.group(), match.start()) for match in _WORD.finditer(name)]
        rarest, offset = min(words, key=lambda word: len(self._words.get(word[0], ())), default=("", 0))
        places = self._words.get(rarest, [])
        first = bisect_left(places, since + offset)
        for place in islice(places, first, min(len(places), _MOST_PLACES)):
            start, end = place - offset, place - offset + len(name)
            if end > until:
                return
            before, behind = self._body[max(0, start - 1) : start], self._body[end : end + 1]
            if self._body.startswith(name, start) and not (
                before.isalnum() or behind.isalnum() or before in {"-", "_"} or behind in {"-", "_", "'", "’"}
            ):
                yield start

    def _around(self, start: int, end: int) -> tuple[str, str | None]:
        before = self._body[max(0, start - 100) : start]
        run = _RUN_BEFORE.search(before)
        words = run.group().split() if run else []
        head = [
            place
            for place, word in enumerate(words)
            if word.lower().strip(".,'’") in ROLES or _NO_GIVEN_NAME.search(word)
        ]
        given = words[head[-1] + 1 :] if head else words
        if not head and run and _starts_sentence(before, run.start()) and len(words) > 1:
            given = words
        if given and run and given[0].lower() in self._pieces and _starts_sentence(before, run.start()):
            given = given[1:]
        if given and given[0] in _NEVER_A_NAME:
            given = given[1:] if len(given) > 1 else []
        if len(given) > 1 and run and _OFFICE.search(before[: run.start()]):
            given = given[-1:]  # "secretary of State Antony": the office takes the capitals before
        based = [place for place, word in enumerate(given) if word.endswith("-based")]
        given = given[based[-1] + 1 :] if based else given
        behind = ""
        if not given and (after := _RUN_BEHIND.match(self._body, end)):
            # The short form is the first word of the name: "Jiang Zhenghua", later "Jiang".
            behind = after.group().rstrip(".")
        behind = _until_a_verb(behind)
        full = " ".join([*given, self._body[start:end], *behind.split()])
        name_start = start - (len(before) - _given_start(before, len(given)))
        return full, self._role(name_start, end + len(behind))

    def _role(self, start: int, end: int) -> str | None:
        before = self._body[max(0, start - 110) : start]
        if self._body.startswith(",", end) and before.endswith(", ") and (apposed := _BEFORE_NAME.search(before)):
            return apposed["role"]
        before = re.split(r"[,.;:\"“”()\n]\s", before)[-1] if before else ""
        words = before.split()
        roles = [place for place, word in enumerate(words) if word.lower().strip("'’") in ROLES]
        behind = " ".join(words[roles[-1] + 1 :]) if roles else ""
        if roles and (not behind or _OF_OFFICE.match(behind)):
            begin = roles[-1]
            while begin > 0 and _belongs(words[begin - 1]):
                begin -= 1
            return " ".join(words[begin:])
        if (match := _BEHIND.match(self._body, end)) and not self._body.startswith("'", end):
            role = re.sub(r"\A(?:who\s+is\s+)?(?:(?:the|an?)\s+)?", "", match["role"])
            if set(role.lower().split()) & ROLES and not re.match(r"(?:who|which|and|but|said|told)\b", role):
                return role
        return None

    def subject_of(self, sentence: str, until: int) -> tuple[str, str | None] | None:
        """The person a sentence begins with, if it begins with one whom the article names in full."""
        match = _SENTENCE_SUBJECT.match(sentence)
        if match is None:
            return None
        name = match["name"].removesuffix("'s").split()[-1]
        found = self._introduction(name, until)
        if found is None or len(found[0].split()) == 1:
            return None
        person = found[1] or found[0].split()[0] in pronouns_of_given_names() or _AGED.match(sentence, match.end())
        return found if person else None


def _is_body(name: str) -> bool:
    """Tell whether a name of several words is that of a body: "Foreign Ministry of Peru", and nobody's."""
    words = name.split()
    heads = read_description(name).heads if len(words) > 1 and words[0] not in pronouns_of_given_names() else ()
    return any(head in GROUPS and head not in ROLES for head in heads)


def _until_a_verb(run: str) -> str:
    """Cut a run of capitals where a headline goes on, or at a day: nothing of "Souza Says Ferries Sail" is."""
    words = re.finditer(r"\S+", run)
    cut = next(
        (one for one in words if one.group().lower() in VERBS | STOP_WORDS or _A_DAY.match(run, one.start())), None
    )
    return run[: cut.start()].rstrip() if cut else run


def _is_complete(introduction: _Introduction | None) -> bool:
    """Tell whether a name need not be looked for any further: it has several words, and a role."""
    return introduction is not None and " " in introduction[0] and introduction[1] is not None


def _given_start(before: str, words: int) -> int:
    """Where the last so many words of a text begin."""
    place = len(before.rstrip()) if words else len(before)
    for _ in range(words):
        place = before.rstrip()[:place].rstrip().rfind(" ") + 1
        if _ + 1 < words:
            place -= 1
    return max(place, 0)


def _belongs(word: str) -> bool:
    bare = word.lower().strip("'’")
    return (
        (word[0].isupper() and word not in {"The", "But", "And", "In", "On", "At", "As"})
        or bare in ROLES
        or bare in MODIFIERS
    )


def _starts_sentence(before: str, start: int) -> bool:
    return not before[:start].strip() or before[:start].rstrip()[-1] in '."”'
