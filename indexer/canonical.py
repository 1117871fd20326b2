r"""Canonical forms: of a body, of a line, of an address, of a language's code.

A canonical body is what is stored, embedded and quoted. It is Unicode NFC; paragraphs are parted by exactly one
blank line (`\n\n`), and inside a paragraph any run of white space is one space. What cannot be seen and carries no
meaning is gone: control characters, byte order marks, zero-width spaces, direction marks, soft hyphens,
private-use characters, noncharacters. The zero-width joiner and non-joiner stay where they stand between letters
or signs that may need them (Persian, Indic scripts, emoji). Lone surrogates become U+FFFD.

Two addresses that differ only in how the reader came to the page (tracking, a fragment, the scheme, `www.`, an AMP
copy, a closing slash, the order of parameters) name one article; parameters that choose the article, paths and
other hosts keep it apart. The address of a site or of one of its indexes is not that of an article.
"""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

# What news metadata writes instead of a two-letter code: ISO 639-2 and -3 codes and English or own names.
_OTHER_FORMS = {
    form: code
    for code, forms in {
        "ar": "ara arabic", "bg": "bul bulgarian", "bn": "ben bengali", "ca": "cat catalan", "cs": "ces cze czech",
        "da": "dan danish dansk", "de": "deu ger german deutsch", "el": "ell gre greek gr", "en": "eng english",
        "es": "spa spanish español", "et": "est estonian", "eu": "eus baq basque", "fa": "fas per persian farsi",
        "fi": "fin finnish suomi", "fr": "fra fre french français", "he": "heb hebrew iw", "hi": "hin hindi",
        "hr": "hrv croatian", "hu": "hun hungarian", "id": "ind indonesian in", "is": "isl ice icelandic",
        "it": "ita italian italiano", "ja": "jpn japanese jp", "ko": "kor korean kr", "lt": "lit lithuanian",
        "lv": "lav latvian", "ms": "msa may malay", "my": "mya bur burmese", "ne": "nep nepali",
        "nl": "nld dut dutch nederlands", "no": "nor norwegian norsk", "pl": "pol polish", "pt": "por portuguese",
        "ro": "ron rum romanian", "ru": "rus russian", "sk": "slk slo slovak", "sl": "slv slovene slovenian",
        "sr": "srp serbian", "sv": "swe swedish svenska", "sw": "swa swahili", "th": "tha thai",
        "tr": "tur turkish",
        "uk": "ukr ukrainian", "ur": "urd urdu", "vi": "vie vietnamese", "zh": "zho chi chinese cmn cn",
    }.items()
    for form in forms.split()
}  # fmt: skip
_JOINERS = "\u200c\u200d"
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*|[\u2029\f]")
_NEWLINE = re.compile(r"\r\n?|[\u0085\u2028\v]")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn"})
# Format characters (Cf) that are visible or shape the text: Arabic and Syriac number and verse signs, Kaithi
# number signs, and the tag characters of flag emoji.
_KEPT_FORMAT = frozenset(
    [
        *map(chr, range(0x0600, 0x0606)),
        *map(chr, range(0xE0020, 0xE0080)),
        *"\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd",
    ]
)
_SUSPECT = re.compile(r"[^\x20-\x7e\n\t]")
_MOST_PARAMETERS = 200
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING_FAMILIES = (
    "utm_",
    "mc_",
    "pk_",
    "mtm_",
    "hsa_",
    "ns_",
    "at_",
    "matomo_",
    "piwik_",
    "_hs",
    "guce",
    "oly_",
    "vero_",
)
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mkt_tok _ga _gl"
    " s_cid s_kwcid cmpid cmp icid ito ref_src ref_url referrer referer smid smtyp xtor wt_mc wtmc wt.mc_id"
    " soc_src soc_trk ncid ocid cvid sr_share taid trk trkcampaign tpcc wprov ftag ftcamp campaign_id emc "
    "guccounter"
    " rss_id __twitter_impression __source spm share_source"
    .split()
)  # fmt: skip
# Names that say whence a reader came where their value is a word, and that choose an article where it is a number.
_TRACKING_WORDS = frozenset({"ref", "source", "src", "from", "via", "share", "origin", "feature"})
_AMP_PARAMETERS = frozenset({"amp", "amp_js_v", "ampmode", "usqp"})
_AMP_CACHE = re.compile(r"^/(?:amp|[cv])/(?:s/)?(?P<rest>[^/]+\.[^/]+/.*)$")
_AMP_TAIL = re.compile(r"(?:/amp|\.amp)(?P<ending>\.html?)?/*$|(?:/amp)(?=/?$)", re.IGNORECASE)
_AMP_HEAD = re.compile(r"^/amp/(?=.)", re.IGNORECASE)
_INDEX = re.compile(
    r"(?:index|default|home|homepage|start|startseite)(?:\.(?:html?|php|aspx?|jsp))?", re.IGNORECASE
)
# What sites call the indexes of their sections, which are no address of one article.
_SECTIONS = frozenset(
    "news sport sports politics business world local national international opinion culture arts entertainment "
    "lifestyle tech technology"
    " science health economy finance markets money travel weather video videos photos article articles story "
    "stories archive archives blog blogs"
    " posts latest search tag tags category categories topics live nachrichten politik wirtschaft kultur "
    "noticias deportes politica economia actualites"
    " actualite politique economie sports.html nyheter nyheder uutiset nieuws".split()
)  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.IGNORECASE)
_ROUTE = re.compile(r"^[!/]")  # fragments of pages that are put together in the browser
_PLAIN = "!$&'()*+,;=:@~/-._"


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag or name: `en` for `"en-US"`, `"EN_gb"`, `"eng"`, `"English"`.

    None for no tag, for `und`, `mul` and `x-default`, and for languages that have no two-letter code.
    """
    primary = re.split(r"[-_,;\s]", (tag or "").strip().lower(), maxsplit=1)[0]
    if primary in _OTHER_FORMS:
        return _OTHER_FORMS[primary]
    return primary if re.fullmatch(r"[a-z]{2}", primary) else None


def canonical_body(text: str | Iterable[str]) -> str:
    r"""Bring a text, or paragraphs in order, into canonical form.

    Args:
        text: A text whose paragraphs are parted by blank lines, or the paragraphs themselves, each of which
            may be parted further by blank lines of its own.

    Returns:
        The canonical body; empty when nothing visible is left. Idempotent.
    """
    joined = text if isinstance(text, str) else "\n\n".join(text)
    lines = _NEWLINE.sub("\n", joined)
    paragraphs = (clean_line(paragraph) for paragraph in _PARAGRAPH_BREAK.split(lines))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def clean_line(text: str) -> str:
    """Bring one paragraph, headline or other single-line value into canonical form, on one line."""
    visible = _without_invisible(text) if _SUSPECT.search(text) else text
    collapsed = " ".join(visible.split())
    normal = unicodedata.normalize("NFC", collapsed)
    # A joiner may have lost the neighbour that justified it when what followed it was dropped.
    return normal if normal == text else clean_line(normal)


def _without_invisible(text: str) -> str:
    kept = []
    for index, character in enumerate(text):
        if character in _JOINERS:
            if _joins(text, index):
                kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif "\ud800" <= character <= "\udfff":
            kept.append("\ufffd")
        elif character in _KEPT_FORMAT or unicodedata.category(character) not in _DROPPED_CATEGORIES:
            kept.append(character)
    return "".join(kept)


def _joins(text: str, index: int) -> bool:
    """Whether the joiner at `index` stands between two characters beyond ASCII that it can join."""
    if index == 0 or index + 1 == len(text):
        return False
    return all(
        not neighbour.isascii() and unicodedata.category(neighbour)[0] in "LMS"
        for neighbour in text[index - 1 : index + 2 : 2]
    )


def canonical_address(url: str) -> str:
    """Bring an HTTP address into the one form of all that name the same article.

    The form serves comparison and ids, not retrieval: it always has the scheme `https` and no `www.`.

    Args:
        url: An absolute address; anything else is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host:
        return url
    cached = _AMP_CACHE.match(parts.path)
    if cached and (host.endswith(".cdn.ampproject.org") or re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host)):
        return canonical_address(f"https://{cached['rest']}{'?' + parts.query if parts.query else ''}")
    host = re.sub(r"^(?:www\d?|amp)\.(?=[^.]+\.)", "", host)
    if port and port not in _DEFAULT_PORTS.values():
        host = f"{host}:{port}"
    path = _path(parts.path)
    query = _query(parts.query)
    route = parts.fragment if _ROUTE.match(parts.fragment) else ""
    return f"https://{host}{path}{'?' + query if query else ''}{'#' + route if route else ''}"


