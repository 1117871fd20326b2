"""The first results of a search, in the order that a close reader gives them."""

from dataclasses import replace

from search.article import Span
from search.asking.evidence.selection import has_its_language
from search.asking.retrieval import Asked, Material
from search.models.close_reading import CloseReader, heading

READING_WEIGHT = 0.5
"""What a point of log odds that a passage answers is worth, in points of the score that it was found with."""


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
