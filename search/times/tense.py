"""Which way a bare date points: the tense of the verb that governs it.

"Friday" in "will meet Friday" is the next one and in "met Friday" the last one. The governing verb is looked
for from the date backwards through its sentence, then forwards ("On Friday the court will ..."): the nearest
verb form or adjective that has a direction decides. No parser is used: news prose keeps verb and date close
together, and its reporting verbs stand in the past ("said Friday"), which is also what an undecided date is
taken for.
"""

from bisect import bisect_left, bisect_right
from functools import lru_cache

from search.times import forms as f
from search.times.forms import Direction
from search.times.moved import is_moved_to
from search.times.tokens import Tokens, closes, tokenise

_NEAR = 2
"""Tokens from a word to the date that it stands beside, an article or a preposition between them."""
_AHEAD_REACH = 14
"""Tokens looked at after the date, when those before it tell nothing."""
_REACH = 24
"""Tokens looked at before the date."""
_LONGEST_SUBJECT = 5


def direction(tokens: Tokens, first: int, last: int) -> Direction:
    """Where the sentence points at the expression of tokens `first` to `last` (inclusive)."""
    if is_moved_to(tokens, first):
        return Direction.MOVED
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
        if closes(tokens, index) or word in {",", "had"}:
            return False
        if word in {"if", "unless"}:
            return not index or words[index - 1].lower() not in f.WONDERING
    return False


def direction_before(tokens: Tokens, first: int) -> Direction:
    """What the words of the sentence before the date tell, the nearest first."""
    words = tokens.words
    start = first
    while start > 0 and first - start < _REACH and not closes(tokens, start - 1):
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
    opens = start == 0 or closes(tokens, start - 1)
    return Direction.FUTURE if opens and _announces(words[start:infinitive]) else Direction.UNKNOWN


def _announces(subject: list[str]) -> bool:
    """Whether words and an infinitive behind them announce, as headlines do: "Parliament to pass it Monday"."""
    lower = {word.lower() for word in subject}
    return (
        0 < len(subject) <= _LONGEST_SUBJECT
        and subject[0][:1].isupper()
        and lower.isdisjoint(f.NO_SUBJECT)
        and all(word.replace("-", "").replace("'s", "").isalpha() for word in subject)
    )


def is_verb_last(tokens: Tokens, index: int) -> bool:
    """Whether the word is the verb: "the truce will last nine months", "is to last", "did not last"."""
    if tokens.words[index].lower() != "last":
        return False
    at = index - 1
    while at >= 0 and (tokens.words[at].lower() in f.SKIPPED - {"to"} or tokens.words[at].endswith("ly")):
        at -= 1
    before = tokens.words[at].lower() if at >= 0 else ""
    return before in f.BEFORE_INFINITIVE or before.endswith(("n't", "n\u2019t"))


def _beyond(tokens: Tokens, last: int) -> Direction:
    """What the words of the sentence after the date tell, when those before it tell nothing."""
    words = tokens.words
    if last + 1 < len(words) and words[last + 1] in f.TRADED:
        return Direction.FUTURE
    end = last + 1
    while end < len(words) and end - last < _AHEAD_REACH and not closes(tokens, end):
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
    if first > 1 and words[first - 1] == "of" and words[first - 2].lower() in f.PHASES:
        first -= 2
    elif first and words[first - 1].lower() in ("early", "late"):
        first -= 1
    else:
        return first
    return first - 1 if first and words[first - 1].lower() == "the" else first


@lru_cache(maxsize=1 << 14)
def _may_hint(word: str) -> bool:
    """Whether a word can tell a direction from a distance; all others can be passed over."""
    lower = word.lower()
    return lower in f.HINTING or lower.endswith("ing") or f.ends_in_ed(lower)


def _hint(words: list[str], index: int, start: int, distance: int) -> Direction:
    """What one word, `distance` tokens before the date, tells with the auxiliaries before it."""
    word = words[index].lower()
    if distance <= _NEAR and word in f.NEARBY and words[index + 1] != "to":
        return f.NEARBY[word]
    if distance == 1 and word in f.DIRECTLY_BEFORE and not (index and words[index - 1].lower() in f.ANSWERED):
        return (
            Direction.PAST if word == "before" and _had_happened(words[start:index]) else f.DIRECTLY_BEFORE[word]
        )
    if word in f.AHEAD:
        return _ahead(words, index)
    if word in f.HAVE and index > start and words[index - 1].lower() in f.TO_COME:
        return Direction.UNKNOWN
    if word in f.ANYWHERE and words[index] != "May":
        return f.ANYWHERE[word]
    return _of_form(words, index, start, beside=distance == _NEAR and words[index + 1].lower() == "on")


