"""Lines of a page or a wire text that are not prose: bylines, datelines, dates, view counts, media labels."""

import re
from collections.abc import Callable, Iterable, Sequence

from search.english.datelines import dateline_of
from search.english.verbs import Nature, forms

_LABELS = re.compile(
    r"(?:image|photo|picture|video|audio|graphic|gallery|slideshow|advertisement|ad|file photo|photo gallery"
    r"|share(?: this)?(?: article| story)?|read (?:more|also)|comment"
    r"|related(?: article| storie)?|listen|watch(?: video)?"
    r"|loading|print|email|save|subscribe|sign up|play|embed|more news)s?(?:\.{3}|…)?",
    re.IGNORECASE,
)
# What a publisher says to its readers is known by whom it addresses and what of: accounts, cookies, newsletters.
_SERVICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:un)?subscri\w+|\babonn\w+|\bsuscr[ií]\w+|\babbona\w+|\bassin(?:e|atura|ante)\w*",
            r"\bnewsletters?\b|\bbriefings? (?:to|in) your\b",
        (r"\b(?:log|sign)(?:ged|ging|ned|ning)?[ -]?(?:in|on|up|out)\b|\blog-?in\b|\banmeld\w+|\binicia\w* "
        r"sesión|\bconnectez-vous"),
        (r"\b(?:your|an?|my|free|the) (?:\w+ )?(?:accounts?|profile)\b|\b(?:Ihr|dein)\w* Konto\b|\bvotre "
        r"compte\b|\btu cuenta\b"), r"\bpasswords?\b|\bPasswort\b|\bmot de passe\b",
        r"\b(?:devices?|Gerät\w*)\b", r"\bcookies?\b", r"\b(?:web )?browsers?\b|\bjavascript\b",
            r"\bad[ -]?block\w*",
        r"\binbox\b|\bby e-?mail\b|\be-?mail (?:address|updates|alerts)\b", (r"\bprivacy (?:policy|notice|"
            r"settings)\b|\bterms (?:of (?:use|service)|and conditions)\b|\bdatenschutz\w*"),
        r"\bconsent\b", r"\b(?:push )?notifications?\b|\balerts?\b", r"\b(?:our|the|mobile|free) apps?\b",
            r"\bfree trial\b|\btrial\b",
        r"\bpaywall\b|\bpremium (?:content|articles?|access)\b|\b(?:full|unlimited|exclusive|digital) access\b",
            r"\bmember(?:s|ship)?\b|\bsupporter\b",
        r"\bsupport (?:our|independent|quality|local) \w+|\bour journalism\b|\bdonat\w+|\bcontribution\b",
            (r"\bfollow us\b|\bjoin us on\b|\b(?:facebook|twitter|instagram|whatsapp|telegram) (?:page|channel|"
            r"group)\b"),
        r"\bclick (?:here|on the link|below)\b|\bhier klicken\b|\bcliquez ici\b",
            (r"\b(?:read|continue|keep) (?:reading|(?:this|the) (?:full )?(?:story|article))\b|\bto read (?:more|"
            r"on)\b"),
        r"会員|会员|회원", r"登録|注册|가입|зарегистр\w+", r"購読|订阅|구독|подпис\w+|اشترك", r"ログイン|登录|로그인|تسجيل الدخول",  # noqa: E501
            r"有料|付费|유료",
        r"\bcomment(?:s|ing)? (?:policy|section|guidelines|are)\b|\bcommunity guidelines\b",
            r"\bshar(?:e|ing) (?:this|our) (?:story|article|page|post)\b",
    )
)  # fmt: skip
_TO_THE_READER = re.compile(
    r"\b(?:you(?:'re|’re|'ve|’ve|'ll|’ll|rs?)?|we|our|us)\b|\b(?:Sie|Ihre?[nms]?|Ihnen|du|dein\w*|wir|"
    r"unser\w*)\b|\b(?:vous|votre|vos|nous|notre|nos)\b"
    r"|ください|いただけ|お読み|您|请|하세요|십시오|\b(?:вы|ваш\w*|наш\w*|нас)\b"
    r"|\b(?:usted|ustedes|tu|tus|nuestr\w+)\b|\b(?:você|nosso|nossa)\b",
    re.IGNORECASE,
)
_BIDDING = re.compile(
    r"\W*(?:please |to |already |not |why not |don['’]t miss|never miss|thank you for |thanks for "
    r")?\s*(?:subscribe|sign|log|register|click|tap|follow|download|get|join|support|read|listen|watch"
    r"|share|enter|become|stay|try|want|need|enjoy|have you|did you|do you|choose|check|enable|accept|manage|"
    r"update|upgrade|create|turn|disable|send|submit|contact|visit"
    r"|like|help|buy|order|start|unlock|continue|allow|abonnieren|melden|jetzt|lesen|abonnez|inscrivez|"
    r"suscr[ií]b|regístr|a (?:subscriber|member))\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    rf"[\"“”„«»]|\b(?:{'|'.join(sorted(forms(Nature.SURELY)))}|according to|sagte|dijo)\b", re.IGNORECASE
)
_MAX_NOTICE_CHARS = 600
_MAX_POINTER_WORDS = 16
_FIXED_NOTICE = re.compile(
    r"\W*(?:(?:©|\(c\)|copyright\b).{0,200}|(?:.{0,80}\W)?all rights reserved\b.{0,120}|(?:article|story|text) "
    r"continues (?:below|after).{0,60}|advertisement(?: - .{0,40})?|anzeige|werbung|publicité|publicidad|annonce"
    r"|your email address will not be published.*|required fields are marked.*|this (?:site|website|page) "
    r"(?:uses|requires|is protected by)\b.*"
    r"|(?:we|this site|our partners) (?:and our partners )?use(?:s)? cookies\b.*|(?:loading|please wait)\b.{0,"
    r"30}|sponsored(?: content| by .{0,60})?|promoted(?: content)?"
    r"|the (?:views|opinions) expressed\b.{0,200}|this (?:material|content) may not be (?:published|"
    r"reproduced).*|(?:reporting|writing|editing|additional reporting) by [^.!?]{2,200}(?:[;.] ?(?:editing|"
    r"writing|additional reporting) by [^.!?]{2,120})*\.?"
    r"|our standards: .{0,80}|(?:image|photo|picture|foto|bild)(?: credit)?s?\s*[:©].{0,200}|(?:file )?(?:photo|"
    r"picture) (?:by|courtesy)\b.{0,120}|(?:most|more) (?:read|popular|viewed|from)\b[^.!?]{0,60}"
    r"|(?:topics|tags|keywords|filed under|categories|labels|themen|schlagw\w+)\s*:.{0,300}|\d+ (?:comments?|"
    r"shares?|views?)|(?:view|show|see|load|hide) (?:all |more )?(?:comments?|replies).{0,20}"
    r"|(?:please )?enable javascript\b.*|(?:unsubscribe|view (?:this|it) (?:email |mail )?(?:in|online)).{0,80}|"
    r"you (?:are receiving|received|have received) this (?:e-?mail|message|newsletter)\b.*"
    r"|(?:last )?updated(?: on)?[: ].{0,40}|published(?: on)?[: ].{0,40})",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\W*(?:(?:also )?read(?: (?:also|more|next|on|our|the))*|also read|see also|related(?: (?:stories|"
    r"articles?|coverage|news|content|topics))?|more (?:on this|from|about|like this|stories|news|coverage)|you "
    r"(?:may|might) (?:also )?(?:like|be interested)(?: in)?"
    r"|recommended(?: for you| reading)?|don['’]t miss|up next|next (?:article|story)|previous (?:article|"
    r"story)|trending(?: now)?|editor['’]s (?:picks?|choice)|watch(?: (?:also|more|now|video))?|listen(?: (?:to|"
    r"now))?|in pictures|in other news|top stories|latest (?:news|stories)"
    r"|lesen sie (?:auch|mehr|hier)|mehr (?:zum thema|dazu)|auch interessant|(?:à )?lire (?:aussi|également|"
    r"plus)|lees (?:ook|meer|verder)|leia (?:também|mais)|leggi anche|(?:lea|lee|leer) (?:también|más)|te puede "
    r"interesar|también te puede interesar|más (?:noticias|información)"
    r"|관련기사|相关(?:阅读|新闻|链接|报道)|延伸阅读|推荐阅读|関連(?:記事|リンク)|あわせて読みたい|(?:เรื่อง|ข่าว)ที่เกี่ยวข้อง|اقرأ (?:أيضا|أيضًا|"  # noqa: E501
    r"المزيد)|ilgili haberler|संबंधित (?:खबरें|लेख)|must[- ]reads?"
    r"|les (?:også|mer)|läs (?:också|mer|även)|læs (?:også|mere)|lue (?:myös|lisää)|czytaj (?:też|także|więcej)|"
    r"zobacz (?:też|także)|читайте также|по теме)\b",
    re.IGNORECASE,
)
_SURE_POINTER = re.compile(
    r"\W*(?:also read|read also|related (?:stories|articles?|coverage)|lesen sie (?:auch|mehr)|(?:à )?lire "
    r"(?:aussi|également)|leggi anche|leia também|lees ook|les også|läs också"
    r"|te puede interesar|también te puede interesar|관련기사|相关(?:阅读|新闻|链接)|延伸阅读|関連(?:記事|リンク)|(?:เรื่อง|"  # noqa: E501
    r"ข่าว)ที่เกี่ยวข้อง|اقرأ (?:أيضا|أيضًا)|ilgili haberler|संबंधित (?:खबरें|लेख)|читайте также)",
    re.IGNORECASE,
)
_LIST_HEADING = re.compile(
    r"\bmust[- ]reads?\b|\b(?:more|other|latest|top|popular|related|recommended|featured|further|similar) "
    r"(?:\w+ ){0,2}(?:stories|articles|news|posts|reading|coverage|videos|headlines|reads)\b"
    r"|\bread more\b|\bweitere (?:artikel|themen|nachrichten|meldungen)\b|\bà lire aussi\b|\bnoticias "
    r"relacionadas\b|\bartículos relacionados\b|\bnotizie correlate\b|\bgerelateerd\w*",
    re.IGNORECASE,
)
_COMMENT_RULES = re.compile(
    r"\b(?:comments?|commenters?|comentarios?|comentar|kommentar\w*|commentaires?|commenti|reacties)\b.{0,"
    r"120}\b(?:moderat\w*|opini[oó]n\w*|opinions?|permitid[oa]s?|delete\w*|remove\w*|reserv\w+|contrari\w+|"
    r"policy|guidelines|rules"
    r"|offensive|abusive|injuri\w+|inapropiad\w+|löschen|netiquette|responsab\w+|verter|eliminar)\b|"
    r"\b(?:moderat\w+|verter|eliminar|reserv\w+)\b.{0,80}\b(?:comments?|comentarios?|commentaires?)\b"
    r"|التعليقات|الآراء الواردة|^\W*(?:comentar|comment|kommentieren|commenter|reply|leave a comment|add (?:a "
    r")?comment|write a comment)\W*$",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"https?://|www\.\w|(?:^|\s)@\w{3,}|\b[\w.+-]+@[\w-]+\.\w{2,}|\(END\)\s*$|=\s*@\w+", re.IGNORECASE
)
_MAX_ADDRESS_CHARS = 140
_COUNT = re.compile(
    r"[\d.,\s]*\d\s?[km]?\+?\s*(?:views?|reads?|comments?|shares?|likes?|min(?:ute)?s?(?: read)?|words)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[•·|●]\s*|\s{3,}")
_BYLINE = re.compile(r"(?:[Bb]y|BY)[:\s]\s*(?P<name>(?:the\s+)?[A-Z][^.!?:;\"]*(?:[A-Z]\.[^.!?:;\"]*)*)")
_MAX_BYLINE_WORDS = 14
_INITIALS = re.compile(
    r"(?:[A-Z]{2,5}|dpa)(?: [A-Z]{2,4})?(?: [a-z]{2,4}){0,4}|\([A-Z][\w-]{1,20}\)\.?|/[\w-]{2,12}/"
)
_SIGN_OFF = re.compile(
    r"[-–—(/*\s]*(?:ends?|30|more)[-–—)/*\s]*|#{2,}|[_*=~-]{3,}|[a-z]{2,4}(?:[/-][a-z]{2,4}){1,6}|\(END\)",
    re.IGNORECASE,
)


def byline_of(paragraph: str) -> str | None:
    """The name in a paragraph that is a byline and nothing else: `By Jane Doe`; None when it is not."""
    found = _BYLINE.fullmatch(paragraph.strip(" =<"))
    if found is None or len(paragraph.split()) > _MAX_BYLINE_WORDS:
        return None
    return found["name"].strip(" ,=")


def is_label(paragraph: str) -> bool:
    """Whether a paragraph is only the label of something that is not text: `Image`, `Advertisement`."""
    return bool(_LABELS.fullmatch(paragraph.strip(" :[]()*")))


def date_parts(paragraph: str) -> tuple[str, ...]:
    """The parts of a line such as `September 10 2024, 12:31 PM • 838 views`, counts left out."""
    parts = [part for part in _PARTS.split(paragraph) if part]
    return tuple(part for part in parts if not _COUNT.fullmatch(part) and byline_of(part) is None)


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph is said by the publisher to its readers: on accounts, newsletters, cookies, rights.

    A report on such things does not address its readers, or has somebody say it.
    """
    if len(paragraph) > _MAX_NOTICE_CHARS:
        return False
    if _FIXED_NOTICE.fullmatch(paragraph):
        return True
    if _REPORTED.search(paragraph):
        return False
    services = sum(bool(service.search(paragraph)) for service in _SERVICES)
    if not services:
        return False
    addresses = len(_TO_THE_READER.findall(paragraph))
    return bool(_BIDDING.match(paragraph)) or (addresses > 0 and services > 1)


def is_pointer(paragraph: str) -> bool:
    """Whether a paragraph points to another story and says no more: `Read also: Ferry back to sea`."""
    found = _POINTER.match(paragraph)
    if found is None:
        return False
    rest = paragraph[found.end() :].strip()
    if _SURE_POINTER.match(paragraph) and not rest.endswith((".", "!", "。")):
        return True
    parted = rest[:1] in {":", "|", "–", "—", "-", "»", ">", "→", "…"}
    return (
        not rest.strip(" :|–—->»→….")
        or (parted and not rest.endswith((".", "!")))
        or (parted and len(rest.split()) <= _MAX_POINTER_WORDS)
    )


def opens_list_of_stories(paragraph: str) -> bool:
    """Whether a line is the heading of a list of other stories: `More Must-Reads From The Gazette`."""
    return len(paragraph.split()) <= _MAX_POINTER_WORDS and bool(
        _POINTER.match(paragraph) or _LIST_HEADING.search(paragraph)
    )


def is_end_matter(paragraph: str) -> bool:
    """Whether a last paragraph is what a page puts under a text: rules of comments, addresses, appeals for gifts."""  # noqa: E501
    if is_label(paragraph) or is_pointer(paragraph) or is_notice(paragraph):
        return True
    if len(paragraph) <= _MAX_ADDRESS_CHARS and _ADDRESS.search(paragraph):
        return True
    return (
        len(paragraph) <= _MAX_NOTICE_CHARS
        and bool(_COMMENT_RULES.search(paragraph))
        and not re.search(r"[\"“„«]", paragraph)
    )


def is_count(paragraph: str) -> bool:
    """Whether a paragraph only counts views, comments or minutes to read."""
    return bool(_COUNT.fullmatch(paragraph))


def without_sign_off(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs without the closing marks of a wire text: `ends`, `/agency/`, editors' initials, rules."""
    kept = list(paragraphs)
    while len(kept) > 1 and (_SIGN_OFF.fullmatch(kept[-1]) or _INITIALS.fullmatch(kept[-1])):
        kept.pop()
    return [paragraph for paragraph in kept if not re.fullmatch(r"[\s_*=~#.-]{2,}", paragraph)]


_MOST_LEFT_OUT = 200


def left_out_of(paragraphs: Iterable[str], kept: Iterable[str | None]) -> tuple[tuple[str, str], ...]:
    """List the paragraphs of a text that are in nothing that was kept of it, each behind what it is.

    Args:
        paragraphs: All that were read, in order.
        kept: The texts in which a paragraph may be found again: body, headline, standfirst.
    """
    found = dict.fromkeys(text for text in kept if text)
    missing = [one for one in dict.fromkeys(paragraphs) if one and one not in found][:_MOST_LEFT_OUT]
    whole = "\n".join(found) if missing else ""
    return tuple((_kind_of(one), one) for one in missing if one not in whole)


def _kind_of(paragraph: str) -> str:
    judges: tuple[tuple[Callable[[str], object], str], ...] = (
        (is_label, "a label"),
        (is_count, "a count"),
        (is_pointer, "points to another story"),
        (is_notice, "a notice to readers"),
        (byline_of, "a byline"),
        (dateline_of, "a dateline"),
        (lambda line: any(map(str.isdigit, line)) and date_parts(line), "a date"),
        (lambda line: without_sign_off(("", line)) == [""], "a closing mark"),
    )
    return next((kind for judge, kind in judges if judge(paragraph)), "not in the text")
