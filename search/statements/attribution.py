"""Finding who says a sentence: the subject of a verb of saying, before or behind it, outside of quotations.

Only words of the sentence are looked at; whom "he" or "Blinken" means is told by `search.statements.cast`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.english.calendar import in_print
from search.english.verbs import Nature, forms
from search.statements.appositions import ROLE_BEHIND, may_be_apposition, with_apposition
from search.statements.lexicon import (
    ACCORDING,
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
from search.statements.subjects import (
    QUOTING,
    antecedent_of,
    bare,
    has_clause,
    lead_of,
    sentence_subject,
    subject_of,
)

_LOWER_WORD = re.compile(r"(?<![\w-])[a-z]{3,14}(?![\w-])")
_PAPER_BY = re.compile(
    r"(?:an?|the)\s+(?:\w+\s+){0,2}?(?:statement|report|letter|speech|tweet|post|message|communique)\s+"
    r"(?:(?:issued|released|published|made|posted)\s+)?(?:by|from|of)\s+"
)
_PARTICIPLE_BEHIND = re.compile(
    r"\s+(?:released|published|issued|obtained|provided|compiled|conducted|reviewed|filed|seen|made|taken|involved"
    r"|familiar|close|briefed|interviewed|surveyed)\Z"
)
_CLOSED = re.compile(r"\s*,\s+(?!\d)")
_BEHIND_END = re.compile(
    r",(?!\d)|[;:\"“”~(]|\.\s*\Z|\s--"
    r"|\s(?:on|in|at|after|during|before|here|late|early|earlier|later|when|while|as|by|last|this|who"
    r"|that|adding|to|and then|about|over|upon|following|outside|speaking|yesterday|today|referring"
    rf"|{in_print('weekday')})\b"
)
_TOLD_WHOM = re.compile(
    r"\s+(?!that\b)[^,;:~\"“”]+?(?=\s+(?:that|here|on|in|at|after|during|before|by|late|early|last)\b"
    r"|[,;:~\"“”.]|\Z)"
)
_TELLS = re.compile(rf"{FINITE.pattern}|{MODAL.pattern}")
_TELLING = forms(Nature.TELLS)
_BY_SOMEBODY = re.compile(r"\s+(?:\w+ly\s+)?by\b")
_CLOSES = re.compile(
    r"(?:\s+(?:on|in|at|late|early|earlier|here|yesterday|today|last|[A-Z]\w+day)\b[^,;\"“”~]{0,60})?"
    r"\s*(?:,(?!\d)|;|--|\.?\s*\Z|\s(?:who|when)\b)"
)
_TOLD = forms(Nature.ADDRESSES)
_WITH_SOMEBODY = re.compile(r"\bwith\s+(?P<who>(?:the\s+)?[^\s,;~\"“”]+(?:\s+[^\s,;~\"“”]+){0,3})\s+\Z")
_JOINS_PARTICIPLE = re.compile(
    r"(?:,|\s(?:by|while|before|after|when))(?:\s+(?:and|while|also|then|[a-z]+ly))?\s+\Z"
)
"""Before a participle whose subject is the sentence's: "Souza left, saying so", "won them over by saying so"."""
_INTERPOSED = re.compile(r",\s+(?:[\w.'’-]+\s+){1,5}\Z")
_NOBODY = re.compile(r"\s*(?:no|neither|either|few|none)\b", re.IGNORECASE)
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
_QUOTED_AS = re.compile(r"\s+(?P<who>(?!by\b|as\b)[^,;~\"]+?)\s+as\s+(?:saying|telling)\b")
_SURELY_SAYING = forms(Nature.PLAINLY)
_OF_WHAT = re.compile(r"\s+of\s+(?=the\b|his\b|her\b|their\b|its\b|[A-Z])")
_CLOSED_BEHIND = re.compile(r"\s*(?:[,.\"“”]|\Z)")
_OTHERS = re.compile(r"(?<=\w)\s+and\s+(?:many\s+|several\s+)?others\Z")
_AS_FIRST = re.compile(r"\W*As\s+")
"""Before whose words the sentence is: "As Ana Souza said, it was late"."""
_ASKED_FIRST = re.compile(r"\s*(?:Asked|When\s+asked)\b")
_BEING = re.compile(
    r"\s+(?:(?:has|have|had)\s+been|is|are|was|were|['’](?:s|re))(?:\s+(?:also|not|now|still|already|just|\w+ly))*\s+\Z"
    r"|(?<=\w)['’](?:s|re)\s+\Z"
)
_STATED = re.compile(r"\s+that\b|\s*,?\s*(?::|[\"“]~)|\s*\.?\s*\Z")
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
    return next((one for one in main if not one.naming.medium), main[0] if main else None)


