"""The words, outside of verbs of saying, that tell how something is put forward."""

import re

from search.english.calendar import in_print
from search.english.numbers import number_words
from search.english.table import any_word_of
from search.english.verbs import Nature, forms

DENYING = forms(Nature.DENIES)
REFUSING = forms(Nature.REFUSES)
ALLEGATION = re.compile(
    r"\s+(?:them|it|this|these|that)?\s*as\b|(?:\s+[\w'’-]+){0,4}?\s+(?:(?:alleg|accus|claim|report|charge"
    r"|suggest|rumou?r"
    r"|speculat|insinuat|critici)\w*|notion|idea\s+that|assertions?)\b"
)
DENIED_GOODS = re.compile(r"\s+(?:\w+\s+){0,2}(?:entry|access|visas?|bail|permission|asylum)\b")
UNTRUE = re.compile(
    r"\b(?:(?:is|are|was|were|as|be)(?:\s+(?:all|simply|just|also|a|an|\w+ly))*\s+(?:false|untrue|baseless|groundless"
    r"|unfounded|fabricated|fabrications?|not\s+true|lies?|nonsense)|no\s+truth\s+(?:in|to))\b"
)
CALLING = forms(Nature.DESCRIBES)
CALLED_UNTRUE = re.compile(
    r"\s+(?:[\w'’-]+\s+){1,8}?(?:as\s+)?(?:\w+ly\s+)?(?:false|untrue|baseless|groundless|unfounded"
    r"|(?:a\s+)?(?:lies?|fabrications?)|nonsense)\b"
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
    r"\b(?:retaliat\w*|reveng\w*|aveng\w*|reprisals?|consequences|punish\w*|(?:hit|strike|fight|fire)\s+back|jihad"
    r"|pay\s+(?:a|the|dearly)\b|be\s+forced\s+to|necessary\s+measures|sanctions|boycott\w*|expel\w*|veto\w*"
    r"|(?:voted|thrown|kicked)\s+out|(?:cut|switch|turn)(?:ed)?\s+off"
    r"|(?:affect|damage|harm|jeopardi[sz]e|undermine)\s+(?:\w+\s+){0,3}(?:relations|ties)"
    r"|go\s+to\s+the\s+streets|respond\s+with\s+force|tough\s+(?:action|response))"
)
"""What is done to others in return, whoever says that it will be done."""

HARMING = re.compile(
    r"\b(?:attacks?|strikes?|wars?|crush\w*|destroy\w*|kill\w*|bomb\w*|fight\b|dig\s+in"
    r"|shut\s+down|deteriorat\w*|resist\b|block\b"
    r"|withdraw\b|walk\s+out|not\s+to\s+(?!rais|increas|chang|cut|tax)|scrap\w*|suspend\w*"
    r"|quit\b(?!\s+(?:smoking|drinking)))"
)
"""Harm, which only who does it can threaten: forecasters warn of storms that kill."""

ANOTHER_ACTS = re.compile(
    r"(?:[^,;.\"“”]{0,60}?\bthat)?\s+(?!(?:that|he|she|it|they|we|I|its|his|her|their|our|my|any|there)\b)"
    r"(?:[\w'’.-]+\s+){0,5}?(?!(?:that|he|she|it|they|we|I)\b)[\w'’.-]+\s+(?:will|would|could|may|might|can)\b"
)
"""Behind a verb of warning: somebody or something else than the speaker does what is warned of."""

BENIGN = re.compile(
    r"(?:\s+[\w'’-]+){0,5}?\s+to\s+(?:end|stop|halt|prevent|avoid|avert|combat|tackle|curb|resolve"
    r"|fight\s+(?:against\s+)?(?:poverty|corruption|crime|terror\w*|hunger|aids|disease))\b",
    re.IGNORECASE,
)
"""Behind a verb of vowing: a promise to nobody's harm."""

