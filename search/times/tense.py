"""Which way a bare date points: the tense of the verb that governs it.

"Friday" in "will meet Friday" is the next one and in "met Friday" the last one. The governing verb is looked
for from the date backwards through its sentence, then forwards ("On Friday the court will ..."): the nearest
verb form or adjective that has a direction decides. No parser is used: news prose keeps verb and date close
together, and its reporting verbs stand in the past ("said Friday"), which is also what an undecided date is
taken for.
"""

import re
from bisect import bisect_left, bisect_right
from enum import IntEnum
from functools import lru_cache

from search.times.tokens import PARAGRAPH, Tokens, tokenise
from search.times.wordlist import words


class Direction(IntEnum):
    """Where the sentence points, and how surely."""

    SURELY_PAST = -2
    PAST = -1
    UNKNOWN = 0
    FUTURE = 1
    SURELY_FUTURE = 2


_INTENDING = frozenset(
    words(
        "is are was were agreed agree agrees wants want wanted vowed pledged promised asked urged "
        "ready decided threatened threatens going able has have plan decision deadline pledge promise "
        "order ordered invited time"
    )
)
_WONDERING = frozenset(words("ask asked asks asking know knew known see saw wonder wondered sure clear unclear"))
"""Before "if", these make no condition of it."""
_DIRECTLY_BEFORE = dict.fromkeys(words("after during following"), Direction.PAST) | dict.fromkeys(
    words("for before ahead"), Direction.FUTURE
)
_ANSWERED = frozenset(words("responsibility responsible blame blamed paid arrested condemned thanked"))
"""Before "for", these look back: "responsibility for Monday's attack"."""
_PHASES = frozenset(words("end close start beginning outset middle"))
_DETERMINERS = frozenset(words("the a an its his her their our no some any of 's \u2019s"))

_NEAR = 2
"""Tokens from a word to the date that it stands beside, an article or a preposition between them."""

_AHEAD_REACH = 14
"""Tokens looked at after the date, when those before it tell nothing."""

_REACH = 24
"""Tokens looked at before the date."""

