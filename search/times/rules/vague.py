"""References without a date: now, recently, the future. They stay vague: PAST_, PRESENT_ and FUTURE_REF."""

from search.english.table import words_of
from search.times.forms import MODALS, WILL, is_past_form
from search.times.notation import Found, Rules
from search.times.story import Reading, Story
from search.times.value import FUTURE, PAST, PRESENT, TimexType

rules = Rules()

_AFTER_SOON = words_of("time_context", "behind soon")


@rules("RIGHT?NOW|CURRENTLY|(?<=AT)(?:THE|THIS)OTHER?MOMENT")
def now(_found: Found, _story: Story) -> Reading:
    """Read "now", "currently", "at the moment"."""
    return Reading(TimexType.DATE, PRESENT)


@rules("THESE UNITS")
def these_days(found: Found, _story: Story) -> Reading | None:
    """Read "these days"."""
    return Reading(TimexType.DATE, PRESENT) if found.tokens.words[found.last].lower() == "days" else None


@rules("MORE?RECENTLY|(?<=IN)THE(?:RECENT)?PAST")
def recently(_found: Found, _story: Story) -> Reading:
    """Read "recently", "in the past"."""
    return Reading(TimexType.DATE, PAST)


@rules("SOON|(?<=IN)THE NEAR?FUTURE")
def soon(found: Found, _story: Story) -> Reading | None:
    """Read "soon", "in the near future"; not "as soon as", nor of what was soon done."""
    before = found.tokens.words[found.first - 1].lower() if found.first else ""
    following = found.tokens.words[found.last + 1] if found.last + 1 < len(found.tokens.words) else ""
    told = is_past_form(following.lower()) and before not in WILL | MODALS
    known = before in ("as", "too", "so") or following.lower() in _AFTER_SOON or told
    return None if known else Reading(TimexType.DATE, FUTURE)


@rules("(?P<one>CARDINAL)UNIT")
def one_day(found: Found, _story: Story) -> Reading | None:
    """Read "one day", with a verb that points ahead."""
    if [word.lower() for word in found.tokens.words[found.first : found.last + 1]] != ["one", "day"]:
        return None
    before = found.tokens.words[found.first - 1].lower() if found.first else ""
    return Reading(TimexType.DATE, FUTURE) if before in ("will", "could", "would", "may", "might") else None
