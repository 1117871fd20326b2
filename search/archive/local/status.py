"""The status of an archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What an archive holds.

    Attributes:
        folder: Where it is.
        archive_id: Its own id, made when it was.
        snapshot: Number of the last committed change.
        schema_version: Of its database.
        model: Name of the model that its vectors are from.
        fingerprint: Of that model.
        dimension: Of the vectors.
        articles: How many can be found.
        passages: How many can be found.
        superseded: How many articles more are stored in whose place another is.
        withdrawn: How many more are stored that were withdrawn (some may be superseded too).
        families: How many families of more than one article there are among those that can be found.
        first_published: First day on which an article was published; None when none says.
        last_published: Last such day.
        undated: How many articles do not say when they were published.
        sources: Articles by source, the most frequent first.
        sections: Articles by section.
        languages: Articles by language.
        bytes_on_disk: Size of the folder.
    """

    folder: Path
    archive_id: str
    snapshot: int
    schema_version: int
    model: str
    fingerprint: str
    dimension: int
    articles: int
    passages: int
    superseded: int
    withdrawn: int
    families: int
    first_published: date | None
    last_published: date | None
    undated: int
    sources: Mapping[str, int]
    sections: Mapping[str, int]
    languages: Mapping[str, int]
    bytes_on_disk: int
