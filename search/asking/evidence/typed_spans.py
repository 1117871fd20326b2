"""Spans of a sentence of the kind that answers: names, figures, times, reasons, words of speech.

Closed word lists and shapes, no model. What the question names itself does not answer it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from search.article import Span
from search.asking.question import AnswerType
from search.english.calendar import named
from search.english.numbers import PARTED_NUMBER, any_of, currency_words, number_words
from search.english.table import any_word_of, words_of
from search.english.terms import LONGEST_SENTENCE, STOP_WORDS, terms
from search.times import TimeMention, TimexType

_LARGE = "|".join(f"{word}s?" for word in number_words("multiple"))
_SMALL = "|".join((*islice(number_words("one"), 1, None), *number_words("ten")))
_UP_TO_THREE, _UP_TO_NINE, _UP_TO_TEN = ("|".join(islice(number_words("one"), 1, last + 1)) for last in (3, 9, 10))
_NUMBER_WORD = rf"(?:{_SMALL}|{_LARGE}|half|twice|once)"
_FIGURE = rf"(?:{PARTED_NUMBER}|\d+(?:[.,]\d+)*|\b{_NUMBER_WORD}\b)"
_AHEAD = rf"(?=\s(?:\d|{_NUMBER_WORD}\b))"
_FIGURES = rf"{_FIGURE}(?:[\s-]{{1,2}}(?:{_FIGURE}|(?:and|(?<=\bhalf\s)an?){_AHEAD}))*"
_CURRENCY = (
    r"(?:(?:US|U\.S\.|Australian|Canadian|Hong Kong|Singapore|New Zealand|Taiwan|Swiss|Danish|Norwegian"
    r"|Swedish)\s)?"
    rf"(?!won\b){any_of(currency_words())}\b"  # "12 won medals"
)
_SHORT = r"(?:(?<=\d)\s?(?:bn|mn|m|k)\b)"
_SYMBOL = r"(?:\b(?:US|HK|A|C|S|NZ))?[$€£¥]"
_AT_A_START = r"(?=[\d$€£¥]|\b\w)"
"""Where a figure may begin, which is soon seen: all that it may be made of is looked for at no other place."""
_MONEY = re.compile(
    rf"{_AT_A_START}(?:{_SYMBOL}\s?{_FIGURES}{_SHORT}?"
    rf"|{_FIGURES}{_SHORT}?(?:(?:-|\s){_CURRENCY}|\s(?:US)?{_SYMBOL}))",
    re.IGNORECASE,
)
_PART = r"(?:half|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)"
_PARTS = r"(?:hal(?:f|ves)|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)"
_AUXILIARIES = any_word_of("function_words", "be", "do", "have", "modal")
_BEHIND_A_PART = rf"\s+(?:{any_word_of('figures', 'behind a share')}|{_AUXILIARIES})\b|\s*(?:[,.;]|\Z)"
"""Behind "a third" that is a share and no place in an order: "a third of them", "a fifth did not"."""
_NO_HALF = "".join(rf"(?<!\b{word}[\s-])" for word in sorted(words_of("figures", "no half")))
_PERCENTAGE = re.compile(
    rf"{_AT_A_START}(?:{_FIGURES}(?:\s?%|[\s-](?:percent|per\scent|percentage points?)\b)"
    rf"|\b(?:(?:{_UP_TO_THREE})[\s-](?:half|thirds?|quarters?|fifths?)|(?:{_UP_TO_NINE})[\s-]{_PARTS}(?=\s+of\b)"
    rf"|an?[\s-]{_PART}(?={_BEHIND_A_PART})|{_NO_HALF}half(?=\s+(?:of|the|its|their|his|her|all)\b)"
    rf"|(?:{_UP_TO_NINE})\s(?:in|out\sof)\s(?:every\s)?(?:{_UP_TO_TEN})(?=\s+[a-z]))\b"
    r"(?!(?:\s+of\s+an?)?(?:\s+percentage)?[\s-]points?\b))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"{_AT_A_START}(?:\b(?:{_UP_TO_NINE}|an?)[\s-]{_PARTS}(?=\s+of\b)"  # two-thirds of the crew
    rf"|{_FIGURE}\s(?:in|out\sof)\s(?:every\s)?{_FIGURE}(?=\s+[a-z])"  # one in five residents
    r"|(?:\b(?:about|almost|around|at\sleast|more\sthan|nearly|over|some)\s)?\b(?:half\s)?a\sdozen\b"
    rf"|{_FIGURES}{_SHORT}?)",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\b(?:from|against|compared (?:with|to))\s+(?:(?:about|around|some|just|only)\s+)?\Z")
_GLUED_BEFORE = re.compile(r"[^\W\d_]-?\Z|[^\W_]-[^\W\d_]*\Z")
_GLUED_BEHIND = re.compile(r"(?P<nth>st|nd|rd|th)\b|[^\W_]+|[-\u2010-\u2013](?=\d)[\d.,]*\d")
_SIGN_BEFORE = re.compile(r"(?:\A|[\s(])[-\u2212]\Z")
_NAME_BEHIND = re.compile(r"[\s-](?:[A-Z][\w'’-]*)")
_REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|as a result of|on (?:the )?grounds? (?:that|of)|in order to|"
    r"so that|caused by|"
    r"prompted by|blamed?(?: \w+){0,3} (?:on|for)|for fear|in (?:protest|response|retaliation) (?:at|"
    r"against|to|for|over)|"
    r"accus(?:ed|ing)(?: \w+){0,4} of|charged with|suspected of|after|since|over|amid|following|"
    r"to (?:avoid|prevent|protect|"
    r"help|ensure|allow|reduce|protest|stop)|in a bid to|aimed at|which (?:led|caused)|reasons?|causes?|"
    r"motives?)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(rf"\b(?:{any_word_of('saying', 'speech in evidence')}|according to)\b", re.IGNORECASE)
QUOTATION_MARK = re.compile(r"[\"“”]")
_CAPITALISED = r"(?:[A-Z]\.(?=\s)|(?:Mr|Mrs|Ms|Dr|Jr|St)\.|[A-ZÀ-ÖØ-Þ][\w'’-]*)"
_LINK = f"(?:of|the|{any_word_of('name_parts', 'particle')})"
_NAME = re.compile(rf"\b{_CAPITALISED}(?:[\s-](?:{_LINK}\s(?={_CAPITALISED}))?{_CAPITALISED})*")
_QUOTED_NAME = re.compile(r"[\"“](?P<name>[A-ZÀ-ÖØ-Þ][^\"“”]{1,40})[\"”]")
_CALENDAR = frozenset(named("weekday") | named("month"))
_PLACED = re.compile(
    r"\b(?:in|at|near|from|to|outside|inside|across|around|off|towards?|throughout|into|via|of|on|"
    r"between)(?: the)?\s*$",
    re.IGNORECASE,
)
_STANDING_AT = re.compile(r"\b(?:in|at|near|outside|inside|across)(?: the)?\s*$", re.IGNORECASE)
_LOOK_BACK = 24
_REMEMBERED = 1 << 13
_SHAPES = {
    AnswerType.MONEY: _MONEY,
    AnswerType.PERCENTAGE: _PERCENTAGE,
    AnswerType.NUMBER: _NUMBER,
    AnswerType.REASON: _REASON,
    AnswerType.STATEMENT: _SPEECH,
}


def typed_spans(
    expected: AnswerType,
    sentence: str,
    question_terms: Collection[str],
    mentions: Sequence[TimeMention] = (),
    begin: int = 0,
) -> list[Span]:
    """List where a sentence has something of the expected kind that the question does not name itself.

    Args:
        expected: The kind; for `OTHER`, any name.
        sentence: The sentence.
        question_terms: The question's analysed terms.
        mentions: The time mentions that lie in the sentence.
        begin: Where the sentence begins in the text that the mentions' offsets count.

    Returns:
        Offsets into the sentence, in order.
    """
    known = set(question_terms)
    found = _spans(expected, sentence, mentions, begin)
    return [span for span in found if not known.issuperset(terms(span.of(sentence)))]


def typed_in(
    kind: AnswerType, body: str, sentence: Span, known: Sequence[str], mentions: Sequence[TimeMention]
) -> list[Span]:
    """List what `typed_spans` finds in a sentence of a body: offsets into the body, as those of `mentions` are."""
    found = typed_spans(kind, sentence.of(body), known, mentions, sentence.start)
    return [Span(span.start + sentence.start, span.end + sentence.start) for span in found]


def figures_in(body: str, sentence: Span, mentions: Sequence[TimeMention]) -> list[Span]:
    """Offsets in the body of a sentence's sums of money, shares and numbers."""
    kinds = (AnswerType.MONEY, AnswerType.PERCENTAGE, AnswerType.NUMBER)
    return [span for kind in kinds for span in typed_in(kind, body, sentence, (), mentions)]


