"""A cluster that is started for a run, on this machine: an article that ends whoever embeds it harms no other."""

from pathlib import Path

import pytest

from indexer import pipeline
from search.archive import LocalArchive
from tests.cluster.drive import DEADLY, NEEDS_RAY, OPTIONS, run_here
from tests.fakes import HashEmbedder
from tests.looking import contents_of

pytestmark = [pytest.mark.cluster, NEEDS_RAY]


def test_an_article_that_ends_whoever_embeds_it_is_told_and_harms_no_other(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(12):
        text = f"The mayor of borough {number} opened a market on Monday.\n\nIt sells {number} kinds of cheese."
        (news / f"{number:02}.txt").write_text(f"Market {number}\n\n{text}", encoding="utf-8")
    (news / "05.txt").write_text(f"Herbs\n\nThe stall sells {DEADLY}, too, the mayor said.", encoding="utf-8")

    told = run_here(str(news), str(tmp_path / "index"))
    assert told["added"] == 11
    assert told["skipped"] == {"05.txt": "ended the worker that had it, 3 times; it is left out of this run."}
    (news / "05.txt").unlink()
    embedder = HashEmbedder()
    with (
        LocalArchive.open(tmp_path / "index") as archive,
        LocalArchive.create(tmp_path / "plain", embedder.card) as plain,
    ):
        pipeline.index([news], plain, embedder, OPTIONS)
        assert contents_of(archive) == contents_of(plain)