OPEN_THREAT = re.compile(
    r"\b(?:will|would|shall|'ll|going\s+to)\s+(?:\w+\s+)?(?:retaliate|avenge|hit\s+back|strike\s+back|punish"
    r"|crush|pay\s+(?:a|the)\b.{0,20}\bprice"
    r"|pay\s+dearly|take\s+revenge|deteriorate\s+\w*\s*relations|be\s+(?:heavy\s+|grave\s+|serious\s+"
    r"|dire\s+|severe\s+)?consequences"
    r"|face\s+(?:\w+\s+)?consequences|respond\s+with\s+force|turn\s+\w+\s+into\s+a\s+graveyard)"
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
_NO_COMMENT = (
    r"(?:\s+not|n['’]t)\s+(?:(?:immediately|publicly|directly)\s+)?(?:comment|say|elaborate|disclose|identify|name|reveal"
    r"|speculate|discuss|specify|give\s+(?:details|any|a\s+figure)|provide\s+(?:details|any)"
    r"|be\s+(?:drawn|reached|quoted|named|identified))\b"
)
"""What the article says of somebody who is silent: "would not comment"."""
FUTURE = re.compile(
    rf"\b(?=[wsmc][hioa]){_NO_NOUN}(?:will|shall|would(?!{_OF_HABIT})|might|may(?!\s+\d)|could(?!\s+not\b))\b"
    r"(?!\s+(?:not\s+|never\s+)?have\s+(?:\w+(?:ed|en)|won|lost|gone|made|done|had|led|met|left|sold|come)\b)"
    rf"(?!{_NO_COMMENT})|\b(?:wo|would(?!{_NO_COMMENT}))n['’]t\b(?!\s+have\b)|['’]ll\b"
    r"|\b(?:is|are|was|were)\s+to\s+(?!blame\b|be\s+seen\b|have\s+\w+ed\b)[a-z]+"
    r"|\b(?:is|are|was|were|be|being|'s|'re|['’]m|am)\s+(?:\w+\s+)?(?:(?:not|still|also|widely|currently|now"
    r"|largely|almost)\s+)*(?:going\s+to|due\s+to|due\s+(?:back|in|on|out|next"
    r"|this|tomorrow|later|[A-Z]\w*day)\b"
    r"|set\s+to|expected|scheduled|likely|unlikely|forecast|predicted|bound\s+to|poised\s+to|slated"
    r"|about\s+to|planning|planned|aimed\s+to|"
    r"projected|tipped|intend\w*|designed\s+to\s+be|hoping|ready\s+to|preparing\s+to|considering)\b"
    rf"|\b(?=[ephials]){_NO_NOUN}(?<!\ba )(?<!\bA )(?<!\bno )(?<!\bany )(?<!\bthis )"
    r"(?:expect|expects|expected|plans?|planned|intends?|intended|hopes?|hoped|aims?|aimed|seeks"
    r"|looks\s+set|appears?\s+set|seems?\s+likely|look\s+likely)\s+(?:\w+\s+)?to\b"
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
NO_SUBJECT = re.compile(
    r"\b(?:how|what|when|where|why|whether|who|which|if|as|by|for|from|in|on|at|not|only|close|next|next|according|due"
    r"|plans?|efforts?|bids?|attempts?|ways?|rights?|decisions?|times?|moves?|offers?|deals?|needs?|chances?"
    r"|abilit(?:y|ies)|threats?|access|keys?|guides?|routes?|answers?|returns?|letters?|calls?|thanks|hopes?|wants?"
    r"|fail(?:s|ed)?|refus(?:es|e)|begins?|starts?|continues?|likes?|loves?|tends?|tr(?:y|ies)|asks?|urges?|votes?"
    r"|agrees?|decides?|orders?|allows?|forces?|helps?|needed|up|failure|failed|claims?|appears?|seems?|point|relate|\w+ly|\w+ing|seeks?|comes?|goes|used|he|she|it|they|we|I|you|that|this)\b",
    re.IGNORECASE,
)
"""No part of such a headline's subject."""
PLANNED_NOUN = re.compile(
    r"\A(?:\s+\w+){0,4}?(?:\s+[\w'’]+)?\s+(?:plans?|intentions?|forecasts?|projections?|hopes?)\s+(?:to|for"
    r"|of|that|on)\b"
)
FORESAYING = forms(Nature.PREDICTS)
FINITE = re.compile(
    r"\b(?:is|are|was|were|am|has|have|had|do|does|did|said|says|went|came|took|made|gave|got|began|rose"
    r"|fell|hit"
    r"|led|left|held|won|lost|met|kept|told|brought|saw|felt|thought|knew|heard|sold|bought|paid|fled|flew"
    r"|spoke|wrote|built|fought|shot|sank|drew|sought|grew|became|ran|put|set|sent"
    r"|spent"
    r"|broke|can|cannot|must|should|reflects|shows|means|remains|needs|wants|prove|proves|makes|gives"
    r"|includes?|faces"
    r"|remain)\b(?!\s+by\b)|(?:(?<=\bit)|(?<=\bI)|(?<=\b[hw]e)|(?<=\bshe)|(?<=\bthat)|(?<=\bthere)"
    r"|(?<=\bwhat)|(?<=\bwho)|(?<=\byou)|(?<=\bthey))['’](?:s|re|ve|m)\b"
    # A participle is no finite verb: "the ousted regime", "violence linked to the drive", "talks sponsored by".
    r"|(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\bhis )(?<!\btheir )(?<!\bof )(?<!\bnewly )"
    r"\b(?-i:(?!need)[a-z]{2,}ed)\b"
    r"(?!\s+(?:by|to\s+be)\b)(?<!\blinked)(?<!\brelated)(?<!\bbased)(?<!\blocated)(?<!\baimed)(?<!\binvolved)"
    r"(?<!\bdesigned)(?<!\bcalled)",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r",\s+(?:which|who|whose|whom|where|when|while|as|adding|saying|due|expected|scheduled|set|likely"
    r"|unlikely|planned"
    r"|(?:[a-z]+ed|built|held|led|made|known|born)\s+(?:in|by|on|to|for|at|from|with|as))\b[^,]*(?:,|\Z)"
    r"|\s(?:which|who)\b[^,]*,"
)
OPINION = re.compile(
    r"\A[\s\"]*(?:Yes,?\s+)?(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey)\s+(?:(?:do|does|did)\s+not\s+)?(?:think|believe"
    r"|thinks|believes|thought|believed"
    r"|hope|hopes|hoped|expected|(?:am|are|is|was|were)\s+(?:certain|sure|confident|convinced|hopeful))\b"
    r"|\A[\s\"]*(?:[Tt]hinks?|[Bb]elieves?|[Hh]opes?)\b"
)
"""What one thinks of what is to come is still a prediction: "I think it will rain"."""
INNER = re.compile(
    r"\b(?:which|who|whom|whose|where|that|whether|while|because|after|before|since|although|though|until"
    r"|when|what|how|why)\b"
)
SHARED_FUTURE = re.compile(
    r"\b(?:and|but|or)\s+(?:then\s+|also\s+)?(?:will|would|won't|may|might|is\s+(?:likely|expected|due"
    r"|set)\s+to)\b"
)
CLAUSE = re.compile(
    r"(?<=[a-z\d][.!?])\s+|[,;:]\s+|\s+--\s+|[\"“”]|\s+(?=(?:and|but|or|because|although|though|while|which|who|that|if|unless"
    r"|whether|when|after"
    r"|before|since|until|as)\s)"
)
CONFIRMING = forms(Nature.CONFIRMS)
WARNING_NOUN_BEHIND = forms(Nature.ISSUES)
CONJUNCTION = re.compile(r"\A[\s\"“”,]*(?:and|but|or|which|who|that|because|although|though|while|as)\s+")
SOMEBODY_SAID = re.compile(
    r"(?:(?:But|And|However),?\s+)?"
    r"(?:(?!\b(?:who|whom|which|that|never|not|no|nobody|neither|nor|few|none|if|when|while|because|after|before"
    r"|will|would|could|should|may|might|can|must|is|are|was|were|be|been|being|as|although|though"
    r"|refuse\w*|decline\w*|I)\b"
    r"|n['’]t)[\w'’.-]+\s+){1,8}?"
    r"(?<!\bto\s)(?:" + any_word_of("saying", "somebody said") + r")\s+(?!to\b|by\b|whether\b)"
    r"(?:(?:on\s+)?[A-Z]\w+day\s+)?(?:that\s+)?(?=\w)",
    re.IGNORECASE,
)
"""Somebody who is no speaker that is known says what follows."""
