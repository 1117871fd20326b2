"""The verbs of saying: their forms, what each is (`verbs.tsv`), and what must follow some (`complements.tsv`)."""

from enum import StrEnum
from functools import cache

from search.english.table import table


class Nature(StrEnum):
    """What a verb is, or what may be done with a form of it.

    Says, denies, threatens and the like tell how something is put forward; the rest is grammar.
    """

    SAYS = "says"
    STATES = "states"
    """Says something where "that" or a quotation follows, and else tells what somebody does."""
    THINKS = "thinks"
    """Tells what somebody thinks, wants or feels, who need not have said so."""
    SIDES = "sides"
    """Tells for or against what somebody is."""
    SHOWS = "shows"
    """Says something if its subject is read: "polls show"."""
    ANSWERS = "answers"
    """Asks for somebody's words in a question: "what did Souza promise?"."""
    DENIES = "denies"
    REFUSES = "refuses"
    DESCRIBES = "describes"
    THREATENS = "threatens"
    VOWS = "vows"
    WARNS = "warns"
    ASKS = "asks"
    PREDICTS = "predicts"
    CONFIRMS = "confirms"
    ISSUES = "issues"
    """Something is said by the noun behind it: "issued a warning"."""
    INVERTS = "inverts"
    """May stand before who says it: "..., said Ana Souza"."""
    ADDRESSES = "addresses"
    """Whom it is said to follows: "told reporters"."""
    TELLS = "tells"
    """The same, and then a clause may follow without "that"."""
    QUOTES = "quotes"
    """Who is quoted follows, or stands before it in the passive."""
    SURELY = "surely"
    """Is no noun, even behind an owner: "Moody's said"."""
    PLAINLY = "plainly"
    """Has none but speakers behind it when it is inverted."""
    OF_SPEAKERS = "of-speakers"
    """Has none but speakers before it."""
    PARTICIPLE = "participle"
    """Behind a comma more often a participle: "Souza, blamed for the delay"."""
    NOUN = "noun"
    """More often a noun in some places: "denying reports"."""


@cache
def forms(nature: Nature) -> frozenset[str]:
    """List the forms that are of a nature, lower case."""
    found: set[str] = set()
    for row in table("verbs"):
        for entry in row["natures"]:
            name, _, only = entry.partition("=")
            if Nature(name) is nature:
                found.update(
                    only.split(",") if only else (form for form in row["forms"] if not _is_participle(form))
                )
    return frozenset(found)


@cache
def finite_forms(nature: Nature) -> frozenset[str]:
    """List all forms but the participles of the verbs of which any form is of a nature."""
    rows = (row for row in table("verbs") if any(entry.partition("=")[0] == nature for entry in row["natures"]))
    return frozenset(form for row in rows for form in row["forms"] if not _is_participle(form))


@cache
def asking_forms() -> tuple[frozenset[str], frozenset[str]]:
    """List the verbs by which a question asks for somebody's words.

    Returns:
        Their base forms ("what did Souza say"), and their finite forms and past participles ("has said").
    """
    rows = [row for row in table("verbs") if Nature.ANSWERS in row["natures"]]
    return (
        frozenset(row["verb"][0] for row in rows),
        frozenset(form for row in rows for form in row["forms"] if not _is_participle(form)),
    )


@cache
def past_forms() -> dict[str, str]:
    """The past form of each verb of saying, by its base form: "said" of "say"."""
    found = {}
    for row in table("verbs"):
        base = row["verb"][0]
        past = [
            form
            for form in row["forms"]
            if form not in {base, f"{base}s", f"{base}es"} and not _is_participle(form)
        ]
        past = [form for form in past if not form.endswith("ies")]
        if past:
            found[base] = past[0]
    return found


@cache
def participles(nature: Nature) -> frozenset[str]:
    """List the present participles of the verbs of a nature, whatever forms else are of it."""
    rows = (row for row in table("verbs") if any(entry.partition("=")[0] == nature for entry in row["natures"]))
    return frozenset(form for row in rows for form in row["forms"] if _is_participle(form))


def _is_participle(form: str) -> bool:
    return form.endswith("ing")


@cache
def complements() -> dict[str, str]:
    """What must follow a form, as a regular expression."""
    return {row["form"][0]: ";".join(row["pattern"]) for row in table("complements")}