_WILL = frozenset(words("will won't shall 'll we'll they'll i'll he'll she'll it'll you'll"))
_MODALS = frozenset(words("would could can may might should must cannot"))
_AHEAD = frozenset(
    words(
        "due scheduled expected expects expect slated payable planned plans plan planning set expire "
        "expires expiring upcoming hopes hope intends intend aims aim effective forthcoming scheduling "
        "begins starts opens resumes arrives meets hosts visits kicks convenes deadline record leaves "
        "returns ends takes faces mature matures maturing projected forecast forecasts pending "
        "anticipates anticipated proposes likely commencing play plays host travel travels ahead"
    )
)
_SURELY_AHEAD = frozenset(
    words("until till payable expire expires expiring due scheduled slated deadline maturing starting")
)
_ARRANGED = frozenset(words("meet begin resume reopen reopens arrive convene"))
"""Plain present forms that speak of what is arranged: "talks resume Monday"."""
_ARRANGED_PHRASES = (
    ("take", "effect"),
    ("takes", "effect"),
    ("go", "to", "the", "polls"),
    ("goes", "to", "the", "polls"),
)
_SUPPOSING = frozenset(words("if unless would could should may might were"))
"""Behind these a past form supposes: "if it fell on Dec. 8"."""
_NOT_ARRANGED = frozenset(words("not did helped track swap"))
_OPENED = frozenset(words("polls games stations"))
_ALSO_NOUNS = frozenset(
    words("plan plans planning hope hopes aim aims forecast forecasts visits returns play plays host travel")
)
_ON_THE_WAY = frozenset(
    words(
        "points seconds minutes place places just well far way stay stays stayed go goes went move moved "
        "finish finished come comes came end ended pull pulled draw drew keep kept climb climbed"
    )
)
"""Before "ahead of", these speak of a race and not of the calendar."""
_TRADED = frozenset(words("delivery deliveries contract contracts futures"))
"""What is traded is still to come: "January delivery"."""
_HAVE = frozenset(words("had has have having 've"))
_WERE = frozenset(words("was were wasn't weren't did didn't"))
_BEFORE_INFINITIVE = _WILL | _MODALS | frozenset(words("to do does did"))
_TO_COME = _WILL | _MODALS | {"to"}
_ANYWHERE = (
    dict.fromkeys(_WILL, Direction.SURELY_FUTURE)
    | dict.fromkeys(_MODALS, Direction.FUTURE)
    | dict.fromkeys(_WERE | _HAVE, Direction.PAST)
)
_NEARBY = (
    dict.fromkeys(_SURELY_AHEAD, Direction.SURELY_FUTURE)
    | dict.fromkeys(words("since ended ago"), Direction.SURELY_PAST)
    | {"delivery": Direction.FUTURE}
)
_ARE = frozenset(words("is are am be 're isn't aren't"))
_BE = _ARE | _WERE | {"been"}
_LONGEST_SUBJECT = 5
_NO_SUBJECT = (
    _BE
    | _HAVE
    | _TO_COME
    | frozenset(
        words(
            "he she it they we i you who what when where why how whether this that there as if in on at from for "
            "by not only close next according try tries fail fails refuse refuses begin begins start starts "
            "continue continues like likes love loves tend tends "
            "manage manages need needs seem seems appear appears do does come comes go goes use"
        )
    )
)
"""No part of a noun phrase before a headline's infinitive; the verbs among them are of what is usual."""
_SKIPPED = frozenset(
    words("not also already been being still only just now n't never soon once then again further to")
)
_PAST_FORMS = frozenset(
    words(
        "beat said told took went came began became gave saw knew grew fell rose drew flew threw wrote "
        "spoke broke chose drove rode stole woke swore tore wore shook forgot hid bit ate drank sang "
        "sank sprang swam rang ran sat stood understood won met led fed bled fled held left lost kept "
        "slept swept wept felt dealt meant sent spent lent bent built bought brought thought fought "
        "caught taught sought sold found bound got shot made paid laid heard had struck stuck swung "
        "dug hung spun withdrew undertook overtook arose fled slid sued vowed warned"
    )
)
_PARTICIPLES = frozenset(
    words(
        "taken gone come begun become given seen known grown fallen risen drawn flown thrown written "
        "spoken broken chosen driven stolen shown done hidden eaten drunk sung sunk run beaten "
        "forgotten proven sworn torn worn set put cut hit let shut spread quit cost hurt read broadcast"
    )
)
_HINTING = (
    _AHEAD
    | _ARRANGED
    | {phrase[0] for phrase in _ARRANGED_PHRASES}
    | _PAST_FORMS
    | _PARTICIPLES
    | frozenset(_ANYWHERE)
    | {"open", "close", "to"}
)
_NOT_PAST = frozenset(
    words("indeed speed need feed seed exceed proceed succeed weed bleed breed hundred united red")
)
_PLAIN = frozenset(
    words("pass discuss address assess access express press cross dress miss dismiss bring sing focus")
)
"""Infinitives that end as no infinitive seems to."""
_SENTENCE_END = frozenset(["?", "!", ";", PARAGRAPH])
_ABBREVIATED = re.compile(
    r"(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Rep|Sen|Gov|Corp|Inc|Co|Ltd|Jr|Sr|No|U|vs|Prof|Rev)"
)


def direction(tokens: Tokens, first: int, last: int) -> Direction:
    """Where the sentence points at the expression of tokens `first` to `last` (inclusive)."""
    first = _before_phase(tokens.words, first)
    if _is_condition(tokens, first):
        return Direction.FUTURE
    found = direction_before(tokens, first) or _beyond(tokens, last)
    if not found and first and tokens.words[first - 1].lower() == "by":
        return Direction.FUTURE
    return found


def direction_of(text: str, start: int, end: int) -> Direction:
    """Where a text points at the expression `text[start:end]`."""
    tokens = tokenise(text)
    first = bisect_right(tokens.starts, start, hi=len(tokens.words)) - 1
    last = bisect_left(tokens.starts, end, hi=len(tokens.words)) - 1
    return direction(tokens, max(first, 0), max(last, 0))


def _is_condition(tokens: Tokens, first: int) -> bool:
    """Whether a deadline is one of a condition: "threatened to leave if it was not signed by Monday"."""
    words = tokens.words
    if not first or words[first - 1].lower() not in {"by", "before"}:
        return False
    for index in range(first - 2, max(-1, first - 2 - _REACH), -1):
        word = words[index].lower()
        if _closes(tokens, index) or word in {",", "had"}:
            return False
        if word in {"if", "unless"}:
            return not index or words[index - 1].lower() not in _WONDERING
    return False