def _had_happened(words: list[str]) -> bool:
    """Whether something had happened by then: "there had been two before Monday"; not "had to be done before"."""
    lower = [word.lower() for word in words]
    return (
        "had" in lower
        and {"to", "if"}.isdisjoint(lower)
        and f.WILL.isdisjoint(lower)
        and f.MODALS.isdisjoint(lower)
    )


def _is_arranged(words: list[str], index: int) -> bool:
    """Whether a present form speaks of what is arranged: "voters go to the polls on Sunday"."""
    word, before = words[index].lower(), words[index - 1].lower()
    if before in f.DETERMINERS | f.TO_COME | f.NOT_ARRANGED:
        return False
    if word in {"open", "close"}:
        return before in f.OPENED
    return word in f.ARRANGED or any(
        tuple(one.lower() for one in words[index : index + len(phrase)]) == phrase for phrase in f.ARRANGED_PHRASES
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
    if f.is_past_form(word):
        found = _of_participle(words, index, start)
        sure = beside and found is Direction.PAST and not f.SUPPOSING & {one.lower() for one in words[start:index]}
        return Direction.SURELY_PAST if sure else found
    if word.endswith("ing") and index > start and words[index - 1].lower() in f.ARE:
        return Direction.FUTURE
    return Direction.UNKNOWN


def _ahead(words: list[str], index: int) -> Direction:
    """Words of expectation point ahead; "set a record", "was set up" and "had expected" do not."""
    word, before = words[index].lower(), words[index - 1].lower() if index else ""
    following = words[index + 1].lower() if index + 1 < len(words) else ""
    noun = word in f.ALSO_NOUNS and before in f.DETERMINERS and following not in ("to", "for")
    if noun or before in ("than", "as", "not") or before.endswith("n't"):
        return Direction.UNKNOWN
    if before in f.HAVE or (before == "been" and index > 1 and words[index - 2].lower() == "had"):
        return Direction.PAST
    pointing = {
        "set": following in ("for", "to"),
        "record": before in ("of", "holders"),
        "due": following != "to" or _is_due_to_happen(words, index),
        "ahead": following == "of" and before not in f.ON_THE_WAY,
    }
    if not pointing.get(word, True):
        return Direction.UNKNOWN
    return Direction.SURELY_FUTURE if word in f.SURELY_AHEAD else Direction.FUTURE


def _is_due_to_happen(words: list[str], index: int) -> bool:
    """Whether "due to" tells what will happen ("is due to meet") and not why ("due to injuries")."""
    after, before = words[index + 2 : index + 3], words[max(index - 2, 0) : index]
    return after == ["be"] or (_is_infinitive(words, index + 1) and any(w in f.BE for w in before))


def _is_infinitive(words: list[str], index: int) -> bool:
    """Whether a plain verb follows: "to meet", not "to the", "to Paris", "to 20"."""
    following = words[index + 1] if index + 1 < len(words) else ""
    return (
        following.isalpha()
        and following.islower()
        and following
        not in ("the", "a", "an", "its", "their", "his", "her", "this", "that", "those", "all", "some")
        and (not following.endswith(("ing", "s", "ed")) or following in f.NOT_PAST or following in f.PLAIN)
    )


def _intends(words: list[str], index: int, start: int) -> bool:
    """Whether what stands before "to" points ahead: "agreed to", "is to", "the deadline to"."""
    near = {word.lower() for word in words[max(start, index - 3) : index]}
    return bool(near & f.INTENDING or near & f.AHEAD)


def _of_participle(words: list[str], index: int, start: int) -> Direction:
    """A past form or participle: past, unless the auxiliaries before it point ahead ("will be released")."""
    at, word = index - 1, words[index].lower()
    while at >= start and index - at < 5 and (words[at].lower() in f.SKIPPED or words[at].endswith("ly")):  # noqa: PLR2004
        at -= 1
    if at >= start and words[at] == "-":  # "will be re-opened"
        at -= 2
    auxiliary = words[at].lower() if at >= start and words[at] != "May" else ""
    if auxiliary in f.WILL or (auxiliary in ("be", "have") and at > start and words[at - 1].lower() in f.WILL):
        return Direction.SURELY_FUTURE
    if auxiliary in ("be", "is", "are") or auxiliary in f.MODALS:
        return Direction.FUTURE
    if auxiliary in ("and", "or") and word not in f.PAST_FORMS:
        return Direction.UNKNOWN
    if auxiliary in f.DETERMINERS:
        return Direction.UNKNOWN
    if words[index - 1].lower() == "to" and index > start:
        return Direction.FUTURE
    plain = word in f.ALSO_PRESENT and auxiliary not in f.HAVE | f.BE | {","}
    return Direction.UNKNOWN if plain else Direction.PAST
