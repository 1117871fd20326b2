"""Spans of a sentence of the kind that answers: names, figures, times, reasons, words of speech.

Closed word lists and shapes, no model. What the question names itself does not answer it.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from search.article import Span
from search.asking.question import AnswerType
from search.english.calendar import named
from search.english.parted_numbers import PARTED_NUMBER
from search.english.terms import STOP_WORDS, terms
from search.times import TimeMention, TimexType

_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|"
    r"billions?|trillions?|dozens?|half|twice|once)"
)
_FIGURE = rf"(?:{PARTED_NUMBER}|\d+(?:[.,]\d+)*|\b{_NUMBER_WORD}\b)"
_FIGURES = rf"{_FIGURE}(?:[\s-]{{1,2}}(?:{_FIGURE}|and(?=\s{_FIGURE})|(?<=\bhalf\s)an?(?=\s{_FIGURE})))*"
_CURRENCY = (
    r"(?:(?:US|U\.S\.|Australian|Canadian|Hong Kong|Singapore|New Zealand|Taiwan|Swiss|Danish|Norwegian"
    r"|Swedish)\s)?"
    r"(?:dollars?|euros?|pounds?|yen|yuan|"
    r"francs?|marks?|rupees?|roubles?|rubles?|pesos?|baht|ringgit|rand|shekels?|dinars?|riyals?|lire|lira|"
    r"crowns?|cents?|"
    r"usd|eur|gbp|rmb)\b"
)
_SHORT = r"(?:(?<=\d)\s?(?:bn|mn|m|k)\b)"
_SYMBOL = r"(?:\b(?:US|HK|A|C|S|NZ))?[$€£¥]"
_MONEY = re.compile(
    rf"{_SYMBOL}\s?{_FIGURES}{_SHORT}?|{_FIGURES}{_SHORT}?(?:-|\s){_CURRENCY}|{_FIGURES}{_SHORT}?\s(?:US)?{_SYMBOL}",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(
    rf"{_FIGURES}(?:\s?%|[\s-](?:percent|per\scent|percentage points?)\b)"
    r"|\b(?:(?:one|two|three)[\s-](?:half|thirds?|quarters?|fifths?)|a[\s-](?:half|third|quarter|fifth)(?=\s+of\b))\b"
    r"(?!(?:\s+of\s+an?)?(?:\s+percentage)?[\s-]points?\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"{_FIGURES}{_SHORT}?", re.IGNORECASE)
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
_SPEECH = re.compile(
    r"\b(?:said|says|say|saying|told|tells|added|warned|insisted|stressed|claimed|argued|replied|declared|"
    r"denied|called|"
    r"described|according to|quoted|vowed|urged|pledged|accused|criticized|criticised|praised|hailed|"
    r"condemned|announced|"
    r"stated|noted|explained|expressed)\b",
    re.IGNORECASE,
)
QUOTATION_MARK = re.compile(r"[\"“”]")
_CAPITALISED = r"(?:[A-Z]\.(?=\s)|(?:Mr|Mrs|Ms|Dr|Jr|St)\.|[A-ZÀ-ÖØ-Þ][\w'’-]*)"
_LINK = r"(?:of|the|de|da|del|der|van|von|bin|al|el|la|le|di|du|ibn)"
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
_SHAPES = {
    AnswerType.MONEY: _MONEY,
    AnswerType.PERCENTAGE: _PERCENTAGE,
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


def _spans(expected: AnswerType, sentence: str, mentions: Sequence[TimeMention], begin: int) -> Iterator[Span]:
    found: Iterator[Span]
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
        case _:
            found = _matches(_SHAPES[expected], sentence)
    yield from found


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in pattern.finditer(text))


def _numbers(sentence: str, mentions: Sequence[TimeMention], begin: int) -> Iterator[Span]:
    """Figures that are not part of a date or a clock time."""
    dates = [
        (mention.start - begin, mention.end - begin)
        for mention in mentions
        if mention.type in {TimexType.DATE, TimexType.TIME}
    ]
    for span in _matches(_NUMBER, sentence):
        if not any(start <= span.start and span.end <= end for start, end in dates):
            yield span


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
