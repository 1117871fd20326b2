"""The day on which a report says it was filed: that of the dateline at its head, "SALEM, Ore., Nov. 8 (CW) -".

A stamp in UTC falls on the next day for an evening in America, and a report may be sent on after midnight; "today"
is that of its dateline.
"""

import re
from datetime import date, timedelta

from search.english.calendar import month_numbers, named, shortened

_MONTHS = month_numbers()
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = rf"(?:(?:{'|'.join((*named('weekday'), *shortened('weekday')))})\.?,?\s+)?"
_DATELINE = re.compile(
    rf"""\s*(?P<place>[^\W\d_][\w.'\u2019/ -]{{1,40}})(?:,\s*[^\W\d_][\w.'\u2019/ -]{{1,30}}){{0,2}},\s*
        (?i:{_WEEKDAY}(?:{_MONTH}\s+(?P<day>\d{{1,2}})|(?P<first>\d{{1,2}})\s+{_MONTH.replace("month", "second")}))
        (?:,?\s+(?P<year>\d{{4}}))?\s*
        (?:(?P<agency>\((?:[A-Z][\w&' ./-]{{1,40}}|[a-z]{{2,7}})\))|[-\u2013\u2014_]{{1,2}}\s)""",
    re.VERBOSE,
)
_LONGEST = 160
_EARLIEST, _LATEST = timedelta(days=7), timedelta(days=1)
"""How long before and after the day of its stamp a report may be filed."""


def filed_on(text: str, published: date) -> date:
    """The day of the dateline that opens a text, if one does and it is near publication; else that of publication.

    Without an agency in parentheses the place must be in capitals.
    """
    found = _DATELINE.match(text[:_LONGEST])
    if found is None or not (found["agency"] or found["place"].isupper()):
        return published
    month = _MONTHS[(found["month"] or found["second"]).lower()]
    number = int(found["day"] or found["first"])
    years = [int(found["year"])] if found["year"] else [published.year + n for n in (-1, 0, 1)]
    for year in years:
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if published - _EARLIEST <= day <= published + _LATEST:
            return day
    return published
