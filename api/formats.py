"""Citations, answers and results to take along: text, Markdown, CSV, BibTeX, CSL-JSON and Web Annotations.

Everything is made of the shapes of `api.schemas` alone: nothing here reads an archive, a clock or a setting.
Quotes stay verbatim but for what a format cannot hold; text from articles is untrusted, so each format escapes it
by its own rules. Text and Markdown have each quote's citation id behind it, so that `dateline verify` can check
them.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import StringIO
from typing import Any
from urllib.parse import quote as percent_encoded

from api.schemas import AnswerResponse, CitationOut, CitedQuoteResponse, SearchResponse, TimelineResponse
from search.asking.tier import Tier
from search.english.calendar import named
from search.statements import Standing

Cited = CitationOut | CitedQuoteResponse
Response = AnswerResponse | SearchResponse | TimelineResponse | CitedQuoteResponse


class Format(StrEnum):
    """What a response is written as."""

    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"
    CSV = "csv"
    BIBTEX = "bibtex"
    CSL = "csl"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class FileType:
    """How a format is sent and named as a file."""

    media_type: str
    suffix: str


FILE_TYPES: Mapping[Format, FileType] = {
    Format.JSON: FileType("application/json", "json"),
    Format.TEXT: FileType("text/plain", "txt"),
    Format.MARKDOWN: FileType("text/markdown", "md"),
    Format.CSV: FileType("text/csv", "csv"),
    Format.BIBTEX: FileType("application/x-bibtex", "bib"),
    Format.CSL: FileType("application/vnd.citationstyles.csl+json", "csl.json"),
    Format.ANNOTATION: FileType("application/ld+json", "jsonld"),
}

COLUMNS = (
    *("question", "tier", "probability", "relation", "quote", "answer", "standing", "speaker", "role"),
    *("first", "last", "published", "source", "headline", "byline", "section", "language", "url"),
    *("article_id", "start", "end", "citation_id", "reason"),
)
"""The columns of `table`, in order."""

_TIERS = {Tier.ANSWER: "Answer", Tier.PERHAPS: "Perhaps, which may not answer", Tier.NOT_FOUND: "Not found"}
_AROUND = 32
_MONTH, _DAY = len("2024-09"), len("2024-09-10")
_FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~&]|^[ \t]*(?:[-+=]|\d+[.)])", re.MULTILINE)
_BYLINE = re.compile(r"by\s+", re.IGNORECASE)
_LATEX = {
    **{ord(character): f"\\{character}" for character in "#$%&_"},
    # Spelt out: BibTeX counts braces that have a backslash before them, too.
    ord("{"): r"\textbraceleft{}",
    ord("}"): r"\textbraceright{}",
    ord("\\"): r"\textbackslash{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
}
_MONTHS = {int(number): name[:3] for name, number in named("month").items()}
"""The macros that BibTeX has for months, which are English in any archive."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What would control a terminal, or turn round the order of what is read."""
_SAFE_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A citation in a response: what it is there for, and the days or words that belong to it there."""

    relation: str
    cited: Cited
    first: date | None = None
    last: date | None = None
    words: str = ""


def formatted(response: Response, form: Format, address: str = "") -> str:
    """Write a response in a format; the text ends with a line break.

    Args:
        response: What to write.
        form: How.
        address: Where the page of this archive is (`https://desk.example/`), so that citations can link there;
            empty where none is known.
    """
    match form:
        case Format.JSON:
            text = response.to_json(indent=2)
        case Format.TEXT:
            text = _whole(response, address, markdown=False)
        case Format.MARKDOWN:
            text = _whole(response, address, markdown=True)
        case Format.CSV:
            return table([response])
        case Format.BIBTEX:
            text = "\n\n".join(_bibtex(cited, address) for cited in _by_article(response))
        case Format.CSL:
            text = _json([_csl(cited, address) for cited in _by_article(response)])
        case Format.ANNOTATION:
            annotations = [_annotation(entry.cited, address) for entry in _entries(response)]
            text = _json(annotations[0] if isinstance(response, CitedQuoteResponse) else annotations)
    return f"{text}\n" if text else ""


def table(responses: Iterable[Response], *, header: bool = True) -> str:
    """Write responses as one CSV table (RFC 4180) with `COLUMNS`: a row for each citation, one for "not found".

    A cell that a spreadsheet would take for a formula has an apostrophe before it.
    """
    written = StringIO()
    rows = csv.DictWriter(written, COLUMNS, restval="", quoting=csv.QUOTE_MINIMAL)
    if header:
        rows.writeheader()
    for response in responses:
        rows.writerows({name: _cell(value) for name, value in row.items()} for row in _rows(response))
    return written.getvalue()


def citation_address(citation_id: str, address: str) -> str:
    """Where the page of a citation is; empty where no address of this archive is known."""
    return f"{address.rstrip('/')}/c/{citation_id}" if address else ""


def _entries(response: Response) -> Iterator[_Entry]:
    """Yield every citation of a response, what answers before what agrees, differs or came before."""
    match response:
        case CitedQuoteResponse():
            yield _Entry("quote", response)
        case SearchResponse():
            yield from (_Entry("passage", cited) for cited in response.passages)
        case TimelineResponse():
            for group in response.groups:
                yield from (_Entry("entry", one.citation, one.first, one.last) for one in group.entries)
        case AnswerResponse(parts=()):
            yield from _entries_of_answer(response)
        case AnswerResponse():
            for part in response.parts:
                yield from _entries(part)


def _entries_of_answer(answer: AnswerResponse) -> Iterator[_Entry]:
    yield from (_Entry("answer", cited) for cited in answer.citations)
    if answer.corroboration:
        yield from (_Entry("says so too", cited) for cited in answer.corroboration.supporting)
        for one in answer.corroboration.differing:
            yield _Entry(f"{one.order.value}, another {one.difference.value}", one.citation)
    yield from (_Entry("earlier", one.citation, words=one.words) for one in answer.history)


def _by_article(response: Response) -> Iterator[Cited]:
    """Yield the first citation of each article: bibliographies name articles, not quotes."""
    seen = set()
    for entry in _entries(response):
        if entry.cited.article_id not in seen:
            seen.add(entry.cited.article_id)
            yield entry.cited


def _rows(response: Response) -> Iterator[dict[str, object]]:
    if isinstance(response, AnswerResponse) and response.parts:
        for part in response.parts:
            yield from _rows(part)
        return
    shared: dict[str, object] = {}
    if not isinstance(response, CitedQuoteResponse):
        shared["question"] = response.question
    if isinstance(response, AnswerResponse):
        shared |= {"tier": response.tier.value, "probability": response.probability, "reason": response.reason}
        if not response.found:
            yield shared
    for entry in _entries(response):
        yield shared | _row(entry)


def _row(entry: _Entry) -> dict[str, object]:
    cited = entry.cited
    speaker = cited.speaker
    mirrored = ("quote", "source", "headline", "byline", "section", "language", "article_id", "start", "end")
    answer = cited.answer.words if isinstance(cited, CitationOut) and cited.answer else entry.words
    return {name: getattr(cited, name) for name in mirrored} | {
        "relation": entry.relation,
        "answer": answer,
        "standing": cited.standing.value if cited.standing else None,
        "speaker": speaker.name if speaker else None,
        "role": speaker.role if speaker else None,
        "first": entry.first,
        "last": entry.last,
        "published": cited.published.value if cited.published else None,
        "url": cited.url,
        "citation_id": cited.id,
    }


def _cell(value: object) -> object:
    # Also behind white space, which spreadsheets drop and controls become; numbers of ours are no text and stay.
    if not isinstance(value, str):
        return value
    shown = _CONTROLS.sub(" ", value)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def _whole(response: Response, address: str, *, markdown: bool) -> str:
    """Write a response for people."""
    if isinstance(response, AnswerResponse) and response.parts:
        return "\n\n".join(_whole(part, address, markdown=markdown) for part in response.parts)
    blocks = []
    if not isinstance(response, CitedQuoteResponse):
        blocks.append(f"## {_markdown(response.question)}" if markdown else response.question)
    if isinstance(response, AnswerResponse):
        verdict = _verdict(response)
        blocks.append(_markdown(verdict) if markdown else verdict)
    relation = "quote" if isinstance(response, CitedQuoteResponse) else ""
    for entry in _entries(response):
        if entry.relation != relation and entry.relation in {"says so too", "earlier"}:
            heading = {"says so too": "Other reports that say so:", "earlier": "Reported earlier:"}[entry.relation]
            blocks.append(heading)
        elif entry.relation.partition(", ")[2]:
            blocks.append(f"Otherwise ({entry.relation}):")
        if entry.first and entry.last:
            days = _day(entry.first.isoformat())
            days += f" to {_day(entry.last.isoformat())}" if entry.last != entry.first else ""
            blocks.append(f"**{days}**" if markdown else days)
        relation = entry.relation
        blocks.append(_in_markdown(entry.cited, address) if markdown else _in_text(entry.cited, address))
    return "\n\n".join(blocks)


def _verdict(answer: AnswerResponse) -> str:
    if not answer.found:
        return f"{_TIERS[answer.tier]}. {answer.reason}".strip()
    short = answer.citations[0].answer
    told = f": {_one_line(short.words)}" if short and answer.tier is Tier.ANSWER else ""
    return f"{_TIERS[answer.tier]}{told} (probability {answer.probability:.0%})"


def _in_text(cited: Cited, address: str) -> str:
    """A quote with its attribution, as it is pasted into a message; `dateline verify` reads it."""
    where = ", ".join([cited.headline or "Untitled", *_provenance(cited)])
    link = cited.link or citation_address(cited.id, address)
    lines = [f"“{_one_line(cited.quote)}” [{cited.id}]", _attribution(cited), where, link]
    return "\n".join(_one_line(line) for line in lines if line)


def _in_markdown(cited: Cited, address: str) -> str:
    lines = _markdown(cited.quote.strip()).split("\n")
    quote = "\n".join(f"> {line}".rstrip() for line in lines)
    headline = _markdown(_one_line(cited.headline) or "Untitled")
    if cited.link:
        headline = f"[{headline}](<{_address(cited.link)}>)"
    said = _markdown(_one_line(_attribution(cited)))
    where = ", ".join([headline, *map(_markdown, map(_one_line, _provenance(cited)))])
    own = citation_address(cited.id, address)
    name = f"[{cited.id}](<{own}>)" if own else f"[{cited.id}]"
    return f"{quote}\n\n{name} {said}{' ' if said else ''}{where}"


def _attribution(cited: Cited) -> str:
    """Say who says it and how: "— Antony Blinken, US Secretary of State (predicted)"; nothing plain is said."""
    speaker = cited.speaker
    standing = cited.standing if cited.standing and cited.standing is not Standing.ASSERTED else None
    if speaker is None:
        return f"({standing.value})" if standing else ""
    name = ", ".join(part for part in (speaker.name, speaker.role) if part)
    return f"— {name}{f' ({standing.value})' if standing else ''}"


def _provenance(cited: Cited) -> list[str]:
    published = _day(cited.published.value) if cited.published else "publication date unknown"
    return [part for part in (cited.byline, cited.source, published) if part]


def _day(value: str) -> str:
    """A time of publication as people write it, to the day: "6 February 2023", "February 2023", "2023"."""
    if len(value) >= _DAY:
        return f"{datetime.fromisoformat(value[:_DAY]):%-d %B %Y}"
    return f"{datetime.fromisoformat(f'{value}-01'):%B %Y}" if len(value) == _MONTH else value


def _markdown(text: str) -> str:
    """Escape what Markdown would read as more than text."""
    escaped = _MARKDOWN.sub(lambda found: re.sub(r"([^\w\s])", r"\\\1", found.group()), text)
    return _CONTROLS.sub(" ", escaped)


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _bibtex(cited: Cited, address: str) -> str:
    """An article as BibTeX, in UTF-8 as biber and every reference manager read it."""
    value = cited.published.value if cited.published else ""
    year, month, day = value[:4], value[5:_MONTH], value[8:_DAY]
    author = _author(cited)
    fields = {
        "author": f"{{{{{_latex(author)}}}}}" if author else "",
        "title": f"{{{{{_latex(cited.headline or 'Untitled')}}}}}",
        "journal": f"{{{_latex(cited.source)}}}" if cited.source else "",
        "year": f"{{{year}}}" if year else "",
        "month": _MONTHS[int(month)] if month else "",
        "day": f"{{{int(day)}}}" if day else "",
        "url": f"{{{_web_address(cited, address)}}}" if _web_address(cited, address) else "",
        "annote": f"{{{_latex(f'“{cited.quote}” [{cited.id}]')}}}",
    }
    lines = [f"  {name} = {text}," for name, text in fields.items() if text]
    key, _, _ = cited.id.rsplit(".", 2)  # the article's id, in letters that a key may have
    return "\n".join([f"@{'article' if cited.source else 'misc'}{{{key},", *lines, "}"])


def _latex(text: str) -> str:
    # latexcodec loses backslashes and leaves braces, which BibTeX counts, as they are.
    return _one_line(text).translate(_LATEX)


def _csl(cited: Cited, address: str) -> dict[str, Any]:
    """An article as an item of CSL-JSON 1.0.2."""
    issued = cited.published.value[:_DAY].split("-") if cited.published else []
    fields = {
        "id": cited.article_id,
        "type": "article-newspaper",
        "title": _one_line(cited.headline),
        "author": [{"literal": _author(cited)}] if _author(cited) else None,
        "container-title": cited.source,
        "section": cited.section,
        "issued": {"date-parts": [[int(part) for part in issued]]} if issued else None,
        "language": cited.language,
        "URL": _web_address(cited, address),
        "annote": f"“{cited.quote}” [{cited.id}]",
    }
    return {name: value for name, value in fields.items() if value}


def _annotation(cited: Cited, address: str) -> dict[str, Any]:
    """A W3C Web Annotation of the quote, on the web and in this archive; its positions count code points as ours.

    The position is in the archive's text, and is given of that only.
    """
    selector = {"type": "TextQuoteSelector", "exact": cited.quote}
    if isinstance(cited, CitedQuoteResponse):
        selector |= {"prefix": cited.before[-_AROUND:], "suffix": cited.after[:_AROUND]}
    position = {"type": "TextPositionSelector", "start": cited.start, "end": cited.end}
    encoded = percent_encoded(cited.article_id, safe="")
    stored = f"{address.rstrip('/')}/v1/articles/{encoded}" if address else f"urn:dateline:article:{encoded}"
    on_the_web = {"source": _address(cited.url), "selector": selector} if cited.link and cited.url else None
    here = {"source": stored, "selector": [position, selector]}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": citation_address(cited.id, address) or f"urn:dateline:citation:{cited.id}",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": [target for target in (on_the_web, here) if target],
    }


def _web_address(cited: Cited, address: str) -> str:
    """Where the article is on the web, or else its citation in this archive; empty where neither is known."""
    return _address(cited.url if cited.url and cited.link else citation_address(cited.id, address))


def _author(cited: Cited) -> str:
    return _BYLINE.sub("", _one_line(cited.byline or ""), count=1) if cited.byline else ""


def _address(address: str) -> str:
    """An address with what no address may hold, and no format expects in one, percent-encoded."""
    return percent_encoded(address, safe=_SAFE_IN_ADDRESSES)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
