"""Verified citations: whether a quote stands in the archive, where, how faithfully, and whose words it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.archive.protocol import Snapshot
from search.archive.records import Query
from search.archive.scoring import Scoring
from search.article import Article, Span, Withdrawal
from search.english.people import media
from search.english.terms import STOP_WORDS, content_terms
from search.errors import QueryError
from search.filters import Filter
from search.quoting.alignment import (
    CitationStatus,
    Verdict,
    may_be_marked,
    may_be_quoted,
    verify_quote,
    verify_verbatim,
)
from search.quoting.citation_id import CitationKey, citation_id, locate, parse_citation_id
from search.quoting.folding import fold
from search.statements import Speaker, Statement, folded, read_statements

__all__ = ["CitationStatus", "Claim", "Verdict", "Verification", "verify_claim", "verify_quote"]

_LONGEST_READ = 200_000
"""Code points of a text whose statements are read; in a longer one nobody is told."""

_SHORTEST_NAME = 2
_TERMS = 32
_PASSAGES = 100
_ARTICLES = 20
_MOST_HOLDERS = 300_000
"""Passages, counted once for each term that they have, that are ranked at most for one quote."""


def speakers_of(text: str, spans: Sequence[Span]) -> list[Speaker | None]:
    """Tell who a text names as the speaker of each quotation in it; None where it names nobody."""
    if not spans or len(text) > _LONGEST_READ:
        return [None] * len(spans)
    statements = read_statements(text)
    return [next(iter(speakers_at(statements, span)), None) for span in spans]


def speakers_at(statements: Iterable[Statement], span: Span) -> tuple[Speaker, ...]:
    """List who speaks in a slice of a body, each once, in order: whoever says the part that it touches."""
    found: dict[str, Speaker] = {}
    for statement in statements:
        if not statement.overlaps(span):
            continue
        parts = [part for part in statement.parts if part.overlaps(span)]
        within = [part for part in parts if part.start <= span.start and span.end <= part.end]
        for one in within or (statement, *parts):
            if one.speaker is not None:
                found.setdefault(one.speaker.name, one.speaker)
    return tuple(found.values())


def is_somebody_elses(given: Speaker | None, known: Sequence[Speaker]) -> bool:
    """Tell whether a text gives words to somebody and the archive has them from others only.

    They are others when no word of the names and roles is the same, as of "Blinken" and "Antony Blinken, Secretary
    of State". Descriptions ("the minister") and media ("Reuters") may mean anybody, and accuse nobody.
    """
    if given is None or not known or not all(map(_is_named, (given, *known))):
        return False
    words = _words(given)
    return all(words.isdisjoint(_words(one)) for one in known)


def _is_named(speaker: Speaker) -> bool:
    if any(word in media() for word in speaker.name.split()):
        return False
    return any(word[:1].isupper() for word in speaker.name.split())


def _words(speaker: Speaker) -> set[str]:
    words = folded(f"{speaker.name} {speaker.role or ''}").split()
    return {word for word in words if len(word) >= _SHORTEST_NAME and word not in STOP_WORDS}


def articles_with(snapshot: Snapshot, quote: str) -> list[Article]:
    """Load the articles that a quote's rarest words find, best first.

    Only articles that can be found are: none that is withdrawn or superseded. Words that stand nearly everywhere
    are left out when ranking by them would take long; a quote that has no others finds nothing.
    """
    frequencies = snapshot.rarity(content_terms(fold(quote).text))
    terms = _telling(frequencies.passages_with)
    if not terms:
        return []
    scoring = Scoring(terms, frequencies)
    found = snapshot.candidates(Query(None, tuple(terms)), _PASSAGES, Filter()).passages
    ranked = sorted(found, key=lambda one: (-scoring.of_passage(one), one.passage))
    ids = list(dict.fromkeys(one.passage.article_id for one in ranked))[:_ARTICLES]
    dossiers = snapshot.read(ids)
    return [dossiers[id_].article for id_ in ids]


def _telling(holders: Mapping[str, int]) -> list[str]:
    """Choose the rarest terms of a quote, given with how many passages have each, the rarest first."""
    chosen, ranked = [], 0
    for term in sorted(holders, key=lambda term: (holders[term], term))[:_TERMS]:
        ranked += holders[term]
        if ranked > _MOST_HOLDERS:
            break
        chosen.append(term)
    return chosen


_LONGEST = 10_000
_LONGEST_NAME = 4_096
_MOST_READ = 400_000
"""Code points of the articles that nobody named, of which at most a quote's words are compared."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That some words are a quote from the archive.

    Attributes:
        quote: The words; None when a citation id alone is given.
        article_id: Id of the article they are said to be from; None when none is named.
        headline: Its headline, where it is named by that.
        start: First code point in the article's body at which they are said to stand.
        end: One past the last.
        citation_id: A citation id, which says all that is not said otherwise.
        marked: Whether they are words that a citation marks in its quote, of which less is asked than of a quote
            (`search.quoting.alignment.may_be_marked`).
    """

    quote: str | None
    article_id: str | None = None
    headline: str | None = None
    start: int | None = None
    end: int | None = None
    citation_id: str | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """How a claim stands to the archive.

    Attributes:
        status: How the quote stands to the archive.
        reason: The same in plain words.
        article: Where it stands; when absent, the article that has the closest; None when there is none.
        span: Where in the article's body; None when absent.
        pieces: The parts it was stitched from, in order; empty otherwise.
        moved: Whether it stands elsewhere in the named article than at the offsets that were given.
        closest: When absent: what stands where most of its words in a row do; None when no three do.
        withdrawal: What withdraws the article, so that nothing in it may be used; None when it is not withdrawn.
        superseded_by: Id of the later article in its place; None when there is none.
        speakers: Who says it there, in order; empty when the article itself does, and when absent.
    """

    status: CitationStatus
    reason: str
    article: Article | None = None
    span: Span | None = None
    pieces: tuple[Span, ...] = ()
    moved: bool = False
    closest: Span | None = None
    withdrawal: Withdrawal | None = None
    superseded_by: str | None = None
    speakers: tuple[Speaker, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the quote says what the article says, where it is said to, and the article was not withdrawn."""
        return self.status.verified and self.withdrawal is None

    @property
    def found(self) -> str | None:
        """What stands in the archive there: `article.body[start:end]`; None when absent."""
        return self.span.of(self.article.body) if self.article and self.span else None

    @property
    def citation_id(self) -> str | None:
        """The citation id of what was found; None when the quote as a whole stands nowhere."""
        if self.article is None or self.span is None or self.status is CitationStatus.STITCHED:
            return None
        return citation_id(self.article.id, self.span.start, self.span.end, self.span.of(self.article.body))


