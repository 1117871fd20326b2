"""The words, outside of verbs of saying, that tell how something is put forward."""

import re

from search.english.calendar import in_print
from search.english.numbers import number_words
from search.english.table import any_phrase_of, any_word_of
from search.english.verbs import Nature, forms


def _any(*kinds: str) -> str:
    return any_phrase_of("standing", *kinds)


DENYING = forms(Nature.DENIES)
REFUSING = forms(Nature.REFUSES)
ALLEGATION = re.compile(
    rf"\s+(?:them|it|this|these|that)?\s*as\b|(?:\s+[\w'’-]+){{0,4}}?\s+(?:{_any('alleged')})\b"
)
DENIED_GOODS = re.compile(rf"\s+(?:\w+\s+){{0,2}}(?:{_any('refused goods')})\b")
UNTRUE = re.compile(
    r"\b(?:(?:is|are|was|were|as|be)(?:\s+(?:all|simply|just|also|a|an|\w+ly))*\s+"
    rf"(?:{_any('untrue', 'untruth')}|fabricated|not\s+true)|no\s+truth\s+(?:in|to))\b"
)
CALLING = forms(Nature.DESCRIBES)
CALLED_UNTRUE = re.compile(
    rf"\s+(?:[\w'’-]+\s+){{1,8}}?(?:as\s+)?(?:\w+ly\s+)?(?:{_any('untrue')}|(?:a\s+)?(?:{_any('untruth')}))\b"
)
WE_DENY = re.compile(r"\A[\s\"“]*(?:I|[Ww]e)(?:\s+\w+ly)?\s+(?:deny|reject)\b")
NO_EVIDENCE = re.compile(
    r"\b(?:no|any)\s+(?:\w+\s+)?(?:evidence|proof)\s+(?:that|of|to)\b"
    r"|\bcold\s+water\s+on\b"
)
FOUND_EVIDENCE = re.compile(
    r"\b(?:found|is|was|seen?|had|have|has)\s+(?:\w+\s+)?no\s+(?:\w+\s+)?(?:evidence|proof)\s+(?:that|of)\b"
    r"|\bcold\s+water\s+on\b|(?<!\bwho )\bpleaded\s+(?:not\s+guilty|innocent)\b"
)
THREATENING = forms(Nature.THREATENS)
VOWING = forms(Nature.VOWS)
WARNING = forms(Nature.WARNS)
RETALIATING = re.compile(
    rf"\b(?:(?:{_any('retaliating')})|(?:{_any('spoiling')})\s+(?:\w+\s+){{0,3}}(?:relations|ties))"
)
"""What is done to others in return, whoever says that it will be done."""

HARMING = re.compile(
    rf"\b(?:(?:{_any('harming')})\b|not\s+to\s+(?!{_any('no harm')})|quit\b(?!\s+(?:smoking|drinking)))"
)
"""Harm, which only who does it can threaten: forecasters warn of storms that kill."""

ANOTHER_ACTS = re.compile(
    r"(?:[^,;.\"“”]{0,60}?\bthat)?\s+(?!(?:that|he|she|it|they|we|I|its|his|her|their|our|my|any|there)\b)"
    r"(?:[\w'’.-]+\s+){0,5}?(?!(?:that|he|she|it|they|we|I)\b)[\w'’.-]+\s+(?:will|would|could|may|might|can)\b"
)
"""Behind a verb of warning: somebody or something else than the speaker does what is warned of."""

BENIGN = re.compile(
    rf"(?:\s+[\w'’-]+){{0,5}}?\s+to\s+(?:{_any('mending')}|fight\s+(?:against\s+)?(?:{_any('evils')}))\b",
    re.IGNORECASE,
)
"""Behind a verb of vowing: a promise to nobody's harm."""

