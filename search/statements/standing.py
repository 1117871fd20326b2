"""How a sentence is put forward: as fact, prediction, threat, denial, condition or question.

The verb of saying is asked first (denied, threatened to, asked whether), then what is said: a question mark, a
condition on a modal verb, and whether the first finite verb of the main clause speaks of what is to come.
"""

import re
from collections.abc import Collection
from enum import Enum, auto
from itertools import pairwise

from search.english.terms import terms
from search.statements.attribution import Attribution, find_attribution
from search.statements.markers import (
    ALLEGATION,
    ANNOUNCED,
    ANOTHER_ACTS,
    ASKING,
    BENIGN,
    CALLED_UNTRUE,
    CALLING,
    CIRCUMSTANCES,
    CLAUSE,
    CONFIRMING,
    CONJUNCTION,
    DENIED_GOODS,
    DENYING,
    FINITE,
    FORESAYING,
    FOUND_EVIDENCE,
    FUTURE,
    GOES_ON,
    HARMING,
    IF,
    IF_FIRST,
    INNER,
    MODAL,
    NO_EVIDENCE,
    NO_SUBJECT,
    OPEN_THREAT,
    OPINION,
    PLANNED_NOUN,
    REFUSING,
    RELATIVE,
    RETALIATING,
    SHARED_FUTURE,
    SOMEBODY,
    SOMEBODY_SAID,
    THREATENING,
    UNTRUE,
    VOWING,
    WARNED_OF,
    WARNING,
    WARNING_NOUN_BEHIND,
    WE_DENY,
    WHAT_ASKED,
    WHEN_ANNOUNCED,
)
from search.statements.quotations import first_sentence, quotations, unquoted
from search.statements.statement import Standing

_OF_A_SPEAKER = re.compile(
    r"\s*(?:who|which|whose|whom|where|when)\b"
    r"|\s*(?!said\b)[a-z]+ed\s+(?:in|by|on|to|for|at|from|with|as|between)\b"
)
"""A clause about a speaker: "Menatep's lawyers, who were excluded, said ..."."""

LONGEST_READ = 2_000
"""Code points of a sentence that are looked at; what is longer is a table or a list."""


class _Part(Enum):
    """What a clause is: who says it, what is said, or neither."""

    SAYING = auto()
    SAID = auto()
    ASIDE = auto()


def standing_of(sentence: str, focus: Collection[str] = ()) -> Standing:
    """Tell how a sentence, or the part of it that matters, is put forward.

    Args:
        sentence: One sentence of an English article.
        focus: Analysed terms of a question (`search.english.terms.terms`). The clause that has most of them is
            judged; of several that have as many, one that is not plainly asserted, so that no prediction passes
            for a fact. Without them, or if no clause has any, the main statement is judged: of "X said that Y", Y.
    """
    sentence = as_prose(sentence[:LONGEST_READ])
    blank = unquoted(sentence)
    attribution = find_attribution(blank)
    main = main_standing(sentence, blank, attribution)
    wanted = set(focus)
    clauses = _clauses(sentence, attribution) if wanted else []
    if len(clauses) == 1:
        return main
    shares = [len(wanted.intersection(terms(clause))) for clause, _ in clauses]
    most = max(shares, default=0)
    if not most:
        return main
    decided = _by_verbs(sentence, blank, attribution)
    former: Standing | None = None
    judged = []
    for (clause, part), share in zip(clauses, shares, strict=True):
        says = part is _Part.SAYING and not _OF_A_SPEAKER.match(clause)
        if says or (part is _Part.SAID and main is Standing.DENIED):
            former = main
        elif part is _Part.SAID and decided:
            former = decided
        else:
            former = _standing_of_clause(clause, former or main, main)
        judged += [former] if share == most else []
    return next((standing for standing in judged if standing is not Standing.ASSERTED), judged[0])


def as_prose(sentence: str) -> str:
    """A sentence all in capitals, as old wires set them, in small letters, which alone the word lists know.

    As long as before, so that offsets stay right.
    """
    small = sentence[:1] + sentence[1:].lower()
    return small if sentence.isupper() and " " in sentence and len(small) == len(sentence) else sentence


