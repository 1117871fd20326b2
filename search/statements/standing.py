"""How a sentence is put forward: as fact, prediction, threat, denial, condition or question.

The verb of saying is asked first (denied, threatened to, asked whether), then what is said: a question mark, a
condition on a modal verb, and whether the first finite verb of the main clause speaks of what is to come.
"""

import re
from collections.abc import Collection

from search.statements.attribution import Attribution, find_attribution
from search.statements.quotations import first_sentence, quotations, unquoted
from search.statements.statement import Standing
from search.words import terms

_DENYING = re.compile(r"(?:denied|denies|deny|refuted|refutes|refute)\Z")
_REFUSING = re.compile(r"(?:rejected|rejects|reject|dismissed|dismisses|dismiss)\Z")
_ALLEGATION = re.compile(
    r"\s+(?:them|it|this|these|that)?\s*as\b|(?:\s+[\w'’-]+){0,4}?\s+(?:(?:alleg|accus|claim|report|charge|suggest|rumou?r"
    r"|speculat|insinuat|critici)\w*|notion|idea\s+that|assertions?)\b"
)
_DENIED_GOODS = re.compile(r"\s+(?:\w+\s+){0,2}(?:entry|access|visas?|bail|permission|asylum|to\s+\w+)\b")
_NO_EVIDENCE = re.compile(r"\b(?:no|any)\s+(?:\w+\s+)?(?:evidence|proof)\s+(?:that|of|to)\b|\bcold\s+water\s+on\b")
_FOUND_EVIDENCE = re.compile(
    r"\b(?:found|is|was|seen?|had|have|has)\s+(?:\w+\s+)?no\s+(?:\w+\s+)?(?:evidence|proof)\s+(?:that|of)\b|\bcold\s+water\s+on\b"
)
_THREATENING = re.compile(r"threat(?:ened|ens|en|ening)\Z")
_VOWING = re.compile(r"(?:vow(?:ed|s)?|pledge[ds]?|promise[ds]?)\Z")
_WARNING = re.compile(r"(?:warn(?:ed|s)?|cautioned)\Z")
_HOSTILE = re.compile(
    r"\b(?:retaliat\w*|reveng\w*|aveng\w*|reprisals?|consequences|punish\w*|(?:hit|strike|fight|fire)\s+back|attacks?|strikes?"
    r"|wars?|jihad|crush\w*|destroy\w*|kill\w*|bomb\w*|fight\b|dig\s+in|expel\w*|sanctions|boycott\w*|pay\s+(?:a|the|dearly)\b"
    r"|be\s+forced\s+to|necessary\s+measures|(?:voted|thrown|kicked)\s+out|(?:cut|switch|turn)(?:ed)?\s+off|shut\s+down|deteriorat\w*"
    r"|(?:affect|damage|harm|jeopardi[sz]e|undermine)\s+(?:\w+\s+){0,3}(?:relations|ties)|resist\b|block\b|veto\w*|withdraw\b|walk\s+out"
    r"|go\s+to\s+the\s+streets|respond\s+with\s+force|not\s+to\b|tough\s+(?:action|response)|scrap\w*|suspend\w*|quit\b)"
)
_OPEN_THREAT = re.compile(
    r"\b(?:will|would|shall|'ll|going\s+to)\s+(?:\w+\s+)?(?:retaliate|avenge|hit\s+back|strike\s+back|punish|crush|pay\s+(?:a|the)\b.{0,20}\bprice"
    r"|pay\s+dearly|take\s+revenge|deteriorate\s+\w*\s*relations|be\s+(?:heavy\s+|grave\s+|serious\s+|dire\s+|severe\s+)?consequences"
    r"|face\s+(?:\w+\s+)?consequences|respond\s+with\s+force|turn\s+\w+\s+into\s+a\s+graveyard)"
)
_CIRCUMSTANCES = re.compile(r"(?P<between>[^;:\"“”]{0,90}?)\bthat\s+")
_SOMEBODY = re.compile(r"\b(?:I|we|he|she|it|they|there|will|would|could|may|might)\b")
_WARNED_OF = re.compile(r"(?:\s+[\w'’-]+){0,5}?\s+(?:warnings?|threats?|ultimatum)\b")
_ASKING = re.compile(r"(?:ask(?:ed|s)?|wondered|questioned)\Z")
_WHAT_ASKED = re.compile(r"(?:\s+[\w.'’-]+){0,5}?\s+(?:whether|if|why|what|how|when|where|who|which)\b")
_IF = re.compile(
    r"(?<!as )(?<!even )(?<!see )(?<!know )(?<!sure )(?<!asked )(?<!wonder )(?<!clear )(?<!ask )(?<!or )(?<!what )\b(?:[Ii]f|[Uu]nless|[Pp]rovided\s+(?:that|the|it|they|he|she)|[Ii]n\s+case|[Oo]n\s+condition\s+that|[Aa]s\s+long\s+as)\b(?!\s+(?:not|any|necessary|possible|so|only|anything|ever)\b)"
)
_IF_FIRST = re.compile(
    r"[\s\"“~'‘]*(?:(?:But|And|Even|So|Moreover|However|that)\s*,?\s+)?(?:[Ii]f|[Uu]nless|Should\s+(?:the|[A-Z]|he|she|it|they)|Provided)\b(?!\s+(?:not|any|necessary|possible|so)\b)"
)
_MODAL = re.compile(
    r"\b(?:will|would|could|might|may|must|shall|should|can|cannot|won't|wouldn't|can't|risks?)\b|['’]ll\b"
)
_FUTURE = re.compile(
    r"\b(?:will|shall|would|might|may(?!\s+\d)|could|wo(?=n['’]t))\b(?!\s+(?:not\s+)?have\s+\w+(?:ed|en)\b)|['’]ll\b"
    r"|\b(?:is|are|was|were|be|being|'s|'re|['’]m|am)\s+(?:\w+\s+)?(?:(?:not|still|also|widely|currently|now|largely|almost)\s+)*(?:going\s+to|due\s+to|due\s+(?:back|in|on|out)\b"
    r"|set\s+to|expected|scheduled|likely|unlikely|forecast|predicted|bound\s+to|poised\s+to|slated|about\s+to|planning|planned|aimed\s+to|"
    r"projected|tipped|intend\w*|designed\s+to\s+be|hoping|ready\s+to|preparing\s+to|considering)\b"
    r"|\b(?:expect|expects|expected|plans?|planned|intends?|intended|hopes?|hoped|aims?|aimed|seeks|looks\s+set|appears?\s+set|seems?\s+likely|look\s+likely)\s+(?:\w+\s+)?to\b"
    r"|\b(?:[Ee]xpects?|[Pp]redict(?:s|ed)?|[Ff]orecasts?|[Pp]rojects|[Aa]nticipates?)\s+(?:that|the|a|an|individual|\w+\s+growth)?\b"
    r"|\bexpects?\s+(?:[\w'’,-]+\s+){1,6}?to\b|\b(?:do|does|did)\s+not\s+expect\b|\b(?:likely|unlikely)\s+to\b|\bto\s+be\s+\w+ed\b\s*(?:on|in|next|by)\b|\bagreed\s+to\s+\w+.*\bby\s+\d{4}\b"
)
_PLANNED_NOUN = re.compile(
    r"\A(?:\s+\w+){0,4}?(?:\s+[\w'’]+)?\s+(?:plans?|intentions?|forecasts?|projections?|hopes?)\s+(?:to|for|of|that|on)\b"
)
_FORESAYING = re.compile(
    r"(?:predict(?:ed|s)?|forecasts?|expects?|pledge[ds]?|vow(?:ed|s)?|promise[ds]?|hopes|plans)\Z"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|am|has|have|had|do|does|did|said|says|went|came|took|made|gave|got|began|rose|fell|hit|led|left|held|won|lost|met"
    r"|kept|told|brought|saw|felt|thought|knew|heard|grew|became|ran|put|set|sent|spent|broke|can|cannot|must|should|reflects|shows|means|remains|needs|wants"
    r"|prove|proves|makes|gives|includes?|faces|remain)\b|['’](?:s|re|ve|m)\s+(?=a\b|an\b|the\b|not\b|\w+ing\b|been\b|\w+ed\b)|\b(?!need)(?:[a-z]{2,}ed)\b(?!\s+(?:by|to\s+be)\b)"
)
_RELATIVE = re.compile(r",\s+(?:which|who|whose|whom|where|when|while|as|adding|saying)\b[^,]*(?:,|\Z)")
_INNER = re.compile(
    r"\b(?:which|who|whom|whose|where|that|whether|while|because|after|before|since|although|though|until|when|what|how|why)\b"
)
_SHARED_FUTURE = re.compile(
    r"\b(?:and|but|or)\s+(?:then\s+|also\s+)?(?:will|would|won't|may|might|is\s+(?:likely|expected|due|set)\s+to)\b"
)
_TO_COME = re.compile(r"\b(?:would|could|will)\b")
_CLAUSE = re.compile(
    r"[,;:]\s+|\s+--\s+|[\"“”]|\s+(?=(?:and|but|or|because|although|though|while|which|who|that|if|unless|whether|when|after"
    r"|before|since|until|as)\s)"
)