def find_attributions(blank: str) -> list[Attribution]:
    """Find everybody who says, thinks or wants something in a sentence whose quotations are blanked."""
    found: list[Attribution] = []
    for match in _attributing(blank):
        verb = match.group()
        if verb in PARTICIPLES:
            attribution = _in_progress(blank, match) or _participial(blank, match)
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
    if according := _according(blank):
        others = any(not one.aside for one in found)
        main = not according.before or not others or according.naming.kind is Kind.NAME
        found.append(replace(according, aside=not main))
    return found


def _attributing(blank: str) -> Iterator[re.Match[str]]:
    """Find the verbs by which somebody says, thinks or wants something, each with what it needs behind it."""
    for match in _LOWER_WORD.finditer(blank):
        verb = match.group()
        if verb not in ATTRIBUTING or _is_noun(blank, match):
            continue
        if verb not in VERBS and _BY_SOMEBODY.match(blank, match.end()):
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


def _in_progress(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read "Souza is calling for peace"."""
    being = _BEING.search(blank, 0, match.start())
    if being is None:
        return None
    lead = bare(blank[: being.start()])
    subject = subject_of(lead, match.group())
    if subject is None or _NOBODY.match(lead, subject[1]):
        return None
    return Attribution(subject[0], match.group(), subject[1], match.end(), match.end(), before=False)


def _participial(blank: str, match: re.Match[str]) -> Attribution | None:
    """Read "Souza left the meeting, saying that it was late", and "Calling it late, Souza left"."""
    lead = blank[: match.start()]
    if accompanying := _WITH_SOMEBODY.search(lead):
        naming = read_naming(accompanying["who"])
        if naming is not None and naming.kind is not Kind.PRONOUN:
            return Attribution(
                naming, match.group(), accompanying.start("who"), match.end(), match.end(), before=False
            )
    if joined := _JOINS_PARTICIPLE.search(lead):
        subject = sentence_subject(lead[: joined.start()].rstrip(" ,") + ",")
        if subject is not None:
            return Attribution(subject, match.group(), match.start(), match.end(), match.end(), before=False)
    return None


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
    match = ACCORDING.search(blank)
    if match is None:
        return None
    paper = _PAPER_BY.match(match["who"])
    for start in (match.start("who") + (paper.end() if paper else 0), match.start("who")):
        who = _until(blank[start : match.end("who")])
        naming, end = read_naming(who), start + len(who)
        if naming is not None:
            break
    else:
        naming = read_naming(_PARTICIPLE_BEHIND.sub("", who), surely=True, widely=True)
        if naming is None:
            return None
    # What follows a comma may be what is said: "According to Souza, the ministers met."
    behind = ROLE_BEHIND.match(blank, end)
    closed = behind is not None and (match.start() > 0 or _CLOSED.match(blank, behind.end()))
    if behind is not None and closed and may_be_apposition(naming, behind["role"]):
        naming, end = with_apposition(blank, end, naming)
    return Attribution(naming, "according", match.start(), end, end, before=match.start() > 0)


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
    if match.group() not in INVERTED or not lead or lead[-1] not in ',"”?!~':
        return None
    rest = blank[match.end() :]
    if not rest.startswith(" "):
        return None
    phrase = _OTHERS.sub("", _until(rest))
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
            return Attribution(quoted, verb, match.start(), told.end(), told.end(), before=False)
        return None
    lead = lead_of(blank, match)
    subject = subject_of(lead[since:], verb)
    if subject is None or _NOBODY.match(lead, since + subject[1]):
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
