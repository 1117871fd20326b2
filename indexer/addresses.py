"""The address of an article: one form for all links to the same page, and what is no address of an article.

Two addresses that differ only in how the reader came to the page (tracking, a fragment, the scheme, `www.`, an AMP
copy, a closing slash, the order of parameters) name one article; parameters that choose the article, paths and
other hosts keep it apart. The address of a site or of one of its indexes is not that of an article.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

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
