"""Files that are known to be something else than articles: told by their content and refused with their kind.

A calendar, subtitles, a style sheet or a program would otherwise be indexed as prose. Their content decides; the
name of the file only tips the scales where the content leaves it open.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions, Skipped
from indexer.readers.markup import find_all, local_name, parse_xml, xml_root_of
from indexer.readers.tables import CsvReader
from search.errors import InputError

_TABLES = CsvReader()
_LISTS = {"urlset": "a sitemap", "sitemapindex": "a list of sitemaps"}
_MAY_HAVE_CODE = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_LOOKED_AT = 16_000  # characters
_LONGEST_LINE = 500  # characters looked at
_LEAST_LINES = 3
_MOSTLY = 0.5
_SUFFIX_SAYS_SO = 0.15
_NEARLY_ALL = 0.8
_ENCODED_WORD = 60  # letters of a word that no language has

_OPENINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"BEGIN:VCALENDAR\b", "a calendar (iCalendar)"),
        (r"BEGIN:VCARD\b", "an address book (vCard)"),
        (r"BEGIN:V\w+\r?\n", "a calendar or an address book"),
        (r"WEBVTT(?:\s|$)", "subtitles (WebVTT)"),
        (r"\d+\s*\r?\n\d{1,2}:\d\d:\d\d[,.]\d{1,3}\s*-->", "subtitles (SubRip)"),
        (r"\d:\d\d:\d\d\.\d{3},\d:\d\d:\d\d\.\d{3}\r?\n", "subtitles (SubViewer)"),
        (r"\[Script Info\]", "subtitles (SubStation)"),
        (r"\{\d+\}\{\d+\}", "subtitles (MicroDVD)"),
        (r"#!\s?/", "a script"),
        (r"<\?php\b|<\?=", "source code (PHP)"),
        (r"diff --git |Index: .+\r?\n=+\r?\n|--- \S+.*\r?\n\+\+\+ \S+", "a patch"),
        (r"\\documentclass|%.*\r?\n\\documentclass", "LaTeX source"),
        (r"%!PS", "a PostScript file"),
        (r"-----BEGIN [A-Z ]+-----", "a key or a certificate"),
        (r"#EXTM3U", "a playlist"),
        (r"User-agent:\s*\S+\r?\n\s*(?:Dis)?allow:", "instructions to robots"),
        (r"FROM [\w./:-]+(?: AS \w+)?\r?\n(?:\s*\r?\n)*(?:RUN|COPY|ENV|WORKDIR|ARG|LABEL|ADD|EXPOSE|USER)\s",
            "a build file (Docker)"),
        (r"@(?:charset|import|media|font-face|use|mixin|tailwind)\b[^.]{0,200}[;{]", "a style sheet"),
        (r"solid [^\r\n]*\r?\n\s*facet", "a model (STL)"),
        (r"P[1-6]\s+(?:#.*\s+)?\d+ \d+", "an image (PNM)"),
    )
)  # fmt: skip
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_RULE = re.compile(r"[^{};]{1,400}\{[^{}]{0,4000}\}")
_CSS_NAMES = re.compile(r"[{;]\s*[-\w$@]+\s*:")
_SQL = re.compile(
    r"(?:CREATE|DROP|ALTER)\s+(?:OR REPLACE\s+)?(?:TEMP\w*\s+)?(?:TABLE|INDEX|VIEW|DATABASE|SCHEMA|TRIGGER|"
    r"FUNCTION|SEQUENCE|TYPE|USER)\b"
    r"|INSERT\s+(?:OR\s+\w+\s+)?INTO\s+[\w\"`.\[\]]+\s*(?:\(|VALUES|SELECT)|DELETE\s+FROM\s+[\w\"`.]+|"
    r"UPDATE\s+[\w\"`.]+\s+SET\s+[\w\"`.]+\s*="
    r"|SELECT\s.{1,400}?\sFROM\s+[\w\"`.]+|(?:BEGIN|COMMIT|START TRANSACTION|PRAGMA\s+\w+.{0,40}|"
    r"SET\s+\w+\s*=.{0,60}|USE\s+\w+|LOCK TABLES.{0,60})\s*;",
    re.IGNORECASE | re.DOTALL,
)
_CODE = re.compile(
    r"""^\s*(?:
        .*[;{}]\s*(?://.*)?$ |
        (?:import|from)\s+[\w.]+(?:\s+import\b.*|\s*(?:as\s+\w+)?\s*;?)$ | import\s+[\w{*].*\bfrom\b\s*['"].* |
        \#\s*(?:include|define|ifdef|ifndef|endif|pragma|if|else|undef)\b.* | using\s+[\w.]+;? |
        package\s+[\w.]+;?$ | module\s+[\w.:]+.*$ |
        (?:async\s+)?(?:def|class|fn|func|function|sub|interface|struct|enum|trait|impl|proc)\b[^.!?]*[:({\w)]\s*$
        | (?:public|private|protected|static|final|abstract|export|extern|pub)\s+[\w<>\[\]{(*].* |
        (?:const|let|var|val|local|my|our)\s+[\w$@%{\[(,\s]+\s*[=:].* |
        (?:if|elif|for|while|with|try|except|finally|switch|case|unless|until|foreach)\b.*[:{)]\s*$ | else:?\s*\{?$
        | (?:end|fi|done|esac|pass|break|continue|begin)$ |
        (?:return|raise|throw|yield|await|del|assert|echo|print|console\.log|printf)\b\s*[\w("'$\[{-].* |
        [\w.$\[\]'"-]+\s*(?:[-+*/|&:]?=|:=|=>|\+\+|--)\s*\S.* | @[\w.]+(?:\(.*\))?$ | \$[\w{]+\S*\s*=.* |
        [\w.$]+\((?:[^()]|\([^()]*\))*\)[;,]?$ | //.* | /\*.* | \*/.* | <!--.*-->$ | '{3}|"{3} | \#\s?\w.*
    )$""",
    re.VERBOSE,
)  # fmt: skip
_LOG_LINE = re.compile(
    r"^\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?|\[?\d\d/\w{3}/\d{4}:\d\d|[A-Z][a-z]{2} +\d{1,2} "
    r"\d\d:\d\d:\d\d \S+ "
    r"|\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \[|\[?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE|CRITICAL)\]?[\s:]|"
    r"\d{10,13}[\s.,]\S)"
)
_SETTING = re.compile(r"^\s*(?:\[[\w.\s:\"'-]+\]|[\w.-]+\s*=\s*\S*.*|[;#].*|export\s+\w+=.*)$")
_YAML = re.compile(
    r"^\s*(?:- .*|[\w./-]+:(?:\s+(?:[\"'\[{|>&*].*|[\w./:@-]+(?:\s[\w./:@-]+){0,2}))?|#.*|---|\.\.\.)$"
)
_BIBTEX = re.compile(r"\s*@\w+\s*\{\s*[\w:-]+\s*,", re.IGNORECASE)
_PROSE = re.compile(r"\b(?:[^\W\d_][\w'’-]*[,;:]?\s+){5,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=_\s-]+")
_SUFFIXES = frozenset(
    ".py .pyw .js .mjs .cjs .jsx .ts .tsx .c .h .cc .cpp .hpp .cs .java .kt .go .rs .rb .php .pl .pm .lua .r "
    ".swift .scala .m .sh .bash"
    " .zsh .fish .ps1 .bat .cmd .css .scss .sass .less .sql .ini .cfg .conf .toml .yaml .yml .env .properties "
    ".log .ics .vcf .srt .vtt"
    " .ass .sub .tex .bib .lock .gradle .cmake .mk .diff .patch .vue .asm .s .vb .dart .ex .exs .erl .hs .clj "
    ".jl .tf .proto .po .pot"
    .split()
)  # fmt: skip


class OtherXmlReader:
    """Turns away XML that no other reader knows, naming what it is."""

    name = "XML"

    def recognises(self, content: Content) -> bool:
        """An XML declaration, or a root element in a file named `.xml`."""
        head = content.head_text
        return (
            head.startswith("<?xml")
            or (content.suffix == ".xml" and head.startswith("<"))
            or xml_root_of(head) in _LISTS
        )

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Say what it is, or what is wrong with XML that is broken."""
        root = parse_xml(content.read_all(), options.encoding)
        name = local_name(root)
        if name in _LISTS:
            listed = find_all(root, "loc")
            raise InputError(f"not articles but {_LISTS[name]}: {len(listed):,} addresses, none of their texts.")
        yield Skipped(content.origin, f"XML of a kind that is not read (its root element is <{name}>).")


class OtherFileReader:
    """Turns away files that are known to be something else than articles, naming what they are."""

    name = "another kind of file"

    def recognises(self, content: Content) -> bool:
        """A kind that is told by the content."""
        # The rows of a table may look like a log.
        return (
            not _TABLES.recognises(content) and kind_of(content.head_text[:_LOOKED_AT], content.suffix) is not None
        )

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:  # noqa: ARG002 - as all readers
        """Say what it is."""
        content.require_text()
        yield Skipped(
            content.origin, f"not an article but {kind_of(content.head_text[:_LOOKED_AT], content.suffix)}."
        )


def kind_of(text: str, suffix: str = "") -> str | None:
    """What kind of file a text is that is no article, in words for people; None when it may be one.

    Args:
        text: Its beginning, without leading white space.
        suffix: The extension of its name in lower case: `.css`.
    """
    for opening, kind in _OPENINGS:
        if opening.match(text):
            return kind
    if suffix in _MAY_HAVE_CODE:
        return None
    lines = [line[:_LONGEST_LINE] for line in text.splitlines() if line.strip()]
    for judge, kind in _JUDGES:
        if judge(text, lines, suffix):
            return kind
    return None


def _is_style_sheet(text: str, _lines: Sequence[str], suffix: str) -> bool:
    plain = _COMMENTS.sub("", text)
    if "{" not in plain:
        return suffix == ".css" and not _PROSE.search(plain) and bool(text)
    ruled = sum(len(rule[0]) for rule in _CSS_RULE.finditer(plain) if _CSS_NAMES.search(rule[0]))
    return ruled >= _MOSTLY * len(plain.strip()) > 0


def _is_sql(text: str, _lines: Sequence[str], _suffix: str) -> bool:
    plain = re.sub(r"^\s*(?:--|#).*$", "", _COMMENTS.sub("", text), flags=re.MULTILINE).lstrip()
    return bool(_SQL.match(plain)) and ";" in plain


def _is_log(_text: str, lines: Sequence[str], _suffix: str) -> bool:
    return len(lines) >= _LEAST_LINES and _share(lines, _LOG_LINE) >= _NEARLY_ALL


def _is_settings(_text: str, lines: Sequence[str], suffix: str) -> bool:
    if _share(lines, _SETTING) >= _NEARLY_ALL and any("=" in line for line in lines):
        return len(lines) >= _LEAST_LINES or suffix in _SUFFIXES
    is_yaml = _share(lines, _YAML) >= _NEARLY_ALL and any(":" in line for line in lines)
    # A list of "key: value" is also how notes are written; only the name of the file tells.
    return is_yaml and suffix in {".yaml", ".yml", ".po", ".pot"} and not any(map(_PROSE.search, lines))


def _is_code(_text: str, lines: Sequence[str], suffix: str) -> bool:
    if not lines:
        return False
    code = [line for line in lines if _CODE.match(line)]
    sure = [line for line in code if not line.lstrip().startswith("#")]
    prose = [line for line in lines if _PROSE.match(line.lstrip()) and line not in code]
    if suffix in _SUFFIXES and len(code) >= _SUFFIX_SAYS_SO * len(lines) and code:
        return len(prose) <= len(lines) / 2
    return (
        len(lines) >= _LEAST_LINES
        and len(code) >= _MOSTLY * len(lines)
        and len(sure) >= 2 * len(prose)
        and len(sure) >= _LEAST_LINES
    )


def _is_bibliography(text: str, _lines: Sequence[str], _suffix: str) -> bool:
    return bool(_BIBTEX.match(text))


def _is_encoded(text: str, lines: Sequence[str], _suffix: str) -> bool:
    """Whether a text is binary data written in letters: long words without a blank, all of them ASCII."""
    longest = max(map(len, text.split()), default=0)
    return (
        longest >= _ENCODED_WORD
        and len(lines) * 2 >= len(text.split())
        and bool(_BASE64.fullmatch(text))
        and bool(re.search(r"\d", text))
    )


def _share(lines: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.match(line)) for line in lines) / len(lines) if lines else 0.0


_JUDGES: tuple[tuple[Callable[[str, Sequence[str], str], bool], str], ...] = (
    (_is_bibliography, "a bibliography (BibTeX)"),
    (_is_style_sheet, "a style sheet"),
    (_is_sql, "SQL"),
    (_is_log, "a log"),
    (_is_settings, "a file of settings"),
    (_is_code, "source code"),
    (_is_encoded, "encoded binary data"),
)
