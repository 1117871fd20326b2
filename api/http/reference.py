"""A page that documents every endpoint, made of the OpenAPI description; it has no script and loads nothing else.

The description is written out as Markdown, which is rendered with HTML switched off: nothing in it is markup.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt

_HEAD = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{title}</title>
  <link rel="icon" href="static/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="static/app.css">
  <link rel="stylesheet" href="static/styles/reference.css">
</head>
<body>
<header class="masthead"><a class="wordmark" href="./">Dateline</a></header>
<main class="reference">
"""
_FOOT = "</main>\n</body>\n</html>\n"
_LEAST_STATUS_OF_ERRORS = "4"


def reference_page(description: Mapping[str, Any]) -> str:
    """Write the page of an OpenAPI description."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse("\n".join(_lines(description)))
    for heading, text in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h3":
            heading.attrSet("id", _anchor(text.content))
    head = _HEAD.format(title=escape(f"{description['info']['title']} API"))
    return f"{head}{markdown.renderer.render(tokens, markdown.options, {})}{_FOOT}"


def _lines(description: Mapping[str, Any]) -> Iterator[str]:
    info = description["info"]
    yield f"# {info['title']} API {info['version']}\n\n{info['description']}\n"
    yield "The description for machines is at [openapi.json](openapi.json).\n"
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    for tag in description["tags"]:
        yield f"**{tag['name'].capitalize()}**\n"
        for name, operation in operations:
            if tag["name"] in operation["tags"]:
                yield f"- [{name}](#{_anchor(name)}): {operation['summary']}"
        yield ""
    for tag in description["tags"]:
        yield f"## {tag['name'].capitalize()}\n\n{tag['description']}\n"
        for name, operation in operations:
            if tag["name"] in operation["tags"]:
                yield from _operation(name, operation)
    yield "## Shapes\n"
    for name, schema in sorted(description["components"]["schemas"].items()):
        yield from _shape(name, schema)


def _operation(name: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}\n\n**{operation['summary']}** (`{operation['operationId']}`)\n"
    yield f"{operation['description']}\n"
    if parameters := operation.get("parameters"):
        yield "| parameter | in | | |\n| --- | --- | --- | --- |"
        for one in parameters:
            place = f"{one['in']} (required)" if one["required"] else one["in"]
            yield f"| `{one['name']}` | {place} | {_type(one['schema'])} | {_cell(one['description'])} |"
        yield ""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Body, `{media_type}`: {_type(content['schema'])}\n"
        yield from _examples(content, "A body")
    for status, response in operation["responses"].items():
        yield f"**{status}** {response['description']}\n"
        for media_type, content in response.get("content", {}).items():
            yield f"`{media_type}`: {_type(content.get('schema', {}))}\n"
            if status < _LEAST_STATUS_OF_ERRORS:
                yield from _examples(content, "An answer")


def _examples(content: Mapping[str, Any], noun: str) -> Iterator[str]:
    for example in content.get("examples", {}).values():
        value = example["value"]
        text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
        fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=2))
        yield f"{noun}: {example['summary']}\n\n{fence}json\n{text.rstrip()}\n{fence}\n"


def _shape(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}\n\n{schema.get('description', '')}\n"
    if values := schema.get("enum"):
        yield f"One of {', '.join(f'`{value}`' for value in values)}.\n"
    if fields := schema.get("properties"):
        yield "| field | | |\n| --- | --- | --- |"
        for field, about in fields.items():
            yield f"| `{field}` | {_type(about)} | {_cell(about.get('description', ''))} |"
        yield ""


def _type(schema: Mapping[str, Any]) -> str:
    """What values a schema lets through, in a few words."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(dict.fromkeys(map(_type, choices)))
    if values := schema.get("enum") or [schema[name] for name in ("const",) if name in schema]:
        return " or ".join(f"`{value}`" for value in values)
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kinds = schema.get("type", "anything")
    kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
