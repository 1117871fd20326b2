import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.formats import COLUMNS, FILE_TYPES, Format, formatted, table
from api.schemas import AnswerResponse, CitedQuoteResponse, SearchResponse, TimelineResponse
from search.archive import Archive, LocalArchive
from search.article import Span
from search.asking.engine import Engine
from search.quoting.citation_id import CitedQuote
from search.quoting.claims import read_claims, verify_claims
from search.settings import Settings
from tests.api.reports import CHANGED, COUNT, FIRST, OPERA, make_archive_of_reports
from tests.fakes import HashEmbedder, make_article, store

SETTINGS = Settings.load(least_closeness=0.2)
ADDRESS = "https://desk.example/"
HOSTILE = make_article(
    "h/1",
    "=HYPERLINK(“x”) was *typed* into {braces} at 50% & <b onload=x>, said `C:\\news_1`.",
    "=cmd|' /C calc'!A0 [click](javascript:alert(1)) <img src=x>",
    "2024-09-10",
    source="@source {of} 100% #news",
    byline="By A. \\Writer_",
    url="javascript:alert(1)",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("formats") / "archive"
    make_archive_of_reports(folder)
    with LocalArchive.open(folder) as archive:
        yield Engine(archive, HashEmbedder(), SETTINGS)


@pytest.fixture(scope="module")
def answer(engine: Engine) -> AnswerResponse:
    return AnswerResponse.of(engine.ask(COUNT))


FIRST_QUOTE = CitedQuoteResponse.of(CitedQuote(FIRST, Span(0, FIRST.body.index("\n")), moved=False))


def quote_of(text: str, **fields: str | None) -> CitedQuoteResponse:
    """The whole of a text, cited."""
    article = replace(HOSTILE, **({"body": text} | fields))  # type: ignore[arg-type]
    return CitedQuoteResponse.of(CitedQuote(article, Span(0, len(article.body)), moved=False))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_citation_is_a_quote_with_its_attribution() -> None:
    cited = FIRST_QUOTE
    assert formatted(cited, Format.TEXT).splitlines() == [
        f"“{cited.quote}” [{cited.id}]",
        "Trawlers leave Porto, Wire, 10 September 2024",
        cited.link,
    ]
    assert formatted(cited, Format.MARKDOWN, ADDRESS) == (
        f"> {cited.quote}\n\n[{cited.id}](<https://desk.example/c/{cited.id}>) "
        f"[Trawlers leave Porto](<{cited.link}>), Wire, 10 September 2024\n"
    )


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("question", [COUNT, CHANGED, OPERA, f"{COUNT} {OPERA}"])
def test_every_response_can_be_written_in_every_format(engine: Engine, form: Format, question: str) -> None:
    for response in (
        AnswerResponse.of(engine.ask(question)),
        SearchResponse.of(engine.search(question)),
        TimelineResponse.of(engine.timeline(question)),
    ):
        text = formatted(response, form, ADDRESS)
        assert text == formatted(response, form, ADDRESS)
        assert form in FILE_TYPES
        if "json" in FILE_TYPES[form].media_type:
            json.loads(text)


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN])
@pytest.mark.parametrize("question", [COUNT, CHANGED])
def test_what_is_taken_along_passes_verification(engine: Engine, form: Format, question: str) -> None:
    answer = AnswerResponse.of(engine.ask(question))
    with engine.archive.snapshot() as snapshot:
        report = verify_claims(snapshot, read_claims(formatted(answer, form)), SETTINGS)
    assert report.verified
    assert len(report.checked) >= len(answer.citations) + len(answer.history)


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN])
def test_what_is_escaped_passes_verification(archive: Archive, hash_embedder: HashEmbedder, form: Format) -> None:
    plain = replace(HOSTILE, body="It rose by 5.3% *again* [sic] to 1_000 <b>, C:\\news; #1 of `all` | more & ~2.")
    store(archive, hash_embedder, plain)
    cited = CitedQuoteResponse.of(CitedQuote(plain, Span(0, len(plain.body)), moved=False))
    with archive.snapshot() as snapshot:
        (checked,) = verify_claims(snapshot, read_claims(formatted(cited, form, ADDRESS)), SETTINGS).checked
    assert checked.verification.verified


def test_an_answer_tells_what_was_reported_before(engine: Engine) -> None:
    answer = AnswerResponse.of(engine.ask(CHANGED))
    text = formatted(answer, Format.TEXT)
    before, earlier, after = text.partition("Reported earlier:")
    assert earlier
    assert answer.citations[0].quote in before
    assert all(one.citation.quote in after for one in answer.history)


def test_not_found_says_why(engine: Engine) -> None:
    answer = AnswerResponse.of(engine.ask(OPERA))
    for form in (Format.TEXT, Format.MARKDOWN):
        assert "Not found. " in formatted(answer, form)
    assert formatted(answer, Format.BIBTEX) == ""
    (row,) = rows_of(formatted(answer, Format.CSV))
    assert (row["tier"], row["reason"], row["quote"]) == ("not_found", answer.reason, "")


def test_a_table_has_a_row_for_each_citation(engine: Engine, answer: AnswerResponse) -> None:
    written = formatted(answer, Format.CSV)
    assert written.startswith(f"{','.join(COLUMNS)}\r\n")
    rows = rows_of(written)
    assert rows[0]["quote"] == answer.citations[0].quote
    assert rows[0]["citation_id"] == answer.citations[0].id
    assert {row["question"] for row in rows} == {answer.question}
    found = SearchResponse.of(engine.search(COUNT))
    both = rows_of(table([answer]) + table([found], header=False))
    assert len(both) == len(rows) + len(found.passages)


