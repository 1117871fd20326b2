"""Articles to passages: langchain-text-splitters packs paragraphs and sentences, the offsets are ours.

The splitter's own `add_start_index` searches for each chunk in the text and can find the wrong place, so
offsets are counted here: chunks follow one another and, joined, are the body again. That is checked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from search.article import Span
from search.english.sentences import paragraphs, sentences

CountTokens = Callable[[Sequence[str]], list[int]]
"""Counts the tokens of each text as the embedding model does, special tokens left out."""


def split(body: str, count_tokens: CountTokens, limit: int) -> list[Span]:
    """Cut a body into passages of at most `limit` tokens.

    A passage ends where a paragraph ends if it can, else where a sentence ends, else (one sentence longer than
    the limit) between words. Passages are in order, do not overlap, begin and end with a visible character,
    and leave out nothing but white space.

    Args:
        body: Canonical body of an article.
        count_tokens: How the model counts.
        limit: Most tokens of a passage; at least 1.

    Returns:
        Offsets into `body`.
    """
    spans = []
    start = 0
    for chunk in _NewsSplitter(count_tokens, limit).split_text(body):
        end = start + len(chunk)
        if body[start:end] != chunk:
            raise AssertionError(f"the splitter changed the text at offset {start}")
        if bare := chunk.strip():
            first = start + chunk.index(bare)
            spans.append(Span(first, first + len(bare)))
        start = end
    if start != len(body):
        raise AssertionError(f"the splitter lost the text from offset {start}")
    return spans


class _NewsSplitter(TextSplitter):
    """Splits at paragraphs, then sentences, then words, and merges neighbours up to the limit."""

    def __init__(self, count_tokens: CountTokens, limit: int) -> None:
        self._lengths: dict[str, int] = {}
        self._count_tokens = count_tokens
        super().__init__(limit, 0, self._length, strip_whitespace=False)
        self._word_splitter = RecursiveCharacterTextSplitter(
            chunk_size=limit,
            chunk_overlap=0,
            length_function=self._length,
            separators=[" ", ""],
            keep_separator="end",
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        """Cut `text` into chunks that, joined, are `text` again."""
        return self._merge_splits(self._pieces(text), "")

    def _pieces(self, text: str) -> Iterator[str]:
        """Yield the largest pieces of `text` that are within the limit, or a single character."""
        for paragraph in self._counted(_tiles(text, paragraphs(text))):
            if self._length(paragraph) <= self._chunk_size:
                yield paragraph
                continue
            for sentence in self._counted(_tiles(paragraph, sentences(paragraph))):
                if self._length(sentence) <= self._chunk_size:
                    yield sentence
                else:
                    yield from self._word_splitter.split_text(sentence)

    def _counted(self, pieces: list[str]) -> list[str]:
        """Count all pieces in one call of the tokenizer."""
        self._lengths.update(zip(pieces, map(_more_than_none, self._count_tokens(pieces)), strict=True))
        return pieces

    def _length(self, text: str) -> int:
        if not text:
            return 0
        length = self._lengths.get(text)
        return _more_than_none(self._count_tokens([text])[0]) if length is None else length


def _more_than_none(tokens: int) -> int:
    """Count at least 1: the merger would give a piece of no length (a second space, say) twice."""
    return max(1, tokens)


def _tiles(text: str, spans: Iterable[Span]) -> list[str]:
    """Cut `text` where spans begin, so that white space stays with the piece before it."""
    starts = [span.start for span in spans]
    return [text[start:end] for start, end in pairwise([0, *starts[1:], len(text)])]
