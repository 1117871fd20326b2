"""Who says something by a participle: "Souza is calling for peace", "Souza left, saying so"."""

import re

from search.english.table import any_word_of
from search.statements.clauses import NOBODY
from search.statements.first_subject import sentence_subject
from search.statements.lexicon import DAY, DOCUMENTS
from search.statements.naming import Kind, Naming, read_naming
from search.statements.subjects import bare, subject_of

_BEING = re.compile(
    r"\s+(?:(?:has|have|had)\s+been|is|are|was|were|['’](?:s|re))(?:\s+(?:also|not|now|still|already|just|\w+ly))*\s+\Z"
    r"|(?<=\w)['’](?:s|re)\s+\Z"
)
_WITH_SOMEBODY = re.compile(r"\bwith\s+(?P<who>(?:the\s+)?[^\s,;~\"“”]+(?:\s+[^\s,;~\"“”]+){0,3})\s+\Z")
_JOINS_PARTICIPLE = re.compile(
    r"(?:,|[\"”](?<=~.)|\s[–—-]{1,2}|\s(?:by|while|before|after|when|upon|despite))(?:\s+(?:and|while|also|then|again|[a-z]+ly))?\s+\Z"
)
"""Before a participle whose subject is the sentence's: "Souza left, saying so", "won them over by saying so"."""
_ISSUED = re.compile(
    rf"\s(?:{any_word_of('saying', 'issues a paper')})\s+(?:out\s+)?"
    r"(?:an?|the|its|his|her|their)\s+(?:[\w'’-]+\s+){0,4}?"
    rf"(?:{'|'.join(sorted(DOCUMENTS))})(?:\s+(?:(?:on\s+)?{DAY}|(?:late|early|this|last)\s+\w+))?\s+\Z"
)
"""The same: "Souza released a statement on Monday calling it late"."""


def subject_in_progress(blank: str, match: re.Match[str]) -> tuple[Naming, int] | None:
    """Read "Souza is calling for peace"."""
    being = _BEING.search(blank, 0, match.start())
    if being is None:
        return None
    lead = bare(blank[: being.start()])
    subject = subject_of(lead, match.group())
    return None if subject is None or NOBODY.match(lead, subject[1]) else subject


def subject_of_participle(blank: str, match: re.Match[str]) -> tuple[Naming, int] | None:
    """Read "Souza left the meeting, saying that it was late", and "Calling it late, Souza left"."""
    lead = blank[: match.start()]
    if accompanying := _WITH_SOMEBODY.search(lead):
        naming = read_naming(accompanying["who"])
        if naming is not None and naming.kind is not Kind.PRONOUN:
            return naming, accompanying.start("who")
    if _ISSUED.search(lead):
        subject = sentence_subject(lead)
        return None if subject is None else (subject, match.start())
    if joined := _JOINS_PARTICIPLE.search(lead):
        subject = sentence_subject(lead[: joined.start()].rstrip(" ,-–—") + ",")
        return None if subject is None else (subject, match.start())
    return None
