"""The closed word lists that the rules rest on."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLES = _words(
    """
    president vice-president premier prime minister ministers chancellor secretary undersecretary spokesman
    spokeswoman spokesperson chief chiefs head director director-general chairman chairwoman chairperson chair
    leader leaders commander general lieutenant colonel major captain admiral brigadier marshal sergeant governor
    mayor senator congressman congresswoman lawmaker lawmakers legislator deputy deputies commissioner ambassador
    envoy diplomat diplomats official officials officer officers analyst analysts economist economists expert
    experts professor academic scientist researcher doctor dr lawyer prosecutor prosecutors judge justice
    attorney king queen prince princess pope cardinal archbishop bishop sheikh sheik ayatollah mullah imam cleric
    rev mr mrs ms miss sir lord lady dame coach manager striker midfielder defender goalkeeper player trader
    dealer dealers broker executive executives ceo owner founder editor journalist reporter correspondent author
    activist resident residents witness witnesses survivor victim farmer teacher student worker workers pilot
    candidate representative rep negotiator mediator coordinator adviser advisor aide aides inspector
    superintendent detective constable strongman dictator backbencher legend champion star actor actress singer
    producer historian critic dissident rebel militant member members speaker counsel treasurer consul delegate
    mp senators d'affaires gen lt col maj sen gov prof sgt capt cmdr adm brig strategist ex-president ex-premier
    taoiseach crown general-secretary secretary-general
    """
)
"""Nouns that name what somebody is; lower case."""

COUNTRIES = _words(
    """
    afghanistan algeria america argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium
    bolivia bosnia brazil britain bulgaria cambodia cameroon canada chile china colombia congo croatia cuba cyprus
    denmark ecuador egypt eritrea estonia ethiopia finland france georgia germany ghana greece guatemala haiti
    hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya kosovo
    kuwait kyrgyzstan laos latvia lebanon liberia libya lithuania luxembourg malaysia mali malta mexico moldova
    mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman
    pakistan palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda serbia
    singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan tanzania thailand
    tunisia turkey turkmenistan uganda ukraine uruguay uzbekistan venezuela vietnam yemen zambia zimbabwe
    washington london paris berlin moscow beijing tokyo tehran kyiv ankara cairo brussels
    """
)
"""Names that are no short form of what begins with them: "Iran" is not Iran Air."""

COURTESY = _words("mr mrs ms miss mr. mrs. ms.")
"""Titles that say nothing of what somebody is."""

TITLES = _words(
    "sir dame lord lady dr dr. prof prof. professor rev rev. gen gen. sen sen. rep rep. secretary minister"
)
"""Titles that say less than the role that an article gives elsewhere."""

MODIFIERS = _words(
    """
    foreign prime deputy vice former senior chief acting interim assistant associate defense defence interior
    finance trade economy economic energy health state government opposition police army military public press
    company club union party presidential parliamentary permanent national international regional local top
    leading veteran outgoing incoming visiting supreme high general first second central security nuclear oil
    justice home junior fellow retired late ruling rebel ex- chairman british-born de facto hardline moderate
    conservative liberal head exiled ousted sacked world cup intelligence affairs executive managing sales
    research marketing media team match
    """
)
"""Lower-case words that may stand before such a noun."""

GROUPS = _words(
    """
    police army military government ministry agency report statement bank court company group firm party
    commission committee council union embassy office department federation association organisation organization
    authorities sources source media radio television newspaper newspapers daily paper magazine reports poll
    study survey analysts critics observers investigators rebels troops opposition parliament administration
    regime leadership bureau center centre institute fund watchdog alliance coalition movement navy hospital
    airline university ministers countries partners parents relatives fans supporters dealers traders brokers
    doctors medics scientists lawyers body document declaration communique insurgents militants islamists
    protesters voters villagers neighbours man woman boy girl mother father brother sister wife husband widow son
    daughter passenger driver tourist refugee refugees survivors associates colleagues friends insiders swede
    briton frenchman german american australian brazilian argentine spaniard italian russian dutchman swiss
    observer people minister economists lawmakers legislators reporter bulletin editorial letter note circular
    service market press
    """
)
"""Other nouns that may name a speaker; lower case."""

MEDIA = re.compile(
    r"\b(?:AFP|Xinhua|Reuters|AP|Interfax|Itar-Tass|ITAR-TASS|Kyodo|Yonhap|Jiji|IRNA|ISNA|BBC|CNN|UPI|MENA"
    r"|KCNA|Anatolia"
    r"|news ?agency|agency|agencies|newspapers?|daily|dailies|paper|magazine|weekly|television|TV|radio|media"
    r"|press reports|reports|News|Times|Post|Journal|Herald|Daily|Guardian|Telegraph|website)\b"
)

NATIONALS = _words(
    """
    swede briton frenchman frenchwoman german american australian brazilian argentine spaniard italian russian
    dutchman dutchwoman swiss belgian dane finn norwegian scot scotsman welshman irishman englishman englishwoman
    portuguese pole czech croat serb turk greek canadian kenyan ethiopian moroccan indian pakistani japanese
    korean chinese mexican chilean colombian austrian hungarian
    """
)
"""Nouns of nationality by which sports pages mean the one who spoke last."""

ATTENDANTS = _words(
    """
    spokesman spokeswoman spokesperson spokesmen aide aides adviser advisers advisor advisors assistant assistants
    deputy lawyer lawyers attorney attorneys counsel solicitor agent representative representatives envoy
    bodyguard driver doctor biographer translator predecessor successor rival rivals opponent opponents
    critic critics supporter supporters follower followers ally allies friend friends colleague colleagues wife
    husband widow widower son daughter brother sister father mother parents cousin uncle aunt nephew niece
    relative relatives grandson granddaughter fan fans
    """
)
"""Nouns of people who are somebody's, and not that somebody."""

