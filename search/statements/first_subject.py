"""The subject that begins a sentence, for a verb or a participle far behind it: "Souza left early, saying so"."""

import re
from dataclasses import replace

from search.english.calendar import in_print
from search.english.datelines import length_of_sure_dateline
from search.statements.appositions import as_role, named_behind
from search.statements.clauses import has_clause
from search.statements.lexicon import LEAD
from search.statements.markers import FINITE
from search.statements.naming import NAMED, Kind, Naming, read_naming

_ELIDED = re.compile(r"\b(?:but|and)\Z")
_ADVERBIAL = re.compile(
    r"\s*(?:(?:[\w-]+\s+){1,3}(?:later|earlier|before|after|ago)|(?:In|On|At|After|Before|During|Since|By|With|Despite"
    r"|Following|Speaking|Writing|Meanwhile|However|Instead|Asked|Still|Then|Earlier|Later|For|Amid|Over|Under)\b[^,]*)\Z"
)
"""What may stand before the first comma of a sentence, and is no subject."""
_RELATIVE = re.compile(r"\s*(?P<who>[^,~\"“”]{2,60}),\s+(?:who|whose|which)\b[^,~]*(?:,[^,~]*){0,2},\s")
"""A subject, and a clause about it: "Ana Souza, who was late, "."""
_NAME_DOES = re.compile(rf"\s*(?P<who>{NAMED})\s+[a-z]{{2,}}s\s")
_COMMA = re.compile(r"\s*,\s*")
_WHEN = re.compile(r"\s+(?:on|in|at|last|late|early|earlier|this|through)\s.*\Z")
_ON_A_DAY = re.compile(
    rf"\s+(?:(?:(?:late|early)\s+)?(?:on\s+)?(?:late\s+|early\s+)?(?:{in_print('weekday')})|yesterday|today)\Z"
)
"""Behind a subject, before its verb: "The club on Monday sent a letter"."""


def elided_subject(lead: str) -> tuple[Naming, int] | None:
    """Read the subject that begins a sentence, for a second verb: "Strachan looked angry but denied it"."""
    return _first_subject(lead) if _ELIDED.search(lead) else None


def sentence_subject(sentence: str) -> Naming | None:
    """Read the subject that begins a sentence, up to its first finite verb."""
    subject = _first_subject(sentence)
    return subject[0] if subject else None


def _first_subject(lead: str) -> tuple[Naming, int] | None:
    start = length_of_sure_dateline(lead)
    if opening := LEAD.match(lead, start):
        start = opening.end()
    if comma := _COMMA.match(lead, start):
        start = comma.end()
    if relative := _RELATIVE.match(lead, start):
        naming = read_naming(relative["who"], surely=True)
        return (naming, start) if naming is not None and not has_clause(relative["who"]) else None
    verb = FINITE.search(lead, start)
    if verb is None:
        does = _NAME_DOES.match(lead, start)
        naming = read_naming(does["who"]) if does else None
        return (naming, start) if naming is not None else None
    return _subject_before(lead, start, verb.start())


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