def verify_claim(snapshot: Snapshot, claim: Claim, *, longest: int = _LONGEST) -> Verification:
    """Find out how a claim stands to the archive. Needs no embedding model.

    The article that is named is looked at first, also when it was withdrawn or superseded. If it does not have the
    quote, or none is named, the articles are that the quote's rarest words find: only those that can be found. The
    work is bounded: of very long articles only the best are compared word for word with a quote that does not
    stand in them.

    Args:
        snapshot: What the claim is about.
        claim: A quote, with an article, offsets or a citation id where these are known.
        longest: Most code points of a quote.

    Raises:
        QueryError: If the claim is malformed or its quote too long.
    """
    found = _verified(snapshot, claim, longest)
    if found.article is None:
        return found
    dossier = snapshot.read([found.article.id])[found.article.id]
    reason = f"{found.reason} The article was withdrawn." if dossier.withdrawal else found.reason
    return replace(
        found,
        reason=reason,
        withdrawal=dossier.withdrawal,
        superseded_by=dossier.superseded_by,
        speakers=speakers_at(dossier.statements, found.span) if found.span else (),
    )


def _verified(snapshot: Snapshot, claim: Claim, longest: int) -> Verification:
    _check_text(claim)
    key = parse_citation_id(claim.citation_id) if claim.citation_id is not None else None
    claim = _completed(claim, key)
    span = _span(claim)
    named = _named(snapshot, claim.article_id)
    if claim.quote is None:
        if key is None:
            raise QueryError("There is no quote to verify.", "Give the quote, or a citation id.")
        return _of_id_alone(key, named)
    if len(claim.quote) > longest:
        raise QueryError(
            f"The quote has {len(claim.quote)} characters; at most {longest} are verified.",
            "Verify it in parts.",
        )
    if not fold(claim.quote).text:
        raise QueryError("The quote is empty.", "Give the words that are quoted.")
    may_stand = may_be_marked if claim.marked else may_be_quoted
    if named and span and span.end <= len(named.body) and not may_stand(named.body, span):
        span = None  # offsets do not make "able to attend" a quote of "unable to attend"
    verdict = verify_quote(named.body, claim.quote, span) if named else None
    if named and verdict and verdict.status.verified:
        return _verification(named, verdict)
    others = [article for article in articles_with(snapshot, claim.quote) if not named or article.id != named.id]
    return _judged(claim, named, verdict, _compared(claim, others))


def _compared(claim: Claim, articles: list[Article]) -> list[tuple[Article, Verdict]]:
    """Compare a quote with articles, best first: until one is found that it stands in word for word, or the bound.

    That it stands in an article word for word is found in every one, because this is cheap to tell.
    """
    quote = claim.quote or ""
    for article in articles:
        if _headed(article, claim) and (verdict := verify_verbatim(article.body, quote)):
            return [(article, verdict)]
    compared = []
    left = _MOST_READ
    for article in articles:
        verdict = verify_quote(article.body, quote) if left > 0 else verify_verbatim(article.body, quote)
        left -= len(article.body) + len(quote)
        if verdict:
            compared.append((article, verdict))
    return compared