RANKS = _words(
    """
    vice deputy former ex assistant under sub shadow elect designate ousted deposed toppled sacked retired late
    exiled incoming honorary interim
    """
)
"""Words that make another office of an office: whoever is "the president" is no former one."""

IDLE = _words(
    """
    visiting outgoing veteran top senior leading powerful influential embattled outspoken popular famous
    controversial beleaguered hardline moderate 's same said then acting
    """
)
"""Words that tell nobody from anybody else who holds the same office."""

PRONOUNS = _words("he she it they")

_WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_MONTHS = (
    r"January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\."
)
DAY = rf"(?:{_WEEKDAYS}|(?:{_MONTHS})\s+\d{{1,2}})"

ADVERBS = re.compile(
    rf"(?:\s+(?:has|have|had|also|later|earlier|then|again|however|meanwhile|therefore|since|yet|still|just"
    rf"|even|once"
    rf"|only|further|nevertheless|himself|herself|itself|themselves|already|often|yesterday|today|here|there"
    rf"|would"
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
    rf"but|and|or|although|though|while|as|even|[Oo]n|[Ll]ate|[Ee]arly|[Ll]ast\s+(?:week|month|year|night)"
    rf"|(?:[Ii]n|[Aa]t)\s+(?:a|an|the|his|her|its|their)\s+(?:[a-z]+\s+){{0,3}}"
    rf"(?:statement|interview|speech|letter|report|address|message|conference|editorial|briefing)"
    rf"|[Ii]n\s+(?:January|February|March|April|May|June|July|August|September|October|November|December"
    rf"|\d{{4}})"
    rf"|{DAY}(?!\s+(?:Times|Telegraph|Post|Mirror|Mail|Express|Herald|Sun|Star|Independent|Tribune|Nation|Business)\b)"
    rf"|~+|[\"“”]|--|-|–|—)(?:\s+|\Z))+"
)
"""What may stand before a subject."""

CONNECTIVE = re.compile(
    r"\b(?:which|who|whom|whose|where|while|because|after|before|since|although|though|if|when|whether"
    r"|unless|until"
    r"|as|that|than|with)\s+\Z|\b(?:which|who)\b"
)

VERBS = _words(
    """
    said says say told tells tell added adds announced announces announce declared declares declare stated states
    warned warns warn noted notes note stressed stresses stress insisted insists insist argued argues argue
    claimed claims claim confirmed confirms confirm admitted admits admit acknowledged acknowledges acknowledge
    reiterated reiterates explained explains replied replies responded responds revealed reveals reported reports
    commented comments remarked remarks predicted predicts predict forecast forecasts estimated estimates pledged
    pledges pledge vowed vows vow promised promises promise threatened threatens threaten threatening denied
    denies deny rejected rejects reject dismissed dismisses dismiss refuted refutes refute accused accuses accuse
    condemned condemns condemn criticised criticises criticized criticizes blamed blames hailed hails praised
    praises urged urges urge asked asks wondered wonders demanded demands believes believe recalled recalls
    recognised recognized concluded concludes conceded concedes emphasised emphasized emphasizes complained
    complains joked disclosed asserted cautioned cautions suggested suggests testified wrote writes ruled
    signalled signaled hinted described describes attributed expects expressed expresses attacked slammed slams
    blasted blasts deplored lamented quipped continued indicated maintained maintains contended contends quoted
    cited pointed called calls appealed thanked welcomed welcomes affirmed affirms underlined underscored boasted
    proclaimed advised voiced ordered raised trumpeted found finds figured hopes mused poured renewed repeated
    gave issued tweeted tweets posted agreed agrees thinks countered retorted clarified alleged assured reckons
    """
)
"""Forms of verbs that may say something; see `NEEDS`."""