def standing_of(sentence: str, focus: Collection[str] = ()) -> Standing:
    """Tell how a sentence, or the part of it that matters, is put forward.

    Args:
        sentence: One sentence of an English article.
        focus: Analysed terms of a question (`search.words.terms`). The clause that has most of them is judged; of
            several that have as many, one that is not plainly asserted, so that no prediction passes for a fact.
            Without them, or if no clause has any, the main statement is judged: of "X said that Y", Y.
    """
    blank = unquoted(sentence)
    attribution = find_attribution(blank)
    main = main_standing(sentence, blank, attribution)
    wanted = set(focus)
    if not wanted:
        return main
    clauses = _clauses(sentence, attribution)
    shares = [len(wanted.intersection(terms(clause))) for clause, _ in clauses]
    most = max(shares, default=0)
    if not most:
        return main
    judged = [
        _standing_of_clause(clause, main, reported=reported)
        for (clause, reported), share in zip(clauses, shares, strict=True)
        if share == most
    ]
    return next((standing for standing in judged if standing is not Standing.ASSERTED), judged[0])


def main_standing(sentence: str, blank: str, attribution: Attribution | None) -> Standing:
    """Judge the main statement of a sentence.

    Args:
        sentence: The sentence.
        blank: The same with its quotations blanked.
        attribution: Who says it, as found in it.
    """
    if attribution is not None:
        for verb, end in reversed(attribution.verbs or ((attribution.verb, attribution.verb_end),)):
            if standing := _by_verb(verb, sentence[end:], blank[end:]):
                return standing
    if _FOUND_EVIDENCE.search(blank):
        return Standing.DENIED
    return _standing_of_content(_content(sentence, blank, attribution))