def main_standing(sentence: str, blank: str, attribution: Attribution | None) -> Standing:
    """Judge the main statement of a sentence.

    Args:
        sentence: The sentence.
        blank: The same with its quotations blanked.
        attribution: Who says it, as found in it.
    """
    if decided := _by_verbs(sentence, blank, attribution):
        return decided
    content = _content(sentence, attribution)
    if attribution is None and (said := SOMEBODY_SAID.match(blank)):
        content = sentence[said.end() :]
    if FOUND_EVIDENCE.search(blank) or (attribution is not None and _is_denial(content)):
        return Standing.DENIED
    headline = attribution is None and sentence.rstrip()[-1:].isalnum()
    return _standing_of_content(content, headline=headline)


def _by_verbs(sentence: str, blank: str, attribution: Attribution | None) -> Standing | None:
    """What the verbs of saying decide, whatever is said; the last of several counts."""
    if attribution is None:
        return None
    verbs = attribution.verbs or ((attribution.verb, attribution.verb_end),)
    decisions = (_by_verb(verb, sentence[end:], blank[end:]) for verb, end in reversed(verbs))
    return next((standing for standing in decisions if standing), None)


def _by_verb(verb: str, behind: str, blank: str) -> Standing | None:
    """What one verb of saying decides, given the rest of the sentence with and without its quotations."""
    denies = (verb in DENYING and not DENIED_GOODS.match(blank)) or (verb in REFUSING and ALLEGATION.match(blank))
    denies = denies or (verb in CALLING and CALLED_UNTRUE.match(behind))
    if denies or verb == "poured":  # cold water on it
        return Standing.DENIED
    if verb in ASKING and WHAT_ASKED.match(blank):
        return Standing.ASKED
    warns = verb in WARNING or (verb in WARNING_NOUN_BEHIND and WARNED_OF.match(blank))
    if warns and _harms_itself(behind):
        return Standing.CONDITIONAL
    if verb in THREATENING or (warns and _warns_as_threat(behind)) or (verb in VOWING and _vows_harm(behind)):
        return Standing.THREATENED
    foresees = verb in FORESAYING or (verb == "raised" and "forecast" in blank)
    if foresees or (verb in CONFIRMING and PLANNED_NOUN.match(blank)):
        return Standing.PREDICTED
    return None


def _warns_as_threat(behind: str) -> bool:
    """Tell a warning of what the speaker will do from one of what will befall."""
    return bool(RETALIATING.search(behind) or (HARMING.search(behind) and not ANOTHER_ACTS.match(behind)))


def _vows_harm(behind: str) -> bool:
    return bool((RETALIATING.search(behind) or HARMING.search(behind)) and not BENIGN.match(behind))


def _is_denial(content: str) -> bool:
    """Tell whether what somebody says is that something is not so: "the charge is baseless", "we deny it"."""
    first = first_sentence(content)
    untrue = UNTRUE.search(first)
    return bool(
        WE_DENY.match(first) or (untrue and not INNER.search(first[: untrue.start()]) and "?" not in first)
    )


def _harms_itself(behind: str) -> bool:
    """Tell a warning of what would befall ("if it failed, it risks anarchy") from a threat."""
    return bool(IF.search(behind) and re.search(r"\brisk(?:s|ed|ing)?\b", behind))


def _content(sentence: str, attribution: Attribution | None) -> str:
    """What is said, without who says it; of a quotation of several sentences the first."""
    if attribution is None:
        content = sentence
    elif attribution.before:
        content = sentence[: attribution.start]
        if goes_on := GOES_ON.match(sentence, attribution.end):
            content = f"{content.rstrip(' ,')} {sentence[goes_on.end() :]}"  # "Tolls, she said, will rise"
    else:
        content = _without_circumstances(sentence[attribution.end :])
        quoted = [span for span in quotations(content) if span[1] > span[0]]
        if quoted and not any(character.isalpha() for character in unquoted(content[: quoted[0][0]])):
            content = content[quoted[0][0] - 1 :]
    content = content.strip(" ,")
    for start, end in quotations(content)[:1]:
        if start <= 1 and len(content) - end <= 2:  # noqa: PLR2004 - it is nothing but a quotation
            content = content[start:end]
    return content.strip()


def _without_circumstances(content: str) -> str:
    """Cut what stands between a verb of saying and what is said: "on Monday that", "in a statement here that"."""
    match = CIRCUMSTANCES.match(content)
    if match is None or FINITE.search(match["between"]) or SOMEBODY.search(match["between"]):
        return content
    return content[match.end() :]