def direction_before(tokens: Tokens, first: int) -> Direction:
    """What the words of the sentence before the date tell, the nearest first."""
    words = tokens.words
    start = first
    while start > 0 and first - start < _REACH and not _closes(tokens, start - 1):
        start -= 1
    infinitive = start
    for index in range(first - 1, start - 1, -1):
        if first - index > _NEAR and not _may_hint(words[index]):
            continue
        if words[index] == "ahead" and "," in words[index:first]:
            continue
        found = _hint(words, index, start, first - index)
        if found:
            return found
        if words[index] == "to" and _is_infinitive(words, index):
            infinitive = index
    opens = start == 0 or _closes(tokens, start - 1)
    return Direction.FUTURE if opens and _announces(words[start:infinitive]) else Direction.UNKNOWN


def _announces(subject: list[str]) -> bool:
    """Whether words and an infinitive behind them announce, as headlines do: "Parliament to pass it Monday"."""
    lower = {word.lower() for word in subject}
    return (
        0 < len(subject) <= _LONGEST_SUBJECT
        and subject[0][:1].isupper()
        and lower.isdisjoint(_NO_SUBJECT)
        and all(word.replace("-", "").replace("'s", "").isalpha() for word in subject)
    )


def is_verb_last(tokens: Tokens, index: int) -> bool:
    """Whether the word is the verb: "the truce will last nine months", "is to last", "did not last"."""
    if tokens.words[index].lower() != "last":
        return False
    at = index - 1
    while at >= 0 and (tokens.words[at].lower() in _SKIPPED - {"to"} or tokens.words[at].endswith("ly")):
        at -= 1
    before = tokens.words[at].lower() if at >= 0 else ""
    return before in _BEFORE_INFINITIVE or before.endswith(("n't", "n\u2019t"))


def _beyond(tokens: Tokens, last: int) -> Direction:
    """What the words of the sentence after the date tell, when those before it tell nothing."""
    words = tokens.words
    if last + 1 < len(words) and words[last + 1] in _TRADED:
        return Direction.FUTURE
    end = last + 1
    while end < len(words) and end - last < _AHEAD_REACH and not _closes(tokens, end):
        end += 1
    for index in range(last + 1, end):
        if not _may_hint(words[index]) or words[index] == "ahead":
            continue
        found = _hint(words, index, last + 1, _REACH)
        if found:
            return found
    return Direction.UNKNOWN


def _before_phase(words: list[str], first: int) -> int:
    """Where an expression begins with the words that narrow it: "until [the end of] May"."""
    if first > 1 and words[first - 1] == "of" and words[first - 2].lower() in _PHASES:
        first -= 2
    elif first and words[first - 1].lower() in ("early", "late"):
        first -= 1
    else:
        return first
    return first - 1 if first and words[first - 1].lower() == "the" else first


def _closes(tokens: Tokens, index: int) -> bool:
    """Whether a sentence ends with this token."""
    word = tokens.words[index]
    if word != ".":
        return word in _SENTENCE_END
    if index == 0:
        return True
    following = tokens.words[index + 1] if index + 1 < len(tokens.words) else ""
    return not (_ABBREVIATED.fullmatch(tokens.words[index - 1]) or following[:1].islower() or following == ",")


@lru_cache(maxsize=1 << 14)
def _may_hint(word: str) -> bool:
    """Whether a word can tell a direction from a distance; all others can be passed over."""
    lower = word.lower()
    return lower in _HINTING or lower.endswith("ing") or _ends_in_ed(lower)


def _hint(words: list[str], index: int, start: int, distance: int) -> Direction:
    """What one word, `distance` tokens before the date, tells with the auxiliaries before it."""
    word = words[index].lower()
    if distance <= _NEAR and word in _NEARBY and words[index + 1] != "to":
        return _NEARBY[word]
    if distance == 1 and word in _DIRECTLY_BEFORE and not (index and words[index - 1].lower() in _ANSWERED):
        return _DIRECTLY_BEFORE[word]
    if word in _AHEAD:
        return _ahead(words, index)
    if word in _HAVE and index > start and words[index - 1].lower() in _TO_COME:
        return Direction.UNKNOWN
    if word in _ANYWHERE and words[index] != "May":
        return _ANYWHERE[word]
    return _of_form(words, index, start, beside=distance == _NEAR and words[index + 1].lower() == "on")


def _is_arranged(words: list[str], index: int) -> bool:
    """Whether a present form speaks of what is arranged: "voters go to the polls on Sunday"."""
    word, before = words[index].lower(), words[index - 1].lower()
    if before in _DETERMINERS | _TO_COME | _NOT_ARRANGED:
        return False
    if word in {"open", "close"}:
        return before in _OPENED
    return word in _ARRANGED or any(
        tuple(one.lower() for one in words[index : index + len(phrase)]) == phrase for phrase in _ARRANGED_PHRASES
    )