def _by_verb(verb: str, behind: str, blank: str) -> Standing | None:
    """What a verb of saying alone decides."""
    if _DENYING.match(verb) and not _DENIED_GOODS.match(blank):
        return Standing.DENIED
    if _REFUSING.match(verb) and _ALLEGATION.match(blank):
        return Standing.DENIED
    if verb in {"gave", "issued", "renewed", "repeated"} and _WARNED_OF.match(blank):
        return Standing.THREATENED if _HOSTILE.search(behind) else None
    if verb == "poured":
        return Standing.DENIED
    if _THREATENING.match(verb):
        return Standing.THREATENED
    if (_VOWING.match(verb) or _WARNING.match(verb)) and _HOSTILE.search(behind):
        return Standing.CONDITIONAL if _WARNING.match(verb) and _harms_itself(behind) else Standing.THREATENED
    if _ASKING.match(verb) and _WHAT_ASKED.match(blank):
        return Standing.ASKED
    if _FORESAYING.match(verb) or (verb == "raised" and "forecast" in blank):
        return Standing.PREDICTED
    if verb in {"confirmed", "announced", "announces", "confirms", "reiterated"} and _PLANNED_NOUN.match(blank):
        return Standing.PREDICTED
    return None


def _harms_itself(behind: str) -> bool:
    """Tell a warning of what would befall ("if it failed, it risks anarchy") from a threat."""
    return bool(_IF.search(behind) and re.search(r"\brisk(?:s|ed|ing)?\b", behind))


