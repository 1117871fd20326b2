"""Results of `search` and `fetch` in the shape that connectors expect (ChatGPT's, those of deep research).

They have exactly these names, and the text is the same as the fields, written as JSON. A result without an address
has an empty one, and is read but not cited.
"""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from api.mcp.results import web_address
from api.schemas import ArticleResponse, CitationOut, Shape

MOST_CHARS = 200_000
"""The most code points of an article that are given at once."""


class SearchHit(Shape):
    """An article that has to do with a query, in the shape that connectors expect."""

    id: str = Field(description="Names the article; the tool `fetch` reads it.")
    title: str = Field(description="Its headline, source and day.")
    url: str = Field(description="Its address on the web; empty when none is known.")
    text: str = Field(description="The passage of it that has most to do with the query, verbatim.")


class SearchHits(Shape):
    """Articles that have to do with a query, best first; empty when there are none."""

    results: tuple[SearchHit, ...] = Field(description="Best first.")

    @classmethod
    def of(cls, passages: Iterable[CitationOut]) -> Self:
        """Shape ranked passages."""
        return cls(
            results=tuple(
                SearchHit(
                    id=passage.article_id,
                    title=title_of(
                        passage.headline, passage.source, passage.published.value if passage.published else None
                    ),
                    url=passage.link or web_address(passage.url),
                    text=passage.quote,
                )
                for passage in passages
            )
        )

    def in_words(self) -> str:
        """The same as JSON, as connectors read it."""
        return self.to_json()


class FetchedArticle(Shape):
    """An article in the shape that connectors expect, or that there is none, which is no failure."""

    id: str = Field(description="As asked for.")
    title: str = Field(description="Headline, source and day; empty when there is no such article.")
    text: str = Field(description="The article's body; empty when there is no such article.")
    url: str = Field(description="Its address on the web; empty when none is known.")
    metadata: dict[str, str] = Field(
        description="Published, source, byline and the like; `found` is `false` when there is no such article, "
        "and `next_id` fetches what follows when the text is longer than what is given at once."
    )

    @classmethod
    def of(cls, asked: str, article: ArticleResponse, start: int = 0) -> Self:
        """Shape an article, its body from this code point on."""
        end = min(start + MOST_CHARS, len(article.body))
        stated = {
            "published": article.published.value if article.published else None,
            "source": article.source,
            "byline": article.byline,
            "dateline": article.dateline,
            "section": article.section,
            "language": article.language,
            "withdrawn": article.withdrawn.reason if article.withdrawn else None,
            "superseded_by": article.superseded_by,
            "start": str(start) if start else None,
            "next_id": f"{article.id}#char={end}" if end < len(article.body) else None,
        }
        return cls(
            id=asked,
            title=title_of(article.headline, article.source, stated["published"]),
            text=article.body[start:end],
            url=web_address(article.url),
            metadata={name: value for name, value in stated.items() if value},
        )

    @classmethod
    def missing(cls, asked: str, reason: str) -> Self:
        """Say that there is none."""
        return cls(id=asked, title="", text="", url="", metadata={"found": "false", "reason": reason})

    def in_words(self) -> str:
        """The same as JSON, as connectors read it."""
        return self.to_json()


def title_of(headline: str, source: str | None, day: str | None) -> str:
    """Name an article: its headline, and in parentheses who published it when."""
    where = ", ".join(part for part in (source, day[:10] if day else None) if part)
    return f"{headline or '(no headline)'} ({where})" if where else headline or "(no headline)"