def _standing_of_content(content: str, *, headline: bool = False) -> Standing:
    said = content.rstrip(" \"“”'’,.")
    if said.endswith("?"):
        return Standing.ASKED
    first = first_sentence(content).replace('"', "").replace("“", "").replace("”", "")
    modal = MODAL.search(first)
    if modal and OPEN_THREAT.search(first):
        return Standing.THREATENED
    if IF_FIRST.match(first) and (modal or len(first.split(",")) > 1):
        return Standing.CONDITIONAL
    future = _speaks_of_what_is_to_come(first, headline=headline)
    condition = IF.search(first) if modal else None
    if condition and (modal := MODAL.search(first)) and not INNER.search(first[modal.end() : condition.start()]):
        before = first[: condition.start()]
        if (future or not FINITE.search(before)) or re.search(r"\bcould\s+have\b", before):
            return Standing.CONDITIONAL
    return Standing.PREDICTED if future else Standing.ASSERTED


def _speaks_of_what_is_to_come(text: str, *, headline: bool) -> bool:
    """Tell whether the first finite verb of the main clause is one of the future, or a second one joined to it."""
    text = re.sub(r"\A\s*(?:that|:)\s+", "", text)
    text = RELATIVE.sub(", ", text)
    # An adverbial in front may have verbs of its own: "With the upgrading, staff will be doubled".
    text = re.sub(
        r"\A(?:By|With|While|When|After|Before|As|Although|Though|In|On|At|Under|Since|Once|Until)\b[^,]*,\s+",
        "",
        text,
    )
    if _is_announced(text, headline=headline):
        return True
    marker = FUTURE.search(text)
    if marker is None:
        return False
    finite = FINITE.search(text)
    inner = INNER.search(text)
    first = finite is None or finite.start() >= marker.start()
    if first and (
        inner is None or inner.start() >= marker.start() or (inner.group() == "that" and inner.start() == 0)
    ):
        return True
    if OPINION.match(text):
        return True
    shared = SHARED_FUTURE.search(text)
    return shared is not None and not INNER.search(text[: shared.start()])


def _is_announced(text: str, *, headline: bool) -> bool:
    """Tell whether it is said as in headlines what will happen: a subject, an infinitive, no finite verb.

    What is surely no `headline` must tell a time as well: "threat to peace in the region" is no announcement.
    """
    match = ANNOUNCED.match(text)
    if match is None or NO_SUBJECT.search(match["subject"]) or match["verb"].endswith("ing"):
        return False
    clause = text.replace(" set to ", " to ").split(", ", maxsplit=1)[0]
    if FINITE.search(clause) or MODAL.search(clause):
        return False
    return headline or bool(WHEN_ANNOUNCED.search(clause, match.end()))


def _clauses(sentence: str, attribution: Attribution | None) -> list[tuple[str, _Part]]:
    """Cut a sentence into clauses; with each, what it is beside who says it."""
    cuts = [0, *(match.end() for match in CLAUSE.finditer(sentence)), len(sentence)]
    if attribution is not None:
        cuts += [attribution.start, attribution.end]
    return [(sentence[start:end], _part(start, end, attribution)) for start, end in pairwise(sorted(set(cuts)))]


def _part(start: int, end: int, attribution: Attribution | None) -> _Part:
    if attribution is None:
        return _Part.ASIDE
    if attribution.start <= start and end <= attribution.end:
        return _Part.SAYING
    said = end <= attribution.start if attribution.before else start >= attribution.end
    return _Part.SAID if said else _Part.ASIDE


def _standing_of_clause(clause: str, former: Standing, main: Standing) -> Standing:
    """Judge one clause, given the standing of the clause before and of the main statement."""
    bare = CONJUNCTION.sub("", clause)
    if IF_FIRST.match(bare):
        return Standing.CONDITIONAL
    if NO_EVIDENCE.search(clause):
        return Standing.DENIED
    own = _standing_of_content(bare)
    if own is not Standing.ASSERTED:
        return Standing.CONDITIONAL if main is Standing.CONDITIONAL and own is Standing.PREDICTED else own
    # What has no verb of its own goes with what it stands beside.
    return own if FINITE.search(bare) else former
