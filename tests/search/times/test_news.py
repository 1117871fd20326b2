"""Real news, where DATELINE_NEWS names a collection: a folder of gzipped JSON lines with `text`."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from search.times import tag

NEWS = os.environ.get("DATELINE_NEWS", "")


@pytest.mark.news
@pytest.mark.skipif(not NEWS, reason="DATELINE_NEWS names no collection")
def test_every_article_gives_ordered_slices_and_valid_intervals() -> None:
    for path in sorted(Path(NEWS).glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                end = 0
                for mention in tag(
                    article["text"], date.fromisoformat(article.get("published_at", "2005-01-01")[:10])
                ):
                    assert end <= mention.start < mention.end
                    assert article["text"][mention.start : mention.end] == mention.words
                    end = mention.end
