"""The unit of a figure: a currency, a share, or things counted and what became of them."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from search.english.numbers import NUMBERS, any_of, currencies, currency_words
from search.english.table import words_of
from search.english.terms import STOP_WORDS, terms

_SIGNS = f"[{''.join(dict.fromkeys(one.sign for one in currencies() if one.sign))}]"
_PREFIXES = "|".join(sorted((one.prefix for one in currencies() if one.prefix), key=len, reverse=True))
_HOLDERS = "|".join(re.escape(whose) for one in currencies() for whose in one.whose)

SYMBOL = rf"(?:{_PREFIXES})?{_SIGNS}"
"""Pattern of a currency's sign."""

_SYMBOL_BEFORE = re.compile(rf"(?P<whose>{_PREFIXES})?(?P<name>{_SIGNS})\s?$")
_CURRENCY_AFTER = re.compile(
    rf"[\s-]?(?:(?P<whose>{_HOLDERS})\s?)?(?P<name>{_SIGNS}|(?!won\b){any_of(currency_words())}\b)",  # "12 won"
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(r"\s?%|[\s-](?:per\s?cent|pct)\b(?!age)", re.IGNORECASE)
_POINTS_AFTER = re.compile(r"[\s-](?:percentage|basis) points?\b", re.IGNORECASE)

_CLAUSE_ENDS = re.compile(r"[.;:!?()\"“”\n]|,(?!\d)|\s[-\u2010-\u2015]\s|\b(?:and|but|while)\b", re.IGNORECASE)
_WORD_OF_TEXT = re.compile(r"[^\W\d_][\w'’-]*")
_LEADING = words_of("figures", "between")
_PLURALS = words_of("figures", "plural")
_SINGULARS = re.compile(r"(?:ss|us|is|'s|’s)$")
_MOST_WORDS = 5
_NUMBER_OF = re.compile(r"\b(?:number|count|tally|total)\s+of(?=\s)", re.IGNORECASE)
"""Before what a figure behind it counts: "the number of cases rose to 112"."""
_FATES = {
    word: fate
    for fate in ("dead", "hurt", "missing", "held", "saved", "displaced", "ill", "trapped")
    for word in words_of("figures", fate)
}
_MEASURED = words_of("figures", "measured")
_DIRECTIONS = {word: way for way, kind in ((1, "rise"), (-1, "fall")) for word in words_of("figures", kind)}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure is a number of.

    Attributes:
        measure: A currency's code or name, `percent` or `point`; None for things counted.
        counted: The analysed noun that follows the figure; None when none could be told.
        fates: What became of those counted: `dead`, `hurt` and so on.
        measured: What the figure is said to measure in the words before it ("toll", "temperature").
        direction: 1 when it is said to have risen by that, -1 fallen; 0 when neither.
        noun: The noun that follows the figure as it stands; empty when none could be told. It is not compared.
    """

    measure: str | None = None
    counted: str | None = None
    fates: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    direction: int = 0
    noun: str = field(default="", compare=False)

    def is_of(self, other: "Unit") -> bool:
        """Whether the two are certainly of one kind, so that their figures can be compared."""
        if self.measure != other.measure or self.direction * other.direction < 0:
            return False
        if self.fates and other.fates and self.fates != other.fates:
            return False
        if self.measure is not None:
            return True
        if self.counted and other.counted:
            return self.counted == other.counted
        return bool(self.fates & other.fates) or (
            self.counted is other.counted and bool(self.measured & other.measured)
        )


def read_unit(text: str, start: int, end: int) -> Unit:
    """Read what the figure `text[start:end]` is a number of."""
    after, before = _clause_after(text, end), _clause_before(text, start)
    words_after, words_before = _words(after), _words(before)
    fates = _fates(words_after) or _fates(words_before)
    directions = [_DIRECTIONS[word] for word in _words(text[:start]) if word in _DIRECTIONS]
    measure = _measure(text, start, end)
    noun = None if measure else _counted(after, single=text[start:end].casefold() in {"one", "1"})
    if noun is None and measure is None and (numbered := _NUMBER_OF.search(before)):
        noun = _counted(before[numbered.end() :], single=False)
    return Unit(
        measure=measure,
        counted=" ".join(terms(noun)) if noun else None,
        fates=fates,
        measured=frozenset(word for word in words_before if word in _MEASURED),
        direction=directions[-1] if directions and measure in {"percent", "point"} else 0,
        noun=noun or "",
    )


def _measure(text: str, start: int, end: int) -> str | None:
    after, before = text[end:], text[:start]
    if _POINTS_AFTER.match(after):
        return "point"
    if _PERCENT_AFTER.match(after):
        return "percent"
    currency = _SYMBOL_BEFORE.search(before) or _CURRENCY_AFTER.match(after)
    if currency is None:
        return None
    return _currency(currency["name"].casefold(), (currency["whose"] or "").casefold())


def _currency(name: str, whose: str) -> str:
    """Name the currency that has a word or a sign, and whose it is, both in lower case."""
    named = [one for one in currencies() if name in one.words or name == one.sign]
    owned = (one for one in named if whose in {one.prefix.casefold(), *map(str.casefold, one.whose)})
    return next(owned, named[0]).name


def _counted(after: str, *, single: bool) -> str | None:
    """The first plural noun of the words after a figure, what is counted; after "one" the first word."""
    words: list[str] = _WORD_OF_TEXT.findall(after.removeprefix("-"))
    while words and words[0].casefold() in _LEADING:
        words.pop(0)
    if after.startswith("-") and words:  # "a 20-mile walk"
        return words[0].partition("-")[0]
    if single and words and words[0].casefold() not in STOP_WORDS and after[:1].isspace():
        return None if words[0].casefold() in _FATES else words[0]
    for word, following in zip_longest(words[:_MOST_WORDS], words[1:_MOST_WORDS], fillvalue=""):
        plain = word.casefold()
        if plain in STOP_WORDS:
            return None
        if following and is_plural(plain) and is_plural(following):
            continue  # "measles cases", "police officers"
        if is_plural(plain):
            return None if plain in _FATES else word
    return None


def is_plural(word: str) -> bool:
    """Tell whether a word looks like the plural of a noun."""
    plain = word.casefold()
    return plain in _PLURALS or (plain.endswith("s") and not _SINGULARS.search(plain))


def fates_in(text: str) -> frozenset[str]:
    """What is said to have become of people: `dead`, `hurt` and so on."""
    return _fates(_words(text))


def _fates(words: list[str]) -> frozenset[str]:
    return frozenset(_FATES[word] for word in words if word in _FATES)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD_OF_TEXT.findall(text)]


def _clause_after(text: str, end: int) -> str:
    stop = _CLAUSE_ENDS.search(text, end)
    number = NUMBERS.search(text, end)
    ends = [match.start() for match in (stop, number) if match]
    return text[end : min(ends, default=len(text))]


def _clause_before(text: str, start: int) -> str:
    begin = 0
    for pattern in (_CLAUSE_ENDS, NUMBERS):
        for match in pattern.finditer(text, 0, start):
            begin = max(begin, match.end())
    return text[begin:start]
