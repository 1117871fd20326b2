"""The subject that begins a sentence, for a verb or a participle far behind it: "Souza left early, saying so"."""

import re
from dataclasses import replace

from search.english.calendar import in_print
from search.english.datelines import length_of_sure_dateline
from search.english.table import any_word_of
from search.statements.appositions import as_role, may_be_apposition, named_behind
from search.statements.clauses import has_clause
from search.statements.lexicon import LEAD
from search.statements.markers import FINITE
from search.statements.naming import NAMED, Kind, Naming, read_naming

_ELIDED = re.compile(r"\b(?:but|and)\Z")
_OF_ANOTHER = re.compile(
    r"(?<=[a-z]) (?:when|after|because|before|until)\s+(?!he\b|she\b|it\b|they\b|[a-z]+ing\b)[^,]*\Z"
)
"""Before a second verb, a clause that it may belong to: "The row began when Souza left and"."""
_ADVERBIAL = re.compile(
    r"\s*(?:(?:[\w-]+\s+){1,3}(?:later|earlier|before|after|ago)|(?:In|On|At|After|Before|During|Since|By|With|Despite"
    r"|Following|Speaking|Writing|Meanwhile|However|Instead|Asked|Still|Then|Earlier|Later|For|Amid|Over|Under)\b[^,]*)\Z"
)
"""What may stand before the first comma of a sentence, and is no subject."""
_RELATIVE = re.compile(r"\s*(?P<who>[^,~\"“”]{2,60}),\s+(?:who|whose|which)\b[^,~]*(?:,[^,~]*){0,2},(?:\s|\Z)")
"""A subject, and a clause about it: "Ana Souza, who was late, "."""
_SUBORDINATE = re.compile(
    rf"\s*(?:{any_word_of('function_words', 'subordinating')})\b[^,~\"“”]*,\s+", re.IGNORECASE
)
"""A clause before the main one: "While Souza waited, "."""
_NEXT_CLAUSE = re.compile(r",\s+(?:but|so|and)\s+(?=[A-ZÀ-ÖØ-Þ]|the\s)")
"""Before a main clause behind another."""
_PARTED = re.compile(
    r"\s*(?P<who>[^,~\"“”]{2,60}),\s+(?P<aside>(?!(?:and|or|but)\b)[^,~\"“”]{2,120}),\s+"
    r"(?!(?:and|or|but|who|which|whose|in|on|at|as|with)\b)(?:[a-z]+ly\s+|also\s+|all\s+|had\s+|has\s+)?[a-z]{3,}\b"
)
"""A subject, and an aside behind it: "Ana Souza, clearly tired, left"."""
_NAME_DOES = re.compile(rf"\s*(?P<who>{NAMED})\s+[a-z]{{2,}}s\s")
_NEGATED = re.compile(rf"\b(?:{any_word_of('function_words', 'be', 'do', 'have')})n['’]t\b")
_FARTHEST = 10_000
_COMMA = re.compile(r"\s*,\s*")
_WHEN = re.compile(r"\s+(?:on|in|at|last|late|early|earlier|this|through)\s.*\Z")
_ON_A_DAY = re.compile(
    rf"\s+(?:(?:(?:late|early)\s+)?(?:on\s+)?(?:late\s+|early\s+)?(?:{in_print('weekday')})|yesterday|today)\Z"
)
"""Behind a subject, before its verb: "The club on Monday sent a letter"."""


def elided_subject(lead: str) -> tuple[Naming, int] | None:
    """Read the subject that begins a sentence, for a second verb: "Strachan looked angry but denied it"."""
    if not _ELIDED.search(lead) or _OF_ANOTHER.search(lead):
        return None
    return first_subject(lead)


def sentence_subject(sentence: str) -> Naming | None:
    """Read the subject that begins the last main clause of a sentence, up to its first finite verb."""
    clauses = (_NEXT_CLAUSE.split(sentence)[-1], sentence) if _NEXT_CLAUSE.search(sentence) else (sentence,)
    subject = next((found for clause in clauses if (found := first_subject(clause))), None)
    return subject[0] if subject else None


def first_subject(lead: str) -> tuple[Naming, int] | None:
    """Read the subject that begins a text, and where it begins."""
    start = length_of_sure_dateline(lead)
    if before := _SUBORDINATE.match(lead, start):
        start = before.end()
    if opening := LEAD.match(lead, start):
        start = opening.end()
    if comma := _COMMA.match(lead, start):
        start = comma.end()
    if relative := _RELATIVE.match(lead, start):
        naming = read_naming(relative["who"], surely=True)
        return (naming, start) if naming is not None and not has_clause(relative["who"]) else None
    if parted := _parted(lead, start):
        return parted
    verb = _NEGATED.search(lead, start, _end_of(FINITE.search(lead, start))) or FINITE.search(lead, start)
    if verb is None:
        does = _NAME_DOES.match(lead, start)
        naming = read_naming(does["who"]) if does else None
        return (naming, start) if naming is not None else None
    return _subject_before(lead, start, verb.start())


def _end_of(match: re.Match[str] | None) -> int:
    return match.end() if match else _FARTHEST


def _parted(lead: str, start: int) -> tuple[Naming, int] | None:
    """Read a subject that an aside parts from its verb."""
    parted = _PARTED.match(lead, start)
    if parted is None or has_clause(parted["who"]) or FINITE.search(parted["who"]):
        return None
    naming = read_naming(parted["who"], surely=True)
    if naming is None or naming.kind is Kind.PRONOUN:
        return None
    if naming.kind is Kind.DESCRIPTION:
        naming = named_behind(naming, parted["aside"]) or naming
    elif naming.role is None and may_be_apposition(naming, parted["aside"]):
        naming = replace(naming, role=as_role(parted["aside"]))
    return naming, parted.start("who")


def _subject_before(lead: str, start: int, end: int) -> tuple[Naming, int] | None:
    """Read the subject of the first finite verb, which begins at `end`."""
    if re.search(r'[~"“]', lead[start:end]):
        return None
    pieces = lead[start:end].split(",")
    if len(pieces) > 1 and _ADVERBIAL.fullmatch(pieces[0]):
        start += sum(len(piece) + 1 for piece in pieces[:-1])
        pieces = pieces[-1:]
    apposed = len(pieces) == 3 and not pieces[2].strip()  # noqa: PLR2004 - "Ana Souza, the mayor, left"
    if len(pieces) > 1 and not (apposed and as_role(pieces[1])):
        return None
    phrase = re.sub(r"\s+(?:himself|herself|itself|themselves|also|[a-z]+ly)\Z", "", pieces[0].rstrip())
    phrase = _ON_A_DAY.sub("", phrase)
    naming = read_naming(phrase, surely=True) or read_naming(_WHEN.sub("", phrase), surely=True)
    if apposed and naming is not None and naming.kind is Kind.DESCRIPTION:
        named = named_behind(naming, pieces[1])
        naming = named if named is not None else read_naming(pieces[1])
    if naming is None or has_clause(_WHEN.sub("", phrase)) or (apposed and naming.kind is not Kind.NAME):
        return None
    if apposed and naming.role is None:
        naming = replace(naming, role=as_role(pieces[1]))
    return naming, start + len(phrase) - len(phrase.lstrip())