def _spans(expected: AnswerType, sentence: str, mentions: Sequence[TimeMention], begin: int) -> Iterator[Span]:
    found: Iterable[Span]
    match expected:
        case AnswerType.TIME:
            found = (Span(mention.start - begin, mention.end - begin) for mention in mentions)
        case AnswerType.NUMBER:
            found = _numbers(sentence, mentions, begin)
        case AnswerType.PERSON:
            found = (name for name in _names(sentence) if not _STANDING_AT.search(_before(sentence, name)))
        case AnswerType.PLACE:
            found = (name for name in _names(sentence) if _PLACED.search(_before(sentence, name)))
        case AnswerType.OTHER:
            found = _names(sentence)
        case AnswerType.MONEY:
            found = _sums(sentence, mentions, begin)
        case _:
            found = _matches(expected, sentence)
    yield from found


def _matches(kind: AnswerType, text: str) -> tuple[Span, ...]:
    return _remembered_matches(kind, text) if len(text) <= LONGEST_SENTENCE else _matched(kind, text)


@lru_cache(_REMEMBERED)
def _remembered_matches(kind: AnswerType, text: str) -> tuple[Span, ...]:
    return _matched(kind, text)


def _matched(kind: AnswerType, text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in _SHAPES[kind].finditer(text))