def test_no_cell_is_a_formula() -> None:
    (row,) = rows_of(formatted(quote_of("  =1+1", headline="@SUM(A1)", source="\t-2+3", byline="+x"), Format.CSV))
    assert (row["headline"], row["byline"], row["source"]) == ("'@SUM(A1)", "'+x", "'\t-2+3")
    hidden = {"headline": "\x01=HYPERLINK(1)", "source": " \x7f @x", "byline": "\u202e-2", "section": "   +3"}
    (row,) = rows_of(formatted(quote_of("A quote.", **hidden), Format.CSV))
    guarded = {"headline": "' =HYPERLINK(1)", "source": "'   @x", "byline": "' -2", "section": "'   +3"}
    assert {name: row[name] for name in guarded} == guarded
    (row,) = rows_of(formatted(quote_of("Costs rose by -2%, +3 and =4.", headline="3 - 2 = 1"), Format.CSV))
    assert (row["quote"], row["headline"]) == ("Costs rose by -2%, +3 and =4.", "3 - 2 = 1")


def test_bibtex_is_read_back_as_it_was(answer: AnswerResponse) -> None:
    library = bibtexparser.parse_string(formatted(answer, Format.BIBTEX))
    assert not library.failed_blocks
    assert len(library.entries) == len({row["article_id"] for row in rows_of(formatted(answer, Format.CSV))})
    (entry,) = bibtexparser.parse_string(formatted(FIRST_QUOTE, Format.BIBTEX)).entries
    assert entry.key == "first"
    told = {field.key: field.value for field in entry.fields}
    assert entry.entry_type == "article"
    assert (told["title"], told["journal"]) == ("{Trawlers leave Porto}", "Wire")
    assert (told["year"], told["month"], told["day"]) == ("2024", "sep", "10")
    assert told["url"] == "https://news.example/first"


LATEX = {
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{character}": character for character in "#$%&_"},
    r"\textbackslash{}": "\\",
}


def from_latex(text: str) -> str:
    for written, meant in LATEX.items():
        text = text.replace(written, meant)
    return text


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip))
def test_any_headline_survives_bibtex(headline: str) -> None:
    cited = quote_of("A quote.", headline=headline, source=headline)
    library = bibtexparser.parse_string(formatted(cited, Format.BIBTEX))
    assert not library.failed_blocks
    (entry,) = library.entries
    assert from_latex(entry.fields_dict["title"].value) == f"{{{' '.join(headline.split())}}}"


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN, Format.CSV, Format.BIBTEX])
def test_no_text_controls_a_terminal(form: Format) -> None:
    text = formatted(quote_of("Red \x1b[31malert\x07.", headline="\u202eup", source="Wi\x9bre"), form)
    assert not set("\x1b\x07\x9b\u202e") & set(text)


def test_csl_names_the_article() -> None:
    (item,) = json.loads(formatted(quote_of("A quote."), Format.CSL, ADDRESS))
    assert item["type"] == "article-newspaper"
    assert item["title"] == HOSTILE.headline
    assert item["author"] == [{"literal": "A. \\Writer_"}]
    assert item["issued"] == {"date-parts": [[2024, 9, 10]]}
    assert item["URL"].startswith("https://desk.example/c/h_2F1.")
    assert "URL" not in json.loads(formatted(quote_of("A quote."), Format.CSL))[0]
    undated = quote_of("A quote.", published=None, byline=None, source=None)
    assert not {"issued", "author", "container-title"} & json.loads(formatted(undated, Format.CSL))[0].keys()


def test_an_annotation_selects_the_quote_on_the_web_and_in_the_archive() -> None:
    cited = FIRST_QUOTE
    annotation = json.loads(formatted(cited, Format.ANNOTATION, ADDRESS))
    assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert annotation["id"] == f"https://desk.example/c/{cited.id}"
    web, stored = annotation["target"]
    assert web["source"] == "https://news.example/first"
    selector = web["selector"]
    body = FIRST.body
    assert selector["prefix"] + selector["exact"] + selector["suffix"] in body
    position = stored["selector"][0]
    assert body[position["start"] : position["end"]] == selector["exact"] == cited.quote
    (only,) = json.loads(formatted(quote_of("A quote."), Format.ANNOTATION))["target"]
    assert only["source"] == "urn:dateline:article:h%2F1"


@pytest.mark.parametrize("text", [HOSTILE.body, "- one\n\n1. two\n\n+ three", "a\\*b ~~c~~ ![i](x) | d"])
def test_markdown_shows_hostile_text_as_it_is(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(formatted(quote_of(text), Format.MARKDOWN))
    inside = [child for token in tokens for child in token.children or []]
    assert not {"link_open", "image", "html_inline", "em_open", "code_inline"} & {child.type for child in inside}
    assert not {"html_block", "bullet_list_open", "ordered_list_open"} & {token.type for token in tokens}
    shown = ["".join(child.content for child in token.children or []) for token in tokens if token.children]
    assert shown[: text.count("\n\n") + 1] == text.split("\n\n")
    assert HOSTILE.headline in shown[-1]


def test_the_module_reads_nothing_but_shapes() -> None:
    source = (Path(__file__).parents[2] / "api/formats.py").read_text(encoding="utf-8")
    assert "search.archive" not in source
    assert "open(" not in source
