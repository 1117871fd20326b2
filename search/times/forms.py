"""The forms and words that tell where a sentence points in time; `tense` weighs them."""

from enum import IntEnum

from search.english.table import words_of


class Direction(IntEnum):
    """Where the sentence points, and how surely; `MOVED` is where something is moved to, which lies ahead."""

    SURELY_PAST = -2
    PAST = -1
    UNKNOWN = 0
    FUTURE = 1
    SURELY_FUTURE = 2
    MOVED = 3


INTENDING = words_of("tense", "intending")
WONDERING = words_of("tense", "wondering")
"""Before "if", these make no condition of it."""
DIRECTLY_BEFORE = dict.fromkeys(words_of("tense", "looking back"), Direction.PAST) | dict.fromkeys(
    words_of("tense", "looking ahead"), Direction.FUTURE
)
ANSWERED = words_of("tense", "answered")
"""Before "for", these look back: "responsibility for Monday's attack"."""
PHASES = words_of("tense", "phases")
DETERMINERS = words_of("tense", "determiners")

WILL = words_of("tense", "will")
MODALS = words_of("tense", "modals")
AHEAD = words_of("tense", "ahead")
SURELY_AHEAD = words_of("tense", "surely ahead")
ARRANGED = words_of("tense", "arranged")
"""Plain present forms that speak of what is arranged: "talks resume Monday"."""
ARRANGED_PHRASES = (
    ("take", "effect"),
    ("takes", "effect"),
    ("go", "to", "the", "polls"),
    ("goes", "to", "the", "polls"),
)
SUPPOSING = words_of("tense", "supposing")
"""Behind these a past form supposes: "if it fell on Dec. 8"."""
NOT_ARRANGED = words_of("tense", "not arranged")
OPENED = words_of("tense", "opened")
ALSO_NOUNS = words_of("tense", "also nouns")
ON_THE_WAY = words_of("tense", "on the way")
"""Before "ahead of", these speak of a race and not of the calendar."""
TRADED = words_of("tense", "traded")
"""What is traded is still to come: "January delivery"."""
HAVE = words_of("tense", "have")
WERE = words_of("tense", "were")
BEFORE_INFINITIVE = WILL | MODALS | words_of("tense", "before infinitive")
TO_COME = WILL | MODALS | {"to"}
ANYWHERE = (
    dict.fromkeys(WILL, Direction.SURELY_FUTURE)
    | dict.fromkeys(MODALS, Direction.FUTURE)
    | dict.fromkeys(WERE | HAVE, Direction.PAST)
)
NEARBY = (
    dict.fromkeys(SURELY_AHEAD, Direction.SURELY_FUTURE)
    | dict.fromkeys(words_of("tense", "nearby past"), Direction.SURELY_PAST)
    | {"delivery": Direction.FUTURE}
)
ARE = words_of("tense", "are")
BE = ARE | WERE | {"been"}
NO_SUBJECT = BE | HAVE | TO_COME | words_of("tense", "no subject")
"""No part of a noun phrase before a headline's infinitive; the verbs among them are of what is usual."""
SKIPPED = words_of("tense", "skipped")
PAST_FORMS = words_of("tense", "past forms")
PARTICIPLES = words_of("tense", "participles")
ALSO_PRESENT = words_of("tense", "also present")
"""Participles that are plain presents, too, but no past forms: "hearings run until Friday"."""
HINTING = (
    AHEAD
    | ARRANGED
    | {phrase[0] for phrase in ARRANGED_PHRASES}
    | PAST_FORMS
    | PARTICIPLES
    | frozenset(ANYWHERE)
    | {"open", "close", "to"}
)
NOT_PAST = words_of("tense", "not past")
PLAIN = words_of("tense", "plain")
"""Infinitives that end as no infinitive seems to."""


def is_past_form(word: str) -> bool:
    """Whether a lower-case word is a past form or a participle by its look."""
    return word in PAST_FORMS or word in PARTICIPLES or ends_in_ed(word)


def ends_in_ed(word: str) -> bool:
    """Whether a lower-case word ends as regular past forms do."""
    return len(word) > 3 and word.endswith("ed") and word not in NOT_PAST  # noqa: PLR2004 - "bed", "fed"
