"""Finding who says a sentence: the subject of a verb of saying, before or behind it, outside of quotations.

Only words of the sentence are looked at; whom "he" or "Blinken" means is told by `search.statements.cast`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.english.calendar import in_print
from search.english.table import any_word_of
from search.english.verbs import Nature, forms, participles
from search.statements.according import source_of
from search.statements.appositions import as_role, with_apposition
from search.statements.clauses import NOBODY, has_clause, noun_phrase_of
from search.statements.lexicon import (
    ATTRIBUTING,
    CONNECTIVE,
    INVERTED,
    NEEDS,
    PARTICIPLES,
    SAYING,
    SHOWING,
    STATING,
    VERBS,
)
from search.statements.markers import FINITE, MODAL
from search.statements.naming import Kind, Naming, is_document, read_by_occupation, read_naming
from search.statements.participles import subject_in_progress, subject_of_participle
from search.statements.relative_clauses import antecedent_of
from search.statements.subjects import (
    QUOTING,
    before_stray_comma,
    lead_of,
    subject_of,
)

_LOWER_WORD = re.compile(r"(?<![\w-])[a-z]{3,14}(?![\w-])")
_TOLD_WHOM = re.compile(
    r"\s+(?!that\b)[^,;:~\"“”]+?(?=\s+(?:that|here|on|in|at|after|during|before|by|late|early|last)\b"
    r"|[,;:~\"“”.]|\Z)"
)
_TELLS = re.compile(rf"{FINITE.pattern}|{MODAL.pattern}")
_TELLING = forms(Nature.TELLS)
_BY_SOMEBODY = re.compile(
    r"\s+(?:\w+ly\s+)?by\b"
    rf"(?!\s+[a-z]+ing\b|\s+\w*day\b|\s+(?:{any_word_of('saying', 'said through')})\b)"
)
_CLOSES = re.compile(
    r"(?:\s+(?:on|in|at|late|early|earlier|here|yesterday|today|last|[A-Z]\w+day)\b[^,;\"“”~]{0,60})?"
    r"\s*(?:,(?!\d)|;|--|\.?\s*\Z|\s(?:who|when)\b)"
)
_TOLD = forms(Nature.ADDRESSES)
_INTERPOSED = re.compile(r",\s+(?:[\w.'’-]+\s+){1,5}\Z")
_NOUN_BEHIND = re.compile(
    r"\b(?:den(?:y|ied|ies|ying)|reject(?:ed|s|ing)?|dismiss(?:ed|es|ing)?|refut(?:ed|es|ing)|disput(?:ed|es|ing)"
    r"|confirm(?:ed|s|ing)?|citing|despite|amid|following|after|over|of|on|by|from|to|these|such|those)\s+"
    r"(?:[a-z]+\s+)?\Z",
    re.IGNORECASE,
)
"""Behind these words "reports" and "claims" are nouns."""
_OWNED = re.compile(r"(?:['’]s|s['’])\s+\Z")
_SIDING = forms(Nature.SIDES)
_SURELY_VERBS = forms(Nature.SURELY)
"""Behind a name with an apostrophe, too: "Moody's said"."""
_NOUNS_OR_VERBS = forms(Nature.NOUN)
_QUOTED_AS = re.compile(
    r"\s+(?P<who>(?!by\b|as\b)[^,;~\"]+?)(?:,\s+(?P<role>[^;:~\"“”]{2,160}?),?)?\s+as\s+(?:saying|telling)\b"
)
_SAYING_PLAINLY = participles(Nature.PLAINLY)
_REPORTING = frozenset({"reported", "reports"})
_SURELY_SAYING = forms(Nature.PLAINLY)
_OF_WHAT = re.compile(r"\s+of\s+(?=the\b|his\b|her\b|their\b|its\b|[A-Z])")
_CLOSED_BEHIND = re.compile(r"\s*(?:[,.\"“”]|\Z)")
_OTHERS = re.compile(r"(?<=\w)\s+and\s+(?:many\s+|several\s+)?others\Z")
_AS_FIRST = re.compile(r"\W*As\s+")
"""Before whose words the sentence is: "As Ana Souza said, it was late"."""
_ASKED_FIRST = re.compile(r"\s*(?:Asked|When\s+asked)\b")
_STATED = re.compile(
    r"(?:\s+(?:back|out|(?:it\s+)?(?:\w+\s+)?clear))?(?:\s+that\b|\s*,?\s*(?::|[\"“]~)|\s*\.?\s*\Z)"
)
_CLAUSE_BEHIND = re.compile(
    r"\s+(?:on\s+\w+\s+)?(?:that\b|he\b|she\b|they\b|it\b|there\b|the\b|[A-Z]|[\"“]?~)|\s*[,:]\s+[\"“]?~"
)
_NOT_SAID = re.compile(r"(?:\bnot|n['’]t|\bnever)\s+(?:\w+ly\s+)?\Z")
_CONNECTIVE_REACH = 24


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
        aside: Whether it is not the sentence's own: of a subordinate clause, or of what somebody thinks or wants.
    """

    naming: Naming
    verb: str
    start: int
    end: int
    verb_end: int
    before: bool
    verbs: tuple[tuple[str, int], ...] = ()
    aside: bool = False


