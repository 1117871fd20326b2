"""The shape of a question: what it wants besides a place in the archive, and several questions asked in one."""

import re
from enum import StrEnum

from search.english.table import any_word_of
from search.english.terms import content_terms

MOST_PARTS = 4
"""Questions of one that are answered each by itself; what more there are stay with the last."""


class QuestionShape(StrEnum):
    """What a question wants.

    Attributes:
        ONE: One thing: who, when, how many.
        LIST: All things of a kind: "which countries".
        YES_OR_NO: The sentence that decides.
        FATE: What happened to somebody or something: the sentence that tells.
        KEYWORDS: No question, but words on a subject: the sentences on it.
    """

    ONE = "one"
    LIST = "list"
    YES_OR_NO = "yes_or_no"
    FATE = "fate"
    KEYWORDS = "keywords"

    @property
    def is_answered_whole(self) -> bool:
        """Whether a whole sentence answers, and no words of it alone."""
        return self in {QuestionShape.YES_OR_NO, QuestionShape.FATE}


_OF_SEVERAL = any_word_of("function_words", "of several")
_AUXILIARIES = any_word_of("function_words", "be", "do", "have", "modal")
_AUXILIARY = rf"(?:(?:{_AUXILIARIES})(?:n['’]t)?|won['’]t|can['’]t)"
_WH = f"(?:{any_word_of('function_words', 'asking')})"
_OWNER = any_word_of("function_words", "owner")
_NO_NOUN = any_word_of("function_words", "subject", "demonstrative", "there", "article", "owner")
_LEAD_IN = r"\W*(?:(?:and|but|so|then|well|also)\W+)?"
FRAME = re.compile(
    r"\W*(?:please\s+)?(?:(?:can|could|would|will)\s+(?:you|anyone|anybody)\s+)?(?:please\s+)?"
    r"(?:tell\s+(?:me|us)|do(?:es)?\s+(?:you|we|anyone|anybody)\s+know|is\s+it\s+(?:already\s+)?known"
    rf"|(?:i|we)(?:['’]d\s+like|\s+want|\s+need)\s+to\s+know)\s*[,:]?\s+"
    rf"(?=(?:exactly\s+)?(?:(?:until|till|by|since|from|on|in|at)\s+)?{_WH}\b)",
    re.IGNORECASE,
)
"""What stands before the question that is really asked."""
_FATE = re.compile(
    _LEAD_IN + r"what(?:ever)?\s+(?:(?:has|had|have|eventually|finally)\s+)*(?:happened|become|became|befell)\b"
    r"|" + _LEAD_IN + r"what['’]s\s+(?:happened\s+to|become\s+of)\b",
    re.IGNORECASE,
)
_NO_ONE = re.compile(r"\bhappened\s+(?:on|in|at|when|before|after|during)\b", re.IGNORECASE)
_IMPERATIVE = re.compile(_LEAD_IN + r"(?:do|have)\s+(?:tell|give|a\s+look)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    _LEAD_IN + rf"(?:(?P<asks>{_AUXILIARY})\s+(?!{_WH}\b)\S|is\s+it\s+true\s+that\b)", re.IGNORECASE
)
_CHOICE = re.compile(r"\bor\b(?!\s+not\b)", re.IGNORECASE)
_SUBJECT = re.compile(
    rf"(?:{_NO_NOUN}|any|all|some)\b|[A-ZÀ-ÖØ-Þ]",
)
_SINGULAR = any_word_of("irregular", "singular")
_PLURAL = rf"(?:{any_word_of('irregular', 'plural')}|(?!(?:{_SINGULAR})\b)[a-z-]{{2,}}(?<![sui])s)"
_PAST = rf"(?:[a-z]+ed|{any_word_of('irregular', 'past')})"
_DESCRIBED = rf"(?:(?!(?:{_AUXILIARIES}|of)\b)[\w-]+\s+){{0,2}}?"
_LIST = re.compile(
    rf"{_LEAD_IN}(?:(?:in|on|at|to|from|with|for|by)\s+)?(?:which|what)\s+{_DESCRIBED}{_PLURAL}"
    rf"(?:\s+(?:of|in|from)\s+(?:the\s+)?[\w-]+)?\s+(?:(?:{_OF_SEVERAL})\b|(?:also\s+)?{_PAST}\b)"
    rf"|{_LEAD_IN}who\s+(?:are|were)\s+(?:all\s+)?(?:the|{_OWNER})\s+{_DESCRIBED}{_PLURAL}\b"
    r"|"
    rf"{_LEAD_IN}(?:please\s+)?(?:list|name|give\s+(?:me|us))\s+(?:all\s+)?(?:of\s+)?(?:the\s+)?"
    rf"{_DESCRIBED}{_PLURAL}\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(rf"{_LEAD_IN}(?:please\s+)?(?:list|name|give|identify|describe|explain)\b", re.IGNORECASE)
_TIMES_AND_FIGURES = re.compile(
    r"\W*(?:[\w-]+\s+)?(?:which|what)\s+(?:days|dates|years|months|weeks|hours|times|figures|numbers)\b",
    re.IGNORECASE,
)
_ASKS_ANYTHING = re.compile(rf"\b{_WH}\b", re.IGNORECASE)


def shape_of(question: str) -> QuestionShape:
    """Tell the shape of a question."""
    text = FRAME.sub("", question, count=1)
    if _FATE.match(text) and not _NO_ONE.search(text):
        return QuestionShape.FATE
    if _LIST.match(text) and not _TIMES_AND_FIGURES.match(text):
        return QuestionShape.LIST
    asks = _YES_OR_NO.match(text)
    asked = asks is not None and _is_asked(text, asks)
    if asked and not _IMPERATIVE.match(text) and not _CHOICE.search(text):
        return QuestionShape.YES_OR_NO
    if not asked and not _ASKS_ANYTHING.search(text) and not _ASKED_FOR.match(text):
        return QuestionShape.KEYWORDS
    return QuestionShape.ONE


def _is_asked(text: str, asks: re.Match[str]) -> bool:
    """Tell "Will Smith slap" and "may day parade" from "will it open" where there is no question mark."""
    if text.rstrip(" \"'”’").endswith("?") or asks["asks"] is None:
        return True
    subject = text[asks.end("asks") :].lstrip()
    return _SUBJECT.match(subject) is not None and not (asks["asks"][0].isupper() and subject[0].isupper())


# Several questions in one

_ADVERBIAL = r"(?:when|where|why|how)"
_NO_SUBJECT = rf"(?!(?:{_NO_NOUN})\b)"
_MAIN = (
    rf"(?:{_ADVERBIAL}|how\s+(?:long|often|soon|far|old|big|high|much|many(?:\s+[\w-]+)?)|(?:which|what)\s+[\w-]+|who(?:m|se)?|what)"
    rf"\s+{_AUXILIARY}\b"
    rf"|(?:who|what|which\s+[\w-]+|how\s+many(?:\s+(?:of\s+them|[\w-]+))?)\s+{_NO_SUBJECT}{_PAST}\b"
)
_JOINED = re.compile(
    rf"(?:\s*[,;]\s*|\s+)(?:and|but|plus|as\s+well\s+as|also)\s+(?:also\s+)?(?=(?:(?:in|on|at|by|to|for|from|with|since|until)\s+)?(?:{_MAIN}))"
    rf"|\s*[,;]\s*(?={_MAIN})",
    re.IGNORECASE,
)
_ENDED = re.compile(r"(?<=\?)[\"”’')]*\s+(?=\S)")
_SHARED = re.compile(
    rf"(?P<lead>{_LEAD_IN})(?P<first>{_ADVERBIAL})\s+(?:and|or)\s+(?P<second>{_ADVERBIAL})\s+(?P<rest>{_AUXILIARY}\s.+)",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_WH = r"(?:(?:in|on|at|by|to|for|from|with|since|until)\s+)?"
_OPENS_A_QUESTION = re.compile(rf"{_LEAD_IN}(?:{_AUXILIARY}|{_BEFORE_WH}{_WH})\b", re.IGNORECASE)
_OPENS_MAIN = re.compile(
    rf"{_LEAD_IN}(?:{_AUXILIARY}\b|{_BEFORE_WH}(?:{_MAIN}|(?:who|what)\s+{_NO_SUBJECT}[a-z]+s\b|{_WH}\s+the\s))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:who|which|that)\b", re.IGNORECASE)
_BACK = ("thing", "person", "several", "place", "owner thing", "owner person", "owner several")
_POINTS_BACK = re.compile(rf"\b(?:{any_word_of('follow_ups', *_BACK)}|then)\b", re.IGNORECASE)
_ASKING_WORDS = re.compile(
    rf"{_LEAD_IN}(?:(?:in|on|at|by|to|for|from|with)\s+)?{_WH}(?:\s+(?:long|often|soon|far|old|big|high|much|many))?"
    rf"(?:\s+{_AUXILIARY}\b)?\s*",
    re.IGNORECASE,
)
_FEW_TERMS = 2


def parts_of(question: str) -> tuple[str, ...]:
    """Part several questions that are asked in one; one question is given as it is.

    "When did the ferry sink and how many died?" is two; "What did she say about how it sank and why?" is one. A
    part that does not say what it is about ("how many died?", "what did it carry?") is given with what the first
    one is about in brackets behind it.

    Args:
        question: As it was asked.

    Returns:
        At most `MOST_PARTS` questions, in order.
    """
    text = FRAME.sub("", " ".join(question.split()), count=1)
    parts = []
    for sentence in _ENDED.split(text):
        if not _OPENS_A_QUESTION.match(sentence):
            return (question,)
        if shared := _SHARED.fullmatch(sentence):
            parts += [f"{shared[which]} {shared['rest']}" for which in ("first", "second")]
        else:
            parts += _parted(sentence)
    if len(parts) == 1:
        return (question,)
    if len(parts) > MOST_PARTS:
        parts = [*parts[: MOST_PARTS - 1], ", ".join(parts[MOST_PARTS - 1 :])]
    subject = _ASKING_WORDS.sub("", parts[0], count=1).rstrip(" ?.!,;")
    return (_whole(parts[0]), *(_whole(_about(part, subject)) for part in parts[1:]))


def _parted(sentence: str) -> list[str]:
    """Part a sentence before each main question; what "and who" adds to a relative clause is none."""
    begins, ends = [0], list[int]()
    for found in _JOINED.finditer(sentence):
        before = sentence[begins[-1] : found.start()]
        relative = _RELATIVE.search(before, 1) and _RELATIVE.match(sentence, found.end())
        if not relative and (len(begins) > 1 or _OPENS_MAIN.match(before)):
            ends.append(found.start())
            begins.append(found.end())
    return [sentence[begin:end] for begin, end in zip(begins, [*ends, len(sentence)], strict=True)]


def _about(part: str, subject: str) -> str:
    bare = part.rstrip(" ?.!,;")
    few = len(content_terms(_ASKING_WORDS.sub("", bare, count=1))) < _FEW_TERMS
    names = any(word[:1].isupper() for word in bare.split()[1:])
    if subject and (_POINTS_BACK.search(bare) or few) and not names:
        return f"{bare} ({subject})"
    return bare


def _whole(part: str) -> str:
    bare = part.strip().rstrip(" ?.!,;")
    return f"{bare[:1].upper()}{bare[1:]}?"
