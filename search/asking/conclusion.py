"""What weighed evidence comes to: whether there is an answer, how sure it is, and who else says so.

Of a search, it comes to the first results in the order that a close reader gives them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.article import Span
from search.asking.citation import Citation
from search.asking.citing import rounded
from search.asking.corroboration import corroborate
from search.asking.evidence import Evidence
from search.asking.evidence.joining import parameters_of
from search.asking.evidence.selection import comes_nearer, decides, has_its_language
from search.asking.evidence.weights import probability
from search.asking.history import newest_first
from search.asking.listing import collect
from search.asking.not_found import why_not_found
from search.asking.results import Answer, Receipt, Searched
from search.asking.retrieval import Asked, Material
from search.asking.shapes import QuestionShape
from search.asking.state import AskedState
from search.asking.tier import Bounds, Tier
from search.models.close_reading import CloseReader, heading
from search.quoting.alignment import CitationStatus

READING_WEIGHT = 0.5
"""What a point of log odds that a passage answers is worth, in points of the score that it was found with."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one question may be answered from.

    Attributes:
        text: The question as it was asked, white space collapsed.
        asked: The question as it was put to the archive.
        material: What was found.
        searched: What was searched.
        archive_id: The archive's own id.
    """

    text: str
    asked: Asked
    material: Material
    searched: Searched
    archive_id: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found for a question, and weighed.

    Attributes:
        asked: The question as it was put to the archive.
        material: The passages that were read.
        evidence: What was found in them, best first.
        cited: What of it was cited and stood up to verification, in the same order.
        outcomes: Citations by the outcome of their verification.
        searched: What was searched.
    """

    asked: Asked
    material: Material
    evidence: Sequence[Evidence]
    cited: Sequence[tuple[Evidence, Citation]]
    outcomes: Counter[CitationStatus]
    searched: Searched


def conclude(
    found: Weighed,
    k: int,
    *,
    wanted_precision: float,
    state: AskedState,
    archive_id: str,
    models: Mapping[str, str],
    explain: bool,
) -> Answer:
    """Conclude from evidence what the archive says to a question.

    Args:
        found: The evidence.
        k: How many citations at most.
        wanted_precision: Share of right answers wanted among those that are given.
        state: What was asked; looked into once more only where nothing was found.
        archive_id: Its own id.
        models: The models that took part, by what they did.
        explain: Give the receipt, too.
    """
    asked, material = found.asked, found.material
    nearest = max(found.cited, key=lambda one: one[0].weighed, default=None)
    cited = [one for one in found.cited if one[0].near_miss is None]
    if cited and nearest and comes_nearer(nearest[0], cited[0][0]):
        cited = []
    elif cited and (deciding := next((one for one in found.cited if decides(one[0], cited[0][0])), None)):
        cited, nearest = [], deciding
    confidence = parameters_of(found.evidence).confidence
    bounds = Bounds.of(wanted_precision, confidence)
    sureness = probability(cited[0][0].signals, confidence) if cited else None
    reason = why_not_found(
        asked.question, nearest and nearest[0], sureness, found.searched, material, bounds.perhaps, state
    )
    trail = (models, wanted_precision, bounds, archive_id)
    receipt = Receipt.of(asked, material, found.evidence, found.outcomes, *trail) if explain else None
    origins = {id_: dossier.family.origin.article_id for id_, dossier in material.dossiers.items()}
    cited, history = newest_first(asked.question, cited, origins)
    return Answer(
        question=asked.question.text,
        reading=asked.question,
        tier=Tier.NOT_FOUND if reason else bounds.tier(sureness or 0.0),
        probability=rounded(sureness or 0.0),
        bounds=bounds,
        citations=() if reason else tuple(citation for _, citation in cited[:k]),
        corroboration=None
        if reason
        else corroborate(
            asked.question, cited, origins, bounds.perhaps, confidence, {one.citation.id for one in history}
        ),
        reason=reason,
        nearest=nearest[1] if reason and nearest else None,
        searched=found.searched,
        history=() if reason else history,
        receipt=receipt,
        listed=collect(asked.question, [citation for _, citation in cited])
        if asked.question.shape is QuestionShape.LIST and not reason
        else (),
    )


def judged(asked: Asked, material: Material, close_reader: CloseReader, most: int, k: int) -> Material:
    """Put the first candidates in order by their score and by whether they answer, which the close reader says.

    Args:
        asked: The question.
        material: Candidates, best first, and their articles.
        close_reader: Reads each of the first together with the question; what is in no language of its own keeps
            the place that it has among them.
        most: How many are the first; the others follow as they were.
        k: How many are kept.
    """
    first, rest = material.candidates[:most], material.candidates[most:]
    legible = [place for place, one in enumerate(first) if has_its_language(material.article(one.article))]
    texts = []
    for place in legible:
        article = material.article(first[place].article)
        texts.append((heading(article.headline, article.published), material.text_of(first[place])))
    readings = close_reader.read(asked.question.text, texts) if texts else []
    worth = {}
    for place, text, reading in zip(legible, texts, readings, strict=True):
        worth[place] = first[place].score + READING_WEIGHT * reading.answers(Span(0, len(text[1])))
    order = iter(sorted(legible, key=lambda place: (-worth[place], place)))
    ordered = [first[next(order)] if place in worth else one for place, one in enumerate(first)]
    return replace(material, candidates=[*ordered, *rest][:k])