INVERTED = re.compile(
    r"(?:said|says|added|adds|asked|asks|replied|warned|declared|explained|commented|noted|insisted|wrote"
    r"|stressed"
    r"|admitted|argued|recalled|continued|responded|conceded|agreed|joked|announced|stated|claimed|urged"
    r"|complained"
    r"|lamented|reported|affirmed|emphasized|emphasised|remarked|concluded|quipped|confirmed|predicted|boasted"
    r"|reiterated|cautioned|observed|tweeted|countered|retorted|clarified)\Z"
)

NEEDS = {
    "called": r"\s+(?:(?:for|on|upon)\b|(?!off\b).*[\"“]|it\b|him\b|the\b)",
    "calls": r"\s+(?:for|on|upon)\b",
    "pointed": r"\s+out\b",
    "quoted": r".*?\bas\s+(?:saying|telling)\b",
    "cited": r".*?\bas\s+saying\b",
    "raised": r"\s+(?:its|their|his|her)\b.{0,30}\bforecasts?\b",
    "found": r"\s+(?:that|no\s+evidence)\b",
    "finds": r"\s+that\b",
    "figured": r"\s+(?:that)\b",
    "renewed": r"\s+(?:\w+\s+){0,2}(?:demands?|calls?|appeals?|threats?|warnings?|pledges?)\b",
    "repeated": r"\s+(?:\w+\s+){0,2}(?:demands?|calls?|appeals?|threats?|warnings?|pledges?|that)\b",
    "posted": r"(?:\s+on\s+\w+)?\s*(?:that\b|:|,?\s*[\"“])",
    "agreed": r"\s+that\b",
    "agrees": r"\s+that\b",
    "alleged": r"\s+that\b",
    "assured": r"\s+(?:[\w'’-]+\s+){1,4}?that\b",
    "gave": r"\s+(?:\w+\s+){0,4}(?:warning|assurances?|ultimatum|pledge)\b",
    "issued": r"\s+(?:\w+\s+){0,4}(?:warning|ultimatum|threat|denial|threats)\b",
    "poured": r"\s+cold\s+water\b",
    "ruled": r"\s+that\b",
    "reported": r"(?!\s+to\s+(?:be|have)\b)",
    "reports": r"\s+(?:that|on|[A-Z])",
    "continued": r"(?!\s+to\b)\s*(?:[,:.\"“]|\Z|that\b)",
    "ordered": r"\s+(?:that)\b",
    "claimed": r"(?!\s+(?:the\s+)?(?:lives|life|victory|gold|silver|bronze|\d))",
    "claims": r"\s+(?!against\b|for\b|of\b|to\b|by\b|from\b)\w",
    "attacked": r"\s+.*\bfor\b",
    "described": r"\s+.*\bas\b",
    "describes": r"\s+.*\bas\b",
    "indicated": r"\s+(?:that|he|she|it|they|the)\b",
    "maintained": r"\s+(?:that|he|she|it|they)\b|\Z",
    "maintains": r"\s+(?:that|he|she|it|they)\b",
    "told": r"\s",
    "forecast": r"\s+(?:that|a|an|the|growth|\w+\s+growth)\b",
    "forecasts": r"\s+(?:that|a|an)\b",
    "states": r"\s+(?:that|[:,.\"“])|\Z",
    "comments": r"\s*[:.,]?\Z",
    "estimates": r"\s+(?:that|the|there|[\d$])",
    "notes": r"\s+(?:that|the)\b|\s*[.,]?\Z",
    "demands": r"\s+that\b",
    "expects": r"\s",
    "advised": r"\s+the\b|\s+\w+\s+to\b",
    "voiced": r"\s",
    "suggested": r"\s+(?!by\b)",
    "attributed": r"\s+.*\bto\b",
    "indicates": r"\s+that\b",
    "rejects": r"\s",
    "dismissed": r"\s+(?!from\b|for\b|in\b|by\b)\w",
}
"""What must follow some verbs before they are taken for speech, as regular expressions."""