def find_attribution(blank: str) -> Attribution | None:
    """Find the main attribution of a sentence whose quotations are blanked."""
    return main_attribution(find_attributions(blank))


def main_attribution(found: Sequence[Attribution]) -> Attribution | None:
    """Choose the one whose speaker makes the main statement.

    Of several the first counts that is not a medium's: what a daily reports a minister to have said is the
    minister's. What a subordinate clause says of somebody ("which Bush admitted") is not the sentence's.
    """
    main = [one for one in found if not one.aside]
    last = main[-1] if main else None
    reports = last is not None and (last.naming.medium or last.verb in _REPORTING)
    if last is not None and last.before and not reports and last.naming.kind is not Kind.PRONOUN:
        return last  # "Souza had denied it, Novak said."
    others = (one for one in main if not (one.naming.medium or (one.naming.name == "it" and one is not main[0])))
    return next(others, main[0] if main else None)


def find_attributions(blank: str) -> list[Attribution]:
    """Find everybody who says, thinks or wants something in a sentence whose quotations are blanked."""
    found: list[Attribution] = []
    for match in _attributing(blank):
        verb = match.group()
        if verb in PARTICIPLES:
            attribution = _participial(blank, match)
        elif found and _shares_subject(blank, found[-1], match.start()):
            _join(found, verb, match.end())
            continue
        else:
            attribution = _attributed(blank, match) or _nested(blank, match, found) or _relative(blank, match)
        if attribution is None:
            continue
        if verb in SHOWING and (verb not in VERBS or not _is_complemented(blank, match)):
            if is_document(attribution.naming):
                found.append(attribution)
            continue
        if _says(blank, verb, attribution):
            found.append(attribution)
        elif not attribution.aside:
            # What somebody wants is read of a main clause alone.
            found.append(replace(attribution, aside=True))
    if source := source_of(blank):
        according = _according(*source)
        others = any(not one.aside for one in found)
        main = not according.before or not others or according.naming.kind is Kind.NAME
        # "According to Souza, Novak denied it": Souza says so.
        place = len(found) if according.before else 0
        found.insert(place, replace(according, aside=not main))
    return found


def _attributing(blank: str) -> Iterator[re.Match[str]]:
    """Find the verbs by which somebody says, thinks or wants something, each with what it needs behind it."""
    for match in _LOWER_WORD.finditer(blank):
        verb = match.group()
        if verb not in ATTRIBUTING or _is_noun(blank, match):
            continue
        if _BY_SOMEBODY.match(blank, match.end()):
            continue
        if verb in _SIDING and _CLOSED_BEHIND.match(blank, match.end()):
            continue  # "two French champions, a rower and a skier, lit the fire"
        if verb in SHOWING or _is_complemented(blank, match):
            yield match


def _is_complemented(blank: str, match: re.Match[str]) -> bool:
    """Tell whether what must follow a verb does."""
    need = NEEDS.get(match.group())
    if not need or re.match(need, blank[match.end() :]):
        return True
    # "Tolls, Souza suggested, would rise"
    return blank.startswith(",", match.end()) and _INTERPOSED.search(blank, 0, match.start()) is not None


def _join(found: list[Attribution], verb: str, end: int) -> None:
    """Join a verb to the last attribution, whose subject it shares: "Souza left and said"."""
    if verb not in VERBS:
        return
    if found[-1].aside:
        found[-1] = replace(found[-1], verb=verb, end=end, verb_end=end, verbs=(), aside=False)
        return
    place = next((n for n, one in enumerate(found) if one.naming == found[-1].naming), len(found) - 1)
    found[place] = replace(found[place], verbs=(*found[place].verbs, (verb, end)))


def _says(blank: str, verb: str, attribution: Attribution) -> bool:
    """Tell a verb of saying from one that tells what somebody thinks or does."""
    stated = attribution.before or _STATED.match(blank, attribution.verb_end) is not None
    if verb in _SAYING_PLAINLY and _CLAUSE_BEHIND.match(blank, attribution.verb_end):
        return True
    return verb in VERBS or ((verb in STATING or verb in SAYING) and stated)


def _nested(blank: str, match: re.Match[str], found: Sequence[Attribution]) -> Attribution | None:
    """Read who is said to say it, behind the one who says so: "Souza said Novak had denied it"."""
    if not found or found[-1].before or found[-1].end >= match.start():
        return None
    nested = _before(blank, match, since=found[-1].end)
    return replace(nested, aside=True) if nested else None