def is_of_a_site(url: str) -> bool:
    """Tell whether an address is that of a site: its root, in a language or not, a section, or an index of these."""  # noqa: E501
    try:
        parts = urlsplit(canonical_address(url))
    except ValueError:
        return False
    steps = [step for step in parts.path.split("/") if step]
    if parts.query or parts.fragment:
        return False
    if steps and _LANGUAGE.fullmatch(steps[0]):
        steps = steps[1:]
    if steps and steps[0].lower() in _SECTIONS and len(steps) <= 2:  # noqa: PLR2004 - a section, or its index
        steps = steps[1:]
    return not steps or (len(steps) == 1 and bool(_INDEX.fullmatch(steps[0])))


def address_of_article(stated: Iterable[str | None], base: str | None) -> str | None:
    """Choose, of what a page says of its address, the first that can be that of one article.

    Args:
        stated: Addresses, best first, absolute or relative.
        base: What relative ones are relative to; None leaves them out.
    """
    for address in stated:
        text = (address or "").strip()
        if not text or any(character.isspace() for character in text):
            continue
        try:
            absolute = urljoin(base or "", text)
            parts = urlsplit(absolute)
            has_host = bool(parts.hostname)
        except ValueError:
            continue
        if parts.scheme.lower() in _DEFAULT_PORTS and has_host and not is_of_a_site(absolute):
            return absolute
    return None


def _path(stated: str) -> str:
    path = _AMP_HEAD.sub("/", _AMP_TAIL.sub(lambda found: found["ending"] or "", stated))
    # Only what an address may hold unescaped is unescaped, so that an escaped slash stays one.
    path = re.sub(r"%[0-9a-fA-F]{2}", lambda found: _unescaped(found[0]), path)
    path = re.sub(r"/{2,}", "/", quote(path, safe=_PLAIN + "%"))
    return path.rstrip("/")


def _unescaped(escape: str) -> str:
    character = unquote(escape)
    return character if character.isascii() and (character.isalnum() or character in "-._~") else escape.upper()


def _query(stated: str) -> str:
    kept = [
        (name, value)
        for name, value in parse_qsl(stated, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        if not _is_tracking(name.lower(), value)
    ] if stated.count("&") < _MOST_PARAMETERS else [(stated, "")]  # fmt: skip
    return urlencode(sorted(kept))


def _is_tracking(name: str, value: str) -> bool:
    if name in _TRACKING or name in _AMP_PARAMETERS or name.startswith(_TRACKING_FAMILIES):
        return True
    if name == "outputtype":
        return value.lower() == "amp"
    return name in _TRACKING_WORDS and not any(character.isdigit() for character in value)
