"""The forms and words that tell where a sentence points in time; `tense` weighs them."""

from enum import IntEnum

from search.times.wordlist import words


class Direction(IntEnum):
    """Where the sentence points, and how surely; `MOVED` is where something is moved to, which lies ahead."""

    SURELY_PAST = -2
    PAST = -1
    UNKNOWN = 0
    FUTURE = 1
    SURELY_FUTURE = 2
    MOVED = 3


INTENDING = frozenset(
    words(
        "is are was were agreed agree agrees wants want wanted vowed pledged promised asked urged "
        "ready decided threatened threatens going able has have plan decision deadline pledge promise "
        "order ordered invited time"
    )
)
WONDERING = frozenset(words("ask asked asks asking know knew known see saw wonder wondered sure clear unclear"))
"""Before "if", these make no condition of it."""
DIRECTLY_BEFORE = dict.fromkeys(words("after during following"), Direction.PAST) | dict.fromkeys(
    words("for before ahead"), Direction.FUTURE
)
ANSWERED = frozenset(words("responsibility responsible blame blamed paid arrested condemned thanked"))
"""Before "for", these look back: "responsibility for Monday's attack"."""
PHASES = frozenset(words("end close start beginning outset middle"))
DETERMINERS = frozenset(words("the a an its his her their our no some any of 's \u2019s"))

WILL = frozenset(words("will won't shall 'll we'll they'll i'll he'll she'll it'll you'll"))
MODALS = frozenset(words("would could can may might should must cannot"))
AHEAD = frozenset(
    words(
        "due scheduled expected expects expect slated payable planned plans plan planning set expire "
        "expires expiring upcoming hopes hope intends intend aims aim effective forthcoming scheduling "
        "begins starts opens resumes arrives meets hosts visits kicks convenes deadline record leaves "
        "returns ends takes faces mature matures maturing projected forecast forecasts pending "
        "anticipates anticipated proposes likely commencing play plays host travel travels ahead"
    )
)
SURELY_AHEAD = frozenset(
    words("until till payable expire expires expiring due scheduled slated deadline maturing starting")
)
ARRANGED = frozenset(words("meet begin resume reopen reopens arrive convene"))
"""Plain present forms that speak of what is arranged: "talks resume Monday"."""
ARRANGED_PHRASES = (
    ("take", "effect"),
    ("takes", "effect"),
    ("go", "to", "the", "polls"),
    ("goes", "to", "the", "polls"),
)
SUPPOSING = frozenset(words("if unless would could should may might were"))
"""Behind these a past form supposes: "if it fell on Dec. 8"."""
NOT_ARRANGED = frozenset(words("not did helped track swap"))
OPENED = frozenset(words("polls games stations"))
ALSO_NOUNS = frozenset(
    words("plan plans planning hope hopes aim aims forecast forecasts visits returns play plays host travel")
)
ON_THE_WAY = frozenset(
    words(
        "points seconds minutes place places just well far way stay stays stayed go goes went move moved "
        "finish finished come comes came end ended pull pulled draw drew keep kept climb climbed"
    )
)
"""Before "ahead of", these speak of a race and not of the calendar."""
TRADED = frozenset(words("delivery deliveries contract contracts futures"))
"""What is traded is still to come: "January delivery"."""
HAVE = frozenset(words("had has have having 've"))
WERE = frozenset(words("was were wasn't weren't did didn't"))
BEFORE_INFINITIVE = WILL | MODALS | frozenset(words("to do does did"))
TO_COME = WILL | MODALS | {"to"}
ANYWHERE = (
    dict.fromkeys(WILL, Direction.SURELY_FUTURE)
    | dict.fromkeys(MODALS, Direction.FUTURE)
    | dict.fromkeys(WERE | HAVE, Direction.PAST)
)
NEARBY = (
    dict.fromkeys(SURELY_AHEAD, Direction.SURELY_FUTURE)
    | dict.fromkeys(words("since ended ago"), Direction.SURELY_PAST)
    | {"delivery": Direction.FUTURE}
)
ARE = frozenset(words("is are am be 're isn't aren't"))
BE = ARE | WERE | {"been"}
NO_SUBJECT = (
    BE
    | HAVE
    | TO_COME
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
SKIPPED = frozenset(
    words("not also already been being still only just now n't never soon once then again further to")
)
PAST_FORMS = frozenset(
    words(
        "beat said told took went came began became gave saw knew grew fell rose drew flew threw wrote "
        "spoke broke chose drove rode stole woke swore tore wore shook forgot hid bit ate drank sang "
        "sank sprang swam rang ran sat stood understood won met led fed bled fled held left lost kept "
        "slept swept wept felt dealt meant sent spent lent bent built bought brought thought fought "
        "caught taught sought sold found bound got shot made paid laid heard had struck stuck swung "
        "dug hung spun withdrew undertook overtook arose fled slid sued vowed warned"
    )
)
PARTICIPLES = frozenset(
    words(
        "taken gone come begun become given seen known grown fallen risen drawn flown thrown written "
        "spoken broken chosen driven stolen shown done hidden eaten drunk sung sunk run beaten "
        "forgotten proven sworn torn worn set put cut hit let shut spread quit cost hurt read broadcast"
    )
)
ALSO_PRESENT = frozenset(words("run come become"))
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
NOT_PAST = frozenset(
    words("indeed speed need feed seed exceed proceed succeed weed bleed breed hundred united red")
)
PLAIN = frozenset(
    words("pass discuss address assess access express press cross dress miss dismiss bring sing focus")
)
"""Infinitives that end as no infinitive seems to."""


def is_past_form(word: str) -> bool:
    """Whether a lower-case word is a past form or a participle by its look."""
    return word in PAST_FORMS or word in PARTICIPLES or ends_in_ed(word)


def ends_in_ed(word: str) -> bool:
    """Whether a lower-case word ends as regular past forms do."""
    return len(word) > 3 and word.endswith("ed") and word not in NOT_PAST  # noqa: PLR2004 - "bed", "fed"