def _relative(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read a clause about somebody who is not the subject: "It was opened by Souza, who said it was late"."""
    if match.group() not in _SURELY_SAYING | STATING or not _CLAUSE_BEHIND.match(blank, match.end()):
        return None
    antecedent = antecedent_of(lead_of(blank, match))
    if antecedent is None or _NOT_SAID.search(blank, 0, match.start()):
        return None
    naming, start = antecedent
    said = Attribution(naming, match.group(), start, match.end(), match.end(), before=False, aside=True)
    return said if _says(blank, match.group(), said) else None


def _participial(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read who says something by a participle: "Souza left, saying so"."""
    subject = subject_in_progress(blank, match) or subject_of_participle(blank, match)
    if subject is None:
        return None
    naming, start = subject
    return Attribution(naming, match.group(), start, match.end(), match.end(), before=False)


def _according(naming: Naming, start: int, end: int) -> Attribution:
    """Make an attribution of who is named where no verb of saying stands."""
    return Attribution(naming, "according", start, end, end, before=start > 0)


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
    if apposition and behind and before and behind.naming.kind is Kind.DESCRIPTION and before.naming.role:
        return before  # "His brother, Jan Novak, said the man who left was late."
    if apposition and not (behind and _closes(blank, match, behind.end)):
        return before
    return behind or before


def _closes(blank: str, match: re.Match[str], end: int) -> bool:
    """Tell whether an inverted attribution is complete there: "..., said Li." and not "..., said Iran sent it"."""
    told = match.group() != "claimed" and not _TELLS.search(blank[match.end() : end])
    close = _CLOSES.match(blank, end) if told else None
    return close is not None and not _TELLS.search(blank, end, close.end())


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
    if match.group() not in INVERTED or not lead or lead[-1] not in ',"”?!~':
        return None
    rest = blank[match.end() :]
    if not rest.startswith(" "):
        return None
    phrase = _OTHERS.sub("", noun_phrase_of(rest))
    naming = read_naming(
        re.sub(r"^\s*(?:a|an)\s+(?:[a-z]+ing)\s+", "", phrase), surely=match.group() in _SURELY_SAYING
    )
    if naming is None and match.group() in _SURELY_SAYING:
        naming = read_by_occupation(phrase)
    if naming is None and (spoken_of := _OF_WHAT.search(phrase)):
        phrase = phrase[: spoken_of.start()]  # "He lies," said Souza of the referee.
        naming = read_naming(phrase)
    if naming is None or naming.kind is Kind.PRONOUN or has_clause(phrase):
        return None
    end = match.end() + len(phrase)
    naming, end = with_apposition(blank, end, naming)
    return Attribution(naming, match.group(), match.start(), end, match.end(), before=True)


def _before(blank: str, match: re.Match[str], since: int = 0) -> Attribution | None:
    """Read `Antony Blinken, the secretary of state, told reporters`."""
    verb = match.group()
    if verb in QUOTING and (told := _QUOTED_AS.match(blank, match.end())):
        if quoted := read_naming(told["who"]):
            if told["role"] and quoted.kind is Kind.NAME:
                quoted = replace(quoted, role=quoted.role or as_role(told["role"]))
            return Attribution(quoted, verb, match.start(), told.end(), told.end(), before=False)
        return None
    lead = lead_of(blank, match)
    subject = subject_of(lead[since:], verb) or (None if since else before_stray_comma(lead))
    if subject is None or NOBODY.match(lead, since + subject[1]):
        return None
    naming, start = subject[0], since + subject[1]
    end = match.end()
    if verb in _TOLD and (whom := _TOLD_WHOM.match(blank, end)) and not _tells(blank, verb, whom):
        end = whom.end()
    clause = blank[:start].rstrip()
    before = bool(clause) and clause[-1] in ',"”~' and not re.match(r"\s*(?:that\b|:|[\"“]|~)", blank[end:])
    before = before and _ends_soon(blank, end) and (verb in VERBS or _CLOSED_BEHIND.match(blank, end) is not None)
    aside = _is_subordinate(lead, start)
    return Attribution(naming, verb, start, end, match.end(), before, ((verb, match.end()),), aside)


def _tells(blank: str, verb: str, whom: re.Match[str]) -> bool:
    """Tell whether what is told has begun: "told MPs the UK would", not "told the summit organized by it"."""
    found = _TELLS.search(blank, whom.start()) if verb in _TELLING else None
    return found is not None and found.end() <= whom.end() and not _BY_SOMEBODY.match(blank, found.end())


def _is_subordinate(lead: str, start: int) -> bool:
    """Tell whether a subject that begins at `start` is one of a subordinate clause: "which Bush admitted"."""
    before = lead[max(0, start - _CONNECTIVE_REACH) : start]
    return bool(CONNECTIVE.search(before)) and not _ASKED_FIRST.match(lead) and not _AS_FIRST.fullmatch(before)


def _ends_soon(blank: str, end: int) -> bool:
    """Tell whether little follows an attribution: a time, a place, an occasion, a participle."""
    rest = blank[end:].strip(" .")
    return not rest or bool(
        re.match(
            r"(?:,|[\"“]|on\b|in\b|at\b|to\b|after\b|during\b|before\b|here\b|late\b|early\b|earlier\b"
            r"|last\b|when\b|while\b|as\b|by\b|yesterday\b"
            rf"|today\b|{in_print('weekday')}|(?:{in_print('month')})\b"
            r"|ahead\b|following\b|outside\b|upon\b|from\b"
            r"|of\b)",
            rest,
        )
    )
