"""Reading the English of time in news: expressions in running text, with their values and intervals.

Of Dateline it imports only what is known of English (`search.english`), and nothing outside the standard library.

    >>> from datetime import date
    >>> from search.times import tag
    >>> for mention in tag("The court will rule next Tuesday.", date(2005, 11, 25)):
    ...     print(mention.words, mention.value, mention.interval.first_day, mention.rule)
    next Tuesday 2005-11-29 2005-11-29 weekday
"""

from search.times.forms import Direction
from search.times.interval import Interval, hull, interval_of
from search.times.mention import Relation, TimeMention
from search.times.tagger import tag
from search.times.tense import direction_of
from search.times.value import Modifier, TimexType, Unit

__all__ = [
    "Direction",
    "Interval",
    "Modifier",
    "Relation",
    "TimeMention",
    "TimexType",
    "Unit",
    "direction_of",
    "hull",
    "interval_of",
    "tag",
]
