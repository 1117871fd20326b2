"""Tag the texts of a TIMEX3 gold file, for scoring.

    python benchmarks/timebank.py GOLD.jsonl PREDICTED.jsonl

Gold lines hold `_id`, `text` and `dct` (the creation time, ISO 8601); predictions get `_id` and `timexes`
with `start`, `end` (code points), `type`, `value`, `mod`, and the name of the rule.
"""

import argparse
import json
from datetime import date, datetime
from pathlib import Path

from search.times import tag


def anchor_of(dct: str) -> date | datetime:
    """The creation time as a day or an instant, as much as is told."""
    return datetime.fromisoformat(dct) if "T" in dct else date.fromisoformat(dct)


def main() -> None:
    """Read the gold file, write the predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path)
    arguments = parser.parse_args()
    with (
        arguments.gold.open(encoding="utf-8") as gold,
        arguments.predicted.open("w", encoding="utf-8") as predicted,
    ):
        for line in gold:
            text = json.loads(line)
            timexes = [
                {
                    "start": mention.start,
                    "end": mention.end,
                    "type": mention.type,
                    "value": mention.value,
                    "mod": mention.modifier,
                    "rule": mention.rule,
                }
                for mention in tag(text["text"], anchor_of(text["dct"]))
            ]
            predicted.write(json.dumps({"_id": text["_id"], "timexes": timexes}) + "\n")


if __name__ == "__main__":
    main()
