"""The closed word lists that the rules rest on."""

import re

from search.english.calendar import in_print
from search.english.numbers import number_words
from search.english.people import Noun, media, words
from search.english.places import names, people
from search.english.table import any_word_of
from search.english.verbs import Nature, complements, forms, participles

ROLES = words(Noun.ROLE)
"""Nouns that name what somebody is; lower case."""

COUNTRIES = frozenset(name.lower() for name in names())
"""Names that are no short form of what begins with them: "Iran" is not Iran Air."""

COURTESY = words(Noun.COURTESY)
"""Titles that say nothing of what somebody is."""

TITLES = words(Noun.TITLE)
"""Titles that say less than the role that an article gives elsewhere."""

MODIFIERS = words(Noun.MODIFIER)
"""Lower-case words that may stand before such a noun."""

GROUPS = words(Noun.GROUP)
"""Other nouns that may name a speaker; lower case."""

DOCUMENTS = words(Noun.DOCUMENT)
"""Nouns for what is read: "poll", "records"."""

MEDIA = re.compile(rf"\b(?:{'|'.join(media())})\b")

NATIONALS = people()
"""Nouns of nationality by which sports pages mean the one who spoke last."""

ATTENDANTS = words(Noun.ATTENDANT)
"""Nouns of people who are somebody's, and not that somebody."""

RANKS = words(Noun.RANK)
"""Words that make another office of an office: whoever is "the president" is no former one."""

IDLE = words(Noun.IDLE)
"""Words that tell nobody from anybody else who holds the same office."""

PRONOUNS = frozenset({"he", "she", "it", "they"})

_MONTHS = rf"{in_print('month')}|(?:{in_print('month', short=True)})\."
DAY = rf"(?:{in_print('weekday')}|(?:{_MONTHS})\s+\d{{1,2}})"

NO_PAPER = (
    r"(?!\s+(?:Times|Telegraph|Post|Mirror|Mail|Express|Herald|Sun|Star|Independent|Tribune|Nation|Business)\b)"
)
"""Behind a day that does not begin the name of a paper."""

_SOME = rf"(?i:an?|{'|'.join(number_words('one'))}|(?:a\s+)?few|several|\d+)"
_UNIT = in_print("unit").lower()

ADVERBS = re.compile(
    rf"(?:\s+(?:has|have|had|also|long|later|earlier|then|again|however|meanwhile|therefore|since|yet|still|just"
    rf"|even|once"
    rf"|only|further|nevertheless|himself|herself|itself|themselves|already|often|yesterday|today|here|there"
    rf"|on|late|early|last|this|week|month|year|night|morning|afternoon|evening|both|all|alike|did|does|not"
    rf"|in\s+response|in\s+turn|for\s+(?:his|her|its|their)\s+part|in\s+a\s+\w+|in\s+an\s+\w+"
    rf"|always|(?!family|ally|daily|italy|only|early)[a-z]+ly|{DAY}))+\s*\Z"
)
"""What may stand between a subject and its verb."""

ENCLOSED = re.compile(
    r",\s+(?:however|meanwhile|too|though|for\s+(?:his|her|its|their)\s+part|in\s+turn|in\s+response"
    r"|by\s+contrast|also|again)\s*,?\s*\Z"
)
"""The same between commas."""

LEAD = re.compile(
    rf"\s*(?:(?:But|And|However|Meanwhile|Earlier|Later|Still|Yet|Also|Instead|Moreover|Furthermore"
    rf"|Nevertheless|So|Then"
    rf"|Previously|Separately|Elsewhere|Afterwards?|Yesterday|Today|Now|Nonetheless|Even|Only|Both|"
    rf"but|and|or|[Aa]lthough|[Tt]hough|[Ww]hile|[Aa]s|When|Because|Since|After|Before|even|[Oo]n|[Ll]ate|[Ee]arly|[Ll]ast\s+(?:week|month|year|night|season|weekend|summer|autumn|winter|spring|fall)"
    rf"|(?:[Ii]n|[Aa]t)\s+(?:a|an|the|his|her|its|their)\s+(?:[a-z]+\s+){{0,3}}"
    rf"(?:statement|interview|speech|letter|report|address|message|conference|editorial|briefing)"
    rf"|[Ii]n\s+(?:{in_print('month')}|\d{{4}})"
    rf"|(?:(?i:barely|just|only|about|nearly|almost|less\s+than|more\s+than)\s+)?{_SOME}\s+(?:{_UNIT})s?\s+"
    r"(?:ago|later|earlier|before)"
    rf"|{DAY}{NO_PAPER}"
    rf"|~+|[\"“”]|--|-|–|—)(?:\s+|\Z))+"
)
"""What may stand before a subject."""

CONNECTIVE = re.compile(
    r"\b(?:which|who|whom|whose|where|while|because|after|before|since|although|though|if|when|whether"
    r"|unless|until"
    r"|as|that|than|with)\s+\Z|\b(?:which|who)\b",
    re.IGNORECASE,
)

VERBS = forms(Nature.SAYS)
"""Forms of verbs that may say something; see `NEEDS`."""

SAYING = participles(Nature.SAYS) | participles(Nature.STATES)
"""Participles of verbs that say something."""

PARTICIPLES = SAYING | participles(Nature.THINKS) | participles(Nature.SIDES)
"""Participles of verbs that say, think or want something."""

STATING = forms(Nature.STATES) - VERBS
"""Forms that say something only where "that" or a quotation follows."""

SHOWING = forms(Nature.SHOWS)
"""Forms that say something where their subject is a document."""

ATTRIBUTING = VERBS | STATING | PARTICIPLES | forms(Nature.THINKS) | forms(Nature.SIDES) | SHOWING
"""Forms of all verbs by which something is somebody's: said, thought, wanted, supported."""

INVERTED = forms(Nature.INVERTS)

NEEDS = complements()
"""What must follow some verbs before they are taken for speech, as regular expressions."""

ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Aa]s\s+(?:first\s+)?(?:{any_word_of('saying', 'as it is said')})\s+(?:by|in)"
    r"|[Ii]n\s+the\s+(?:words|view|opinion|eyes)\s+of)\s+(?P<who>(?:[^,;~\"“”]|,(?=\d))+)"
)
"""What names who says it where no verb of saying does: "according to", "as reported by", "in the words of"."""