def _content(sentence: str, blank: str, attribution: Attribution | None) -> str:
    """What is said, without who says it; of a quotation of several sentences the first."""
    if attribution is None:
        content = sentence
    elif attribution.before:
        content = sentence[: attribution.start]
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
    match = _CIRCUMSTANCES.match(content)
    if match is None or _FINITE.search(match["between"]) or _SOMEBODY.search(match["between"]):
        return content
    return content[match.end() :]


def _standing_of_content(content: str) -> Standing:
    said = content.rstrip(" \"“”'’,.")
    if said.endswith("?"):
        return Standing.ASKED
    first = first_sentence(content).replace('"', "").replace("“", "").replace("”", "")
    if _OPEN_THREAT.search(first):
        return Standing.THREATENED
    if _IF_FIRST.match(first) and (_MODAL.search(first) or len(first.split(",")) > 1):
        return Standing.CONDITIONAL
    future = _speaks_of_what_is_to_come(first)
    condition = _IF.search(first)
    if condition and (modal := _MODAL.search(first)) and not _INNER.search(first[modal.end() : condition.start()]):
        before = first[: condition.start()]
        if (future or not _FINITE.search(before)) or re.search(r"\bcould\s+have\b", before):
            return Standing.CONDITIONAL
    return Standing.PREDICTED if future else Standing.ASSERTED


def _speaks_of_what_is_to_come(text: str) -> bool:
    """Tell whether the first finite verb of the main clause is one of the future, or a second one joined to it."""
    text = re.sub(r"\A\s*(?:that|:)\s+", "", text)
    text = _RELATIVE.sub(", ", text)
    # An adverbial in front may have verbs of its own: "With the upgrading, staff will be doubled".
    text = re.sub(
        r"\A(?:By|With|While|When|After|Before|As|Although|Though|In|On|At|Under|Since|Once|Until)\b[^,]*,\s+",
        "",
        text,
    )
    marker = _FUTURE.search(text)
    if marker is None:
        return False
    finite = _FINITE.search(text)
    inner = _INNER.search(text)
    first = finite is None or finite.start() >= marker.start()
    if first and (
        inner is None or inner.start() >= marker.start() or inner.group() == "that" and inner.start() == 0
    ):
        return True
    if re.match(
        r"\A[\s\"]*(?:I|We|we|He|he|she|They|they)?\s*(?:Yes,?\s+)?(?:I\s+|we\s+)?(?:think|believe|thinks|believes|thought)\b",
        text,
    ):
        return True
    shared = _SHARED_FUTURE.search(text)
    return shared is not None and not _INNER.search(text[: shared.start()])


def _clauses(sentence: str, attribution: Attribution | None) -> list[tuple[str, bool]]:
    """Cut a sentence into clauses; with each, whether it is what somebody says."""
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    if attribution is not None:
        cuts += [attribution.start, attribution.end]
    places = sorted(set(cuts))
    clauses = []
    for start, end in zip(places, places[1:], strict=False):
        reported = attribution is not None and (
            end <= attribution.start if attribution.before else start >= attribution.end
        )
        clauses.append((sentence[start:end], reported))
    return clauses


def _standing_of_clause(clause: str, main: Standing, *, reported: bool) -> Standing:
    """Judge one clause of a sentence with the main statement's standing in mind."""
    if reported and main in {Standing.DENIED, Standing.THREATENED, Standing.ASKED, Standing.CONDITIONAL}:
        return main
    bare = re.sub(r"\A[\s\"“”,]*(?:and|but|or|which|who|that|because|although|though|while|as)\s+", "", clause)
    if _IF_FIRST.match(bare):
        return Standing.CONDITIONAL
    if _NO_EVIDENCE.search(clause):
        return Standing.DENIED
    own = _standing_of_content(bare)
    return main if own is Standing.ASSERTED and main is Standing.CONDITIONAL and _TO_COME.search(clause) else own
