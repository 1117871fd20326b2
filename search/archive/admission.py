"""What an archive takes in: the rules of putting a dossier, the same for every engine."""

from datetime import date

from search.archive.records import Dossier, Outcome
from search.article import Article, Span
from search.models.embedding.embedder import Vectors
from search.statements import Standing, Statement
from search.versions import is_older


def check_dossier(dossier: Dossier, vectors: Vectors) -> None:
    """Refuse what cannot be stored.

    Raises:
        ValueError: If an offset is not what it says, or there are not as many vectors as passages.
    """
    check_offsets(dossier)
    if len(vectors) != len(dossier.passages):
        raise ValueError(f"{len(vectors)} vectors for {len(dossier.passages)} passages of {dossier.article.id!r}")


def check_offsets(dossier: Dossier) -> None:
    """Refuse offsets into the body that are not what they say.

    Raises:
        ValueError: If one reaches past the end, or other words stand there than are given with it.
    """
    body = dossier.article.body
    for span in (*dossier.passages, *(Span(one.start, one.end) for one in dossier.statements)):
        span.of(body)
    speakers = [one.speaker for one in dossier.statements if one.speaker]
    worded = [(one.start, one.end, one.words) for one in dossier.mentions]
    for start, end, words in (*worded, *((one.start, one.end, one.words) for one in speakers)):
        if Span(start, end).of(body) != words:
            raise ValueError(f"{words!r} does not stand at [{start}, {end}) of {dossier.article.id!r}")


def outcome_of(
    article: Article, stored: Article | None, *, pruned_before: date | None, of_changed_file: bool
) -> Outcome:
    """Tell what storing an article with other content than the stored one does.

    Args:
        article: The article.
        stored: The one of the same id, if there is one.
        pruned_before: Articles published before this day are taken no more.
        of_changed_file: Whether the file that the stored one is from is read again and says now what `article` is.
    """
    published = article.published
    if pruned_before and published and published.last_day < pruned_before:
        return Outcome.EXPIRED
    if stored is None:
        return Outcome.ADDED
    unnumbered = article.version is None or stored.version is None
    dated_anew = unnumbered and of_changed_file
    return Outcome.OLDER if is_older(article, stored) and not dated_anew else Outcome.REPLACED


def is_stored(statement: Statement) -> bool:
    """Tell whether a statement says more than that the article asserts it."""
    return bool(statement.speakers) or statement.standing is not Standing.ASSERTED