OPEN_THREAT = re.compile(
    rf"\b(?:will|would|shall|'ll|going\s+to)\s+(?:\w+\s+)?(?:{_any('threat')}|pay\s+(?:a|the)\b.{{0,20}}\bprice"
    r"|deteriorate\s+\w*\s*relations|be\s+(?:heavy\s+|grave\s+|serious\s+|dire\s+|severe\s+)?consequences"
    r"|face\s+(?:\w+\s+)?consequences|turn\s+\w+\s+into\s+a\s+graveyard)"
)
CIRCUMSTANCES = re.compile(r"(?P<between>[^;:\"“”]{0,90}?)\bthat\s+")
SOMEBODY = re.compile(r"\b(?:I|we|he|she|it|they|there|will|would|could|may|might)\b")
WARNED_OF = re.compile(r"(?:\s+[\w'’-]+){0,5}?\s+(?:warnings?|threats?|ultimatum)\b")
ASKING = forms(Nature.ASKS)
WHAT_ASKED = re.compile(r"(?:\s+[\w.'’-]+){0,5}?\s+(?:whether|if|why|what|how|when|where|who|which)\b")
IF = re.compile(
    r"(?<!as )(?<!even )(?<!see )(?<!know )(?<!sure )(?<!asked )(?<!wonder )(?<!clear )(?<!ask )(?<!or )(?<!what )"
    r"\b(?:[Ii]f|[Uu]nless|[Pp]rovided\s+(?:that|the|it|they|he|she)|[Ii]n\s+case|[Oo]n\s+condition\s+that"
    r"|[Aa]s\s+long\s+as|[Ii]n\s+the\s+event\s+(?:of|that)|[Ss]hould\s+(?:it|they|he|she)(?=\s+[a-z]+))\b(?!\s+(?:not|any|necessary|possible|so|only|anything|ever)\b)"
)
IF_FIRST = re.compile(
    r"[\s\"“~'‘]*(?:(?:But|And|Even|So|Moreover|However|that)\s*,?\s+)?(?:[Ii]f|[Uu]nless|Should\s+(?:the"
    r"|[A-Z]|he|she|it|they)|Provided|In\s+the\s+event|(?:Had|Were)\s+(?:the|[A-Z]\w+|he|she|it|they)(?=\s[^?]*,[^?]*"
    r"\b(?:would|could|might)\b))\b(?!\s+(?:not|any|necessary|possible|so)\b)"
)
MODAL = re.compile(
    r"\b(?:will|would|could|might|may|must|shall|should|can|cannot|won't|wouldn't|can't|risks?)\b|['’]ll\b"
)
_NO_NOUN = "".join(
    rf"(?<!\b{word} )" for word in "the The his His her Her their Their its Its political free".split()
)
_OF_HABIT = r"\s+(?:often|always|usually|sometimes|regularly|frequently)\b(?!\s+be\b)"
_NO_COMMENT = rf"(?:\s+not|n['’]t)\s+(?:(?:immediately|publicly|directly)\s+)?(?:{_any('silent')})\b"
"""What the article says of somebody who is silent: "would not comment"."""
FUTURE = re.compile(
    rf"\b(?=[wsmc][hioa]){_NO_NOUN}(?:will|shall|would(?!{_OF_HABIT})|might|may(?!\s+\d)|could(?!\s+not\b))\b"
    r"(?!\s+(?:not\s+|never\s+)?have\s+(?:\w+(?:ed|en)|won|lost|gone|made|done|had|led|met|left|sold|come)\b)"
    rf"(?!{_NO_COMMENT})|\b(?:wo|would(?!{_NO_COMMENT}))n['’]t\b(?!\s+have\b)|['’]ll\b"
    r"|\b(?:is|are|was|were)\s+to\s+(?!blame\b|be\s+seen\b|have\s+\w+ed\b)[a-z]+"
    r"|\b(?:is|are|was|were|be|being|'s|'re|['’]m|am)\s+(?:\w+\s+)?(?:(?:not|still|also|widely|currently|now"
    r"|largely|almost)\s+)*"
    rf"(?:{_any('arranged')}|due\s+[A-Z]\w*day)\b"
    rf"|\b(?=[ephials]){_NO_NOUN}(?<!\ba )(?<!\bA )(?<!\bno )(?<!\bany )(?<!\bthis )"
    rf"(?:{_any('meaning to')})\s+(?:\w+\s+)?to\b"
    r"|\b(?:[Ee]xpects?|[Pp]redict(?:s|ed)?|[Ff]orecasts?|[Pp]rojects|[Aa]nticipates?)\s+(?:that|the|a|an"
    r"|individual|\w+\s+growth)?\b"
    r"|\bexpects?\s+(?:[\w'’,-]+\s+){1,6}?to\b|\b(?:do|does|did)\s+not\s+expect\b|\b(?:likely"
    r"|unlikely)\s+to\b|\bto\s+be\s+\w+ed\b\s*(?:on|in|next|by)\b|\bagreed\s+to\s+\w+.*\bby\s+\d{4}\b"
    r"|\b(?:is|are|'s|'re|['’]m|am)\s+[a-z]+ing\b[^,;]*\b(?:tomorrow|next\s+(?:week|month|year|[A-Z]\w*day))\b"
)
GOES_ON = re.compile(
    r"\s*,\s+[\"“]?(?=(?:will|would|shall|may|might|could|can|must|should|is|are|was|were|has|have|had|do|does|did"
    r"|cannot|won['’]t)\b)"
)
"""What is said goes on with its verb behind who says it."""
ANNOUNCED = re.compile(
    r"\A[\s\"“]*(?P<subject>[A-Z0-9][\w'’.-]*(?:\s+[\w'’.,&-]+){0,6}?)\s+(?:(?:ready|set|due|likely)\s+)?to\s+"
    r"(?!(?:the|an?|his|her|its|their|our|this|that|all|some|about|around|over|almost|nearly|more|less|just|only"
    rf"|{'|'.join(number_words('one'))}|be\s+(?:or|seen))\b)(?P<verb>[a-z]+)\b(?!\s+(?:and|of|in)\b)"
)
"""A headline's future: "Parliament to pass the budget on Monday"."""
WHEN_ANNOUNCED = re.compile(
    rf"\b(?:(?:on|by|until)\s+)?(?:{in_print('weekday')})\b|\b(?:tomorrow|today|tonight)\b"
    r"|\b(?:next|this|later\s+this)\s+(?:week|month|year|weekend|spring|summer|autumn|winter|fall)\b"
    rf"|\b(?:in|by|on)\s+(?:late\s+|early\s+)?(?:{in_print('month')}|(?:{in_print('month', short=True)})\.|20\d\d)"
)
"""When: without it a sentence of that form is rather none ("Threat to peace in the islands.")."""
NO_SUBJECT = re.compile(rf"\b(?:{_any('no subject')})\b", re.IGNORECASE)
"""No part of such a headline's subject."""
PLANNED_NOUN = re.compile(
    rf"\A(?:\s+\w+){{0,4}}?(?:\s+[\w'’]+)?\s+(?:{_any('planned noun')})\s+(?:to|for|of|that|on)\b"
)
FORESAYING = forms(Nature.PREDICTS)
FINITE = re.compile(
    rf"\b(?:{_any('finite')})\b(?!\s+by\b)|(?:(?<=\bit)|(?<=\bI)|(?<=\b[hw]e)|(?<=\bshe)|(?<=\bthat)|(?<=\bthere)"
    r"|(?<=\bwhat)|(?<=\bwho)|(?<=\byou)|(?<=\bthey))['’](?:s|re|ve|m)\b"
    # A participle is no finite verb: "the ousted regime", "violence linked to the drive", "talks sponsored by".
    r"|(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\bhis )(?<!\btheir )(?<!\bof )(?<!\bnewly )"
    r"\b(?-i:(?!need)[a-z]{2,}ed)\b"
    r"(?!\s+(?:by|to\s+be)\b)(?<!\blinked)(?<!\brelated)(?<!\bbased)(?<!\blocated)(?<!\baimed)(?<!\binvolved)"
    r"(?<!\bdesigned)(?<!\bcalled)",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    rf",\s+(?:{_any('opening a clause')}"
    r"|(?:[a-z]+ed|built|held|led|made|known|born)\s+(?:in|by|on|to|for|at|from|with|as))\b[^,]*(?:,|\Z)"
    r"|\s(?:which|who)\b[^,]*,"
)
OPINION = re.compile(
    r"\A[\s\"]*(?:Yes,?\s+)?(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey)\s+(?:(?:do|does|did)\s+not\s+)?"
    rf"(?:{_any('thinking')}|(?:am|are|is|was|were)\s+(?:{_any('sure')}))\b"
    r"|\A[\s\"]*(?:[Tt]hinks?|[Bb]elieves?|[Hh]opes?)\b"
)
"""What one thinks of what is to come is still a prediction: "I think it will rain"."""
INNER = re.compile(rf"\b(?:{_any('inner clause')})\b")
SHARED_FUTURE = re.compile(
    r"\b(?:and|but|or)\s+(?:then\s+|also\s+)?(?:will|would|won't|may|might|is\s+(?:likely|expected|due"
    r"|set)\s+to)\b"
)
CLAUSE = re.compile(
    r"(?<=[a-z\d][.!?])\s+|[,;:]\s+|\s+--\s+|[\"“”]"
    rf"|\s+(?=(?:{_any('parting')})\s)"
)
CONFIRMING = forms(Nature.CONFIRMS)
WARNING_NOUN_BEHIND = forms(Nature.ISSUES)
CONJUNCTION = re.compile(rf"\A[\s\"“”,]*(?:{_any('joining')})\s+")
SOMEBODY_SAID = re.compile(
    r"(?:(?:But|And|However),?\s+)?"
    rf"(?:(?!\b(?:{_any('nobody said')})\b"
    r"|n['’]t)[\w'’.-]+\s+){1,8}?"
    r"(?<!\bto\s)(?:" + any_word_of("saying", "somebody said") + r")\s+(?!to\b|by\b|whether\b)"
    r"(?:(?:on\s+)?[A-Z]\w+day\s+)?(?:that\s+)?(?=\w)",
    re.IGNORECASE,
)
"""Somebody who is no speaker that is known says what follows."""