def _of_form(words: list[str], index: int, start: int, *, beside: bool) -> Direction:
    """What the form of a verb tells: an infinitive, a past form or participle, a present participle.

    Of a past form `beside` the date nothing takes precedence: "died on November 3".
    """
    word = words[index].lower()
    if index > start and _is_arranged(words, index):
        return Direction.FUTURE
    if word == "to" and _is_infinitive(words, index) and _intends(words, index, start):
        return Direction.FUTURE
    if _is_past_form(word):
        found = _of_participle(words, index, start)
        sure = beside and found is Direction.PAST and not _SUPPOSING & {one.lower() for one in words[start:index]}
        return Direction.SURELY_PAST if sure else found
    if word.endswith("ing") and index > start and words[index - 1].lower() in _ARE:
        return Direction.FUTURE
    return Direction.UNKNOWN


def _is_past_form(word: str) -> bool:
    return word in _PAST_FORMS or word in _PARTICIPLES or _ends_in_ed(word)


def _ends_in_ed(word: str) -> bool:
    return len(word) > 3 and word.endswith("ed") and word not in _NOT_PAST  # noqa: PLR2004 - "bed", "fed"


def _ahead(words: list[str], index: int) -> Direction:
    """Words of expectation point ahead; "set a record", "was set up" and "had expected" do not."""
    word, before = words[index].lower(), words[index - 1].lower() if index else ""
    following = words[index + 1].lower() if index + 1 < len(words) else ""
    noun = word in _ALSO_NOUNS and before in _DETERMINERS and following not in ("to", "for")
    if noun or before in ("than", "as", "not") or before.endswith("n't"):
        return Direction.UNKNOWN
    if before in _HAVE or (before == "been" and index > 1 and words[index - 2].lower() == "had"):
        return Direction.PAST
    pointing = {
        "set": following in ("for", "to"),
        "record": before in ("of", "holders"),
        "due": following != "to" or _is_due_to_happen(words, index),
        "ahead": following == "of" and before not in _ON_THE_WAY,
    }
    if not pointing.get(word, True):
        return Direction.UNKNOWN
    return Direction.SURELY_FUTURE if word in _SURELY_AHEAD else Direction.FUTURE


def _is_due_to_happen(words: list[str], index: int) -> bool:
    """Whether "due to" tells what will happen ("is due to meet") and not why ("due to injuries")."""
    after, before = words[index + 2 : index + 3], words[max(index - 2, 0) : index]
    return after == ["be"] or (_is_infinitive(words, index + 1) and any(w in _BE for w in before))


def _is_infinitive(words: list[str], index: int) -> bool:
    """Whether a plain verb follows: "to meet", not "to the", "to Paris", "to 20"."""
    following = words[index + 1] if index + 1 < len(words) else ""
    return (
        following.isalpha()
        and following.islower()
        and following
        not in ("the", "a", "an", "its", "their", "his", "her", "this", "that", "those", "all", "some")
        and (not following.endswith(("ing", "s", "ed")) or following in _NOT_PAST or following in _PLAIN)
    )


def _intends(words: list[str], index: int, start: int) -> bool:
    """Whether what stands before "to" points ahead: "agreed to", "is to", "the deadline to"."""
    near = {word.lower() for word in words[max(start, index - 3) : index]}
    return bool(near & _INTENDING or near & _AHEAD)


def _of_participle(words: list[str], index: int, start: int) -> Direction:
    """A past form or participle: past, unless the auxiliaries before it point ahead ("will be released")."""
    at, word = index - 1, words[index].lower()
    while at >= start and index - at < 5 and (words[at].lower() in _SKIPPED or words[at].endswith("ly")):  # noqa: PLR2004
        at -= 1
    if at >= start and words[at] == "-":  # "will be re-opened"
        at -= 2
    auxiliary = words[at].lower() if at >= start and words[at] != "May" else ""
    if auxiliary in _WILL or (auxiliary in ("be", "have") and at > start and words[at - 1].lower() in _WILL):
        return Direction.SURELY_FUTURE
    if auxiliary in ("be", "is", "are") or auxiliary in _MODALS:
        return Direction.FUTURE
    if auxiliary in ("and", "or") and word not in _PAST_FORMS:
        return Direction.UNKNOWN
    if auxiliary in _DETERMINERS:
        return Direction.UNKNOWN
    if words[index - 1].lower() == "to" and index > start:
        return Direction.FUTURE
    return Direction.PAST