def _check_text(claim: Claim) -> None:
    """Refuse what is no Unicode text, which JSON can express (half of a surrogate pair), and names without end."""
    for name in ("quote", "article_id", "headline", "citation_id"):
        text: str = getattr(claim, name) or ""
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise QueryError(
                    f"{name} holds half of a surrogate pair at {error.start}.", "Give it as Unicode text."
                ) from error
        if name in {"article_id", "headline"} and len(text) > _LONGEST_NAME:
            raise QueryError(
                f"{name} has {len(text)} characters; at most {_LONGEST_NAME} are read.", "Give it as it is stored."
            )


def _completed(claim: Claim, key: CitationKey | None) -> Claim:
    """Take from a citation id what is not said otherwise."""
    if key is None:
        return claim
    if claim.article_id not in {None, key.article_id}:
        raise QueryError(
            f"The citation id is of the article {key.article_id!r}, and {claim.article_id!r} is named.",
            "Give one of the two.",
        )
    claim = replace(claim, article_id=key.article_id)
    given = claim.start is not None or claim.end is not None
    return claim if given else replace(claim, start=key.start, end=key.end)


def _span(claim: Claim) -> Span | None:
    if claim.start is None and claim.end is None:
        return None
    if claim.start is None or claim.end is None or not 0 <= claim.start < claim.end:
        raise QueryError(
            f"start {claim.start} and end {claim.end} are no offsets of a quote.",
            "Give both or neither: 0-based, the end exclusive, counted in code points of the article's body.",
        )
    return Span(claim.start, claim.end)


def _named(snapshot: Snapshot, article_id: str | None) -> Article | None:
    dossier = snapshot.read([article_id]).get(article_id) if article_id is not None else None
    return dossier.article if dossier else None


def _of_id_alone(key: CitationKey, article: Article | None) -> Verification:
    if article is None:
        return Verification(CitationStatus.ABSENT, f"The archive has no article {key.article_id!r}.")
    span = locate(article.body, key)
    if span is None:
        return Verification(
            CitationStatus.ABSENT, "The quote that the citation id names does not stand in its article.", article
        )
    return _verification(article, verify_quote(article.body, span.of(article.body), span), moved=span != key.span)


def _judged(
    claim: Claim, named: Article | None, verdict: Verdict | None, others: list[tuple[Article, Verdict]]
) -> Verification:
    """Judge a claim whose quote does not stand in the article named by its id, if one is."""
    having = sorted(
        ((article, found) for article, found in others if found.status.verified),
        key=lambda pair: pair[1].status is not CitationStatus.EXACT,
    )
    if having and claim.article_id is not None:
        return _misattributed(claim, *having[0], known=named is not None)
    if having:
        headed = [pair for pair in having if _headed(pair[0], claim)]
        if not headed:
            return _misattributed(claim, *having[0], known=True)
        article = headed[0][0]
        return _verification(article, verify_quote(article.body, claim.quote or "", _span(claim)))
    pool = [(named, verdict)] if named and verdict else []
    pool += others
    stitched = [pair for pair in pool if pair[1].status is CitationStatus.STITCHED]
    if stitched:
        return _verification(*stitched[0])
    unknown = f"The archive has no article {claim.article_id!r}. " if claim.article_id and not named else ""
    if not any(found.closest for _, found in pool):
        return Verification(
            CitationStatus.ABSENT, f"{unknown}No article that can be found has three of its words in a row."
        )
    article, nearest = max(pool, key=lambda pair: pair[1].shared)
    return Verification(
        CitationStatus.ABSENT,
        f"{unknown}It stands in no article that can be found; at most {nearest.shared} of its words stand in a "
        f"row somewhere, in the article {article.id!r}.",
        article,
        closest=nearest.closest,
    )


def _misattributed(claim: Claim, article: Article, found: Verdict, *, known: bool) -> Verification:
    how = "word for word" if found.status is CitationStatus.EXACT else "differently set"
    given = (
        f"the article {claim.article_id!r}" if claim.article_id else f"one with the headline {claim.headline!r}"
    )
    reason = f"It stands {how} in the article {article.id!r}, not in {given}" + (
        "." if known else ", which is unknown."
    )
    return replace(_verification(article, found), status=CitationStatus.MISATTRIBUTED, reason=reason)


def _verification(article: Article, verdict: Verdict, *, moved: bool = False) -> Verification:
    moved = moved or verdict.moved
    return Verification(
        verdict.status, verdict.reason, article, verdict.span, verdict.pieces, moved, verdict.closest
    )


def _headed(article: Article, claim: Claim) -> bool:
    """Tell whether an article has the headline that a claim names, if it names one."""
    return claim.headline is None or _caseless(article.headline) == _caseless(claim.headline)


def _caseless(headline: str) -> str:
    return fold(headline).text.casefold()
