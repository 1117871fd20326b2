"""Quotations inside a sentence: blanked, so that rules on the words around them see no word of them."""

import re

from search.statements.lexicon import VERBS

# A mark that opens inside of a quotation begins the next paragraph of it: "One. "Two."
_QUOTED = re.compile(r'"(?:[^"]|(?<=[.!?] )"(?=\w))*(?:"|\Z)|“[^”]*(?:”|\Z)|(?<!\w)‘(?:[^’]|’(?=\w))*’(?!\w)')
_SENTENCE_END = re.compile(r"(?:(?<=[a-z\d]{3})\.|(?<=[a-z])[!?]|\.\.\.)['’]?\s+(?=[\"“A-Z])")
_QUOTED_VERB = re.compile(
    rf"(?<=\w )[\"“](?P<verb>(?:[a-z]+ly )?(?:{'|'.join(sorted(VERBS))}))[\"”]"
    r"(?= (?:the|a|an|that|his|her|its|their|any|all|[A-Z]))"
)
"""Nothing but a verb is quoted: Souza "totally condemned" the plan."""
BLANK = "~"
_OPENING = frozenset('"“')
_CLOSING = re.compile(r"[\"”]")


def unquoted(sentence: str) -> str:
    """Blank what is quoted, code point by code point; double quotation marks stay, but around a verb of saying."""
    sentence = _QUOTED_VERB.sub(lambda match: f" {match['verb']} ", sentence)
    return _QUOTED.sub(lambda match: _blanked(match.group()), sentence)


def quotations(sentence: str) -> list[tuple[int, int]]:
    """List the offsets of what is quoted, the marks left out."""
    return [
        (match.start() + 1, match.end() - (match.end() - match.start() > 1 and match.group()[-1] in '"”'))
        for match in _QUOTED.finditer(sentence)
    ]


def is_quotation(sentence: str) -> bool:
    """Tell whether a sentence is quoted from its beginning to its end, by marks of its own."""
    blank = unquoted(sentence)
    return sentence[:1] in {'"', "“", "‘"} and not any(character.isalpha() for character in blank)


def begins_quoted(sentence: str) -> bool:
    """Tell whether a sentence begins within quotation marks of its own."""
    return sentence[:1] in _OPENING


def is_left_open(sentence: str) -> bool:
    """Tell whether a sentence is one quotation that does not close in it, and goes on in the next paragraph."""
    return begins_quoted(sentence) and not _CLOSING.search(sentence, 1)


def first_sentence(quotation: str) -> str:
    """The first sentence of a quotation that may have several."""
    end = _SENTENCE_END.search(quotation)
    return quotation[: end.end()].rstrip() if end else quotation


def _blanked(quoted: str) -> str:
    if quoted[0] == "‘":  # what closes it is an apostrophe elsewhere
        return BLANK * len(quoted)
    closed = len(quoted) > 1 and quoted[-1] in '"”'
    inside = quoted[1:-1] if closed else quoted[1:]
    return quoted[0] + BLANK * len(inside) + (quoted[-1] if closed else "")
