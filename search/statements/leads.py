"""What stands before a verb of saying: its subject, once auxiliaries, adverbs and asides are cut off."""

import re

from search.english.verbs import Nature, forms
from search.statements.lexicon import ADVERBS, ENCLOSED

QUOTING = forms(Nature.QUOTES)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|be|being|has\s+been|to|not|of|the|a|an|his|her|their|its|be)\s+(?:also\s+"
    r"|widely\s+)?\Z"
)
_NEVER = re.compile(r"\b(?:never|neither|nor)\s+(?:\w+ly\s+)?\Z")
_WENT_ON = re.compile(r"\s+(?:went|goes|go|going)\s+on\s+to\s+\Z")
_BETWEEN_DASHES = re.compile(r"(?P<dash>\s?--\s?|\s?—\s?|\s[–-]\s)(?:(?!(?P=dash))[^~\"“”]){4,160}?(?P=dash)\s*\Z")
"""An aside between a subject and its verb: "The mayor -- a former sailor -- said"."""
_RELATIVE_OPEN = re.compile(r",\s+(?:which|who)\b[^,]*\Z")
_WAS = re.compile(r"\b(?:was|were)\s+\Z")
_PARTICIPLES = forms(Nature.PARTICIPLE)
_OF_PARTICIPLE = re.compile(r"\s+(?:for|by|of|as|if|whether|about|on|to|in|what|why|how)\b")


def lead_of(blank: str, match: re.Match[str]) -> str:
    """What stands before a verb, without auxiliaries and adverbs; empty if it is passive or a participle."""
    lead = _WENT_ON.sub(" ", blank[: match.start()])
    if dashes := _BETWEEN_DASHES.search(lead):
        lead = lead[: dashes.start()]
    if _NEVER.search(lead):
        return ""
    if _PASSIVE.search(lead):
        if match.group() not in QUOTING or not _WAS.search(lead):
            return ""
        lead = _WAS.sub("", lead)  # "was quoted as saying"
    if lead.rstrip().endswith(",") and match.group() in _PARTICIPLES and _OF_PARTICIPLE.match(blank, match.end()):
        return ""  # "Rumsfeld, blamed for the mess"; "the spokesman, asked if ..., said"
    if enclosed := ENCLOSED.search(lead):
        # Its first comma may close an apposition: "the party, which backs the budget, however, said".
        lead = lead[: enclosed.start()] + ("," if _RELATIVE_OPEN.search(lead, 0, enclosed.start()) else "")
    return bare(lead)


def bare(lead: str) -> str:
    """Cut auxiliaries and adverbs off the end."""
    if adverbs := ADVERBS.search(lead):
        lead = lead[: adverbs.start()]
    return lead.rstrip()