def _sums(sentence: str, mentions: Sequence[TimeMention], begin: int) -> Iterator[Span]:
    """Sums of money, and the bare figure beside one that it is compared with: "14 crowns, up from 11"."""
    sums = [*_matches(AnswerType.MONEY, sentence)]
    compared = [
        number
        for number in (_numbers(sentence, mentions, begin) if sums else ())
        if _COMPARED.search(sentence[: number.start]) and not any(map(number.overlaps, sums))
    ]
    yield from sorted([*sums, *compared], key=lambda span: span.start)


def _numbers(sentence: str, mentions: Sequence[TimeMention], begin: int) -> Iterator[Span]:
    """Figures that are not part of a date or a clock time."""
    dates = [
        (mention.start - begin, mention.end - begin)
        for mention in mentions
        if mention.type in {TimexType.DATE, TimexType.TIME}
    ]
    for found in _matches(AnswerType.NUMBER, sentence):
        if not any(start <= found.start and found.end <= end for start, end in dates):
            whole = _whole_figure(sentence, found)
            if whole is not None:
                yield whole


def _whole_figure(sentence: str, span: Span) -> Span | None:
    """A figure with its sign, its range and the unit written to it; None where it is part of a word or name.

    "7.09secs", "15-20" and "-15" are whole; "G8", "71st" and "the Five Power forum" have no figure.
    """
    before, words = sentence[: span.start], span.of(sentence)
    if _GLUED_BEFORE.search(before):
        return None
    if words[0].isupper() and before.strip()[-1:].isalnum() and _NAME_BEHIND.match(sentence, span.end):
        return None
    start, end = span.start, span.end
    if words[0].isdigit() and _SIGN_BEFORE.search(before):
        start -= 1
    if (glued := _GLUED_BEHIND.match(sentence, end)) and words[-1].isdigit():
        if glued["nth"]:
            return None
        end = glued.end()
    return Span(start, end)


def _names(sentence: str) -> Iterator[Span]:
    """Capitalised sequences without the function words and days that open them, and short quoted titles."""
    for match in _NAME.finditer(sentence):
        start, end = match.span()
        words = list(re.finditer(r"\S+", sentence[start:end]))
        kept = next((word for word in words if not _is_no_name(word.group())), None)
        if kept is None:
            continue
        first = start + kept.start()
        if first > 0 or len(words) > 1:
            yield Span(first, end)
    for match in _QUOTED_NAME.finditer(sentence):
        yield Span(*match.span("name"))


def _is_no_name(word: str) -> bool:
    bare = word.strip(".'’-").casefold()
    return bare in STOP_WORDS or bare in _CALENDAR


def _before(sentence: str, span: Span) -> str:
    return sentence[max(0, span.start - _LOOK_BACK) : span.start]
