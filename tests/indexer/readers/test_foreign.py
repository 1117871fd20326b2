from collections.abc import Callable

import pytest

from indexer.readers.foreign import kind_of
from search.article import Article

SPOKEN = "The ferry sails again on Monday, the harbour master said. It had lain at the quay for three weeks after a fire."  # noqa: E501


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "calendar"),
        ("BEGIN:VCARD\nFN:Ada Roe\nEND:VCARD\n", "address book"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\nThe ferry sails.\n", "subtitles"),
        ("1\n00:00:01,000 --> 00:00:02,500\nThe ferry sails.\n", "subtitles"),
        ("main { margin: 0; }\n.a > p, h2 { color: #333; padding: 1em 0 }\n", "style sheet"),
        ("/* The ferry's own colours */\n.ferry { color: red }\n", "style sheet"),
        ("#!/usr/bin/env python3\nprint(1)\n", "script"),
        (
            "import os\nfrom pathlib import Path\n\n\ndef main() -> None:\n    for path in Path('.').iterdir():\n        print(path)\n",  # noqa: E501
            "source code",
        ),
        ('#include <stdio.h>\nint main(void) {\n    puts("The ferry sails");\n    return 0;\n}\n', "source code"),
        (
            "const a = require('a');\nfunction sail(b) {\n  return a(b);\n}\nmodule.exports = sail;\n",
            "source code",
        ),
        ('package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("sails")\n}\n', "source code"),
        (
            "-- the ferries\nCREATE TABLE ferry (id INTEGER, name TEXT);\nINSERT INTO ferry VALUES (1, 'Torn');\n",
            "SQL",
        ),
        (
            "2024-03-04 10:00:01 INFO started\n2024-03-04 10:00:02 WARN slow\n2024-03-04 10:00:09 INFO done\n",
            "log",
        ),
        ("[server]\nport = 80\nhost = torn.example\n# comment\nname = ferry\n", "settings"),
        ("diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n", "patch"),
        ("\\documentclass{article}\n\\begin{document}\nThe ferry.\n", "LaTeX"),
        ("<?php\necho 'sails';\n", "PHP"),
        ("User-agent: *\nDisallow: /private\n", "robots"),
        ("\n".join(["aGVsbG8gd29ybGQgdGhpcyBpcyBhIGZlcnJ5IHRoYXQgc2FpbHMgYWdhaW4gdG8gdGhl1234"] * 4), "encoded"),
    ],
)
def test_what_is_no_article_is_named(text: str, kind: str) -> None:
    found = kind_of(text)
    assert found
    assert kind in found


@pytest.mark.parametrize(
    ("text", "suffix"),
    [("color: red;\n", ".css"), ("print('sails')\n", ".py"), ("key: value\nother: 1\n", ".yml")],
)
def test_the_name_of_the_file_tips_the_scales(text: str, suffix: str) -> None:
    assert kind_of(text, suffix)


@pytest.mark.parametrize(
    "text",
    [
        SPOKEN,
        f"Ferry: back to sea\n\n{SPOKEN}",
        f"From our correspondent in Torn\n\n{SPOKEN}",
        f"From: Torn\nDate: 4 March 2024\n\n{SPOKEN}",
        f"TORN, March 4 (CW) - {SPOKEN}\n\nends",
        f"# Ferry back to sea\n\n{SPOKEN}\n\n- one ferry\n- two ferries\n",
        "Results: Torn 3, Lesk 1; Skern 0, Larna 0; the cup goes to Torn.\nThe crowd sang until midnight, our reporter writes.",  # noqa: E501
        'She said: "Let the ferry sail." He said: "It will."\n\nThey left; nobody followed them to the quay.',
        "渡轮周一恢复航行，港务局长说。" * 20,
        "1\nThe first thing to say is that the ferry sails again.\n2\nThe second is that nobody was hurt.\n",
        "Mon 10:00 ferry to Lesk\nTue 11:00 ferry to Skern\nWed 12:00 no ferry, said the master of the harbour\n",
        "Import taxes rise\n\nFrom Monday on importers pay more, the ministry said in Torn, and return the old forms.",  # noqa: E501
        "Class of 1984 meets again in Torn\n\nFor many it was the first time; if they come back, they said, it will be soon.",  # noqa: E501
        "",
    ],
)
def test_prose_may_be_an_article(text: str) -> None:
    assert kind_of(text) is None


@pytest.mark.parametrize("suffix", [".log", ".yml", ".css", ".py", ".sql"])
def test_prose_is_prose_whatever_its_name(suffix: str) -> None:
    assert kind_of(f"{SPOKEN}\n\n{SPOKEN}", suffix) is None


def test_a_table_whose_rows_begin_with_times_is_a_table(read_one: Callable[..., Article]) -> None:
    rows = "".join(f"2024-03-0{day} 10:00:00,Ferry {day},It sails again.\n" for day in (1,))
    assert read_one("a.csv", "date,title,text\n" + rows * 1).headline == "Ferry 1"
    assert read_one("b.txt", "date,title,text\n" + rows).headline == "Ferry 1"


def test_markdown_may_show_code(read_one: Callable[..., Article]) -> None:
    text = f"# Ferry\n\n{SPOKEN}\n\n```\nx = 1;\ny = 2;\nz = 3;\nfor (;;) {{\n}}\n```\n"
    assert read_one("a.md", text).body == SPOKEN
