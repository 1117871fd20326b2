"""Times that something is moved to: "postponed to Monday", "a delay until June", "shut through Friday".

Such a time lies ahead of the report, whatever the tense of the verb. What was postponed *on* Monday, or delayed
by a storm *in* June, is not moved to it.
"""

from search.english.calendar import Move, moves
from search.english.table import words_of
from search.english.terms import STOP_WORDS
from search.times import forms
from search.times.tokens import LETTERS, Tokens, closes, letters_of, meaning

_TOWARDS = words_of("time_context", "towards")
_RESCHEDULED = words_of("time_context", "rescheduled")
"""After these, "for" leads to the new time, too."""
_POINTING = words_of("time_context", "pointing")
"""Behind these a time after "to" is none that something is moved to: "dated to March", "compared to April"."""
_PARTICLES = words_of("time_context", "particles")
_OF_THE_DAY = words_of("time_context", "of the day")
_QUALIFYING = words_of("time_context", "qualifying") | frozenset("-")
_SITTINGS = words_of("time_context", "sittings")
"""What is put off to one of these "in May" is put off to May."""
_LASTING = words_of("time_context", "lasting")
"""What is so "through Friday" is so until a Friday that is to come."""
_BARE = letters_of("MONTH WEEKDAY")
_NO_BARE = letters_of("YEAR POSSESSIVE DAY HYPHEN")
_CLOCK = letters_of("DAY CLOCK MERIDIEM NOON ZONE PART")
_BEFORE_DAY = ("on", "in")
_PASSIVE = words_of("time_context", "passive")
_MOVED_TO = ("to", "until", "till", "into")
_OF_A_DATE = _BARE | letters_of("DAY")
_LONGEST_DATE = 3
_REACH = 14
"""Tokens looked at before the preposition."""
_LONGEST_QUALIFIER = 6


def is_moved_to(tokens: Tokens, first: int) -> bool:
    """Whether the expression that begins with token `first` is a time that something is moved to."""
    towards = _preposition(tokens, first)
    if towards is None:
        return False
    word = tokens.words[towards].lower()
    if word in _TOWARDS or word == "for":
        move = _move_before(tokens, towards)
        if move is not None:
            return word != "for" or tokens.words[move].lower() in _RESCHEDULED
        return word == "to" and _is_done_to(tokens, towards, first)
    return False


def _is_done_to(tokens: Tokens, towards: int, first: int) -> bool:
    """Whether any verb stands just before "to" and a bare time: "nudged to May", "was punted back to Sunday".

    A time that only tells of what kind a thing is stands before a noun: "went to Friday prayers".
    """
    at = towards - 1
    if at > 0 and tokens.words[at].lower() in _PARTICLES:
        at -= 1
    verb = tokens.words[at].lower() if at >= 0 else ""
    bare = tokens.shape[first] in _BARE and tokens.shape[first + 1 : first + 2] not in _NO_BARE
    following = "".join(tokens.words[first + 1 : first + 2])
    of_a_thing = following.isalpha() and following.islower() and following not in STOP_WORDS | _OF_THE_DAY
    return bare and not of_a_thing and forms.is_past_form(verb) and verb not in _POINTING | forms.HAVE


def moved_from(tokens: Tokens, first: int, last: int) -> Move | None:
    """What moves something from the time of tokens `first` to `last` to the one behind it, if anything does."""
    if not first or tokens.words[first - 1].lower() != "from":
        return None
    following = "".join(tokens.words[last + 1 : last + 2])
    if following in _MOVED_TO:
        move = _move_before(tokens, first - 1)
    else:
        towards = _before_the_time(tokens, first - 2)
        move = _move_before(tokens, towards) if towards is not None else None
    return moves()[tokens.words[move].lower()] if move is not None else None


def _before_the_time(tokens: Tokens, last: int) -> int | None:
    """The "to" of the time that ends with a token: "to Friday", "to June 2"; None where there is none."""
    index = last
    while index > 0 and index > last - _LONGEST_DATE and tokens.shape[index] in _OF_A_DATE:
        index -= 1
    return index if index < last and tokens.words[index].lower() in _MOVED_TO else None


def moved_behind(tokens: Tokens, last: int, name: str) -> tuple[Move, int] | None:
    """What moves a thing, of which a time is told before, to another: "due on Monday, was put off to Friday".

    Args:
        tokens: Of the text.
        last: The last token of the time that is told before.
        name: The class of the other time.

    Returns:
        What moves it, and the number of the other weekday or month; None where nothing does.
    """
    for index in range(last + 2, min(last + _REACH, len(tokens.words))):
        if closes(tokens, index - 1):
            return None
        if tokens.shape[index] == LETTERS[name] and tokens.words[index - 1].lower() in _MOVED_TO:
            move = _move_before(tokens, index - 1)
            if move is None or move <= last:
                return None
            return moves()[tokens.words[move].lower()], int(meaning(tokens.words[index]) or 0)
    return None


def _preposition(tokens: Tokens, first: int) -> int | None:
    """The preposition that leads to the expression: "until [after] Monday", "to [9 a.m. on] Monday"."""
    for index in range(first - 1, max(first - _LONGEST_QUALIFIER, 0) - 1, -1):
        word = tokens.words[index].lower()
        if word in _TOWARDS or word == "for":
            return index
        on_a_day = index == first - 1 and word in _BEFORE_DAY and bool(index)
        if on_a_day and tokens.words[index - 1].lower() in _SITTINGS:
            return _to_a_sitting(tokens, index - 1)
        if on_a_day and tokens.shape[index - 1] in _CLOCK:
            continue
        if word not in _QUALIFYING and tokens.shape[index] not in _CLOCK:
            return None
    return None


def _to_a_sitting(tokens: Tokens, noun: int) -> int | None:
    """The "to" of "to [its next meeting] in May"."""
    for index in range(noun - 1, max(noun - _LONGEST_QUALIFIER, 0) - 1, -1):
        word = tokens.words[index].lower()
        if word in _MOVED_TO:
            return index
        if not word.isalpha() or word in STOP_WORDS - forms.DETERMINERS:
            return None
    return None


def _move_before(tokens: Tokens, preposition: int) -> int | None:
    """The word that moves something, with nothing but its object between it and the preposition."""
    through = tokens.words[preposition].lower() in ("through", "thru")
    after: list[str] = []
    for index in range(preposition - 1, max(preposition - _REACH, 0) - 1, -1):
        word = tokens.words[index].lower()
        if closes(tokens, index):
            return None
        move = moves().get(word)
        if move and (not move.particles or move.particles.intersection(after)):
            return index
        if word in _LASTING:
            return index if through else None
        if word in _PASSIVE or word in forms.HAVE or word in forms.TO_COME or forms.is_past_form(word):
            return None
        after.append(word)
    return None
