"""Compare lengths of passages, and what is embedded with them, by nDCG@10.

    python benchmarks/passages.py $DATELINE_EVAL/cranfield QUESTIONS.jsonl=ARTICLES.jsonl

Every set is indexed anew for every way to make passages: most tokens of a passage, and whether its headline, or
its headline and its article's publication date, are embedded before it.
"""

import argparse
from functools import partial

from evaluation_sets import ndcg, read_set

from api.evaluation.judged import JudgedSet
from api.evaluation.trial import archive_folder
from indexer.dossier import split
from indexer.renewal import fill
from search.archive import LocalArchive
from search.article import Article, Span
from search.asking.engine import Engine
from search.asking.retrieval import Method
from search.models.embedding import Embedder, load_embedder
from search.models.embedding.embedder import in_context
from search.settings import Settings

WAYS = (
    (60, "headline"),
    (120, "headline"),
    (200, "headline"),
    (230, "headline"),
    (120, "nothing"),
    (200, "nothing"),
    (120, "headline and date"),
)
METHODS = (Method.DENSE, Method.LEXICAL, Method.FUSED)


def cut(article: Article, embedder: Embedder, *, tokens: int, context: str) -> tuple[list[Span], list[str]]:
    """Cut an article into passages of at most `tokens` tokens and write `context` before what is embedded."""
    spans = split(article.body, embedder.count_tokens, tokens)
    texts = [span.of(article.body) for span in spans]
    if context == "headline and date" and article.published:
        texts = [f"{article.published.isoformat()}. {text}" for text in texts]
    if context != "nothing":
        texts = [in_context(article.headline, text) for text in texts]
    return spans, texts


def main() -> None:
    """Print a row for each set and each way to make passages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET", help="a BEIR folder, or QUESTIONS=ARTICLES")
    arguments = parser.parse_args()
    settings = Settings.load(max_question_chars=100_000)
    embedder = load_embedder(settings)
    print("| set | tokens | embedded before | passages | dense | lexical | fused |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: |")
    for name in arguments.sets:
        judged = read_set(name)
        for tokens, context in WAYS:
            if "date" in context and not any(article.published for article in judged.articles):
                continue
            row = measure(judged, embedder, settings, tokens, context)
            print(f"| {judged.name} | {tokens} | {context} | {row} |", flush=True)


def measure(judged: JudgedSet, embedder: Embedder, settings: Settings, tokens: int, context: str) -> str:
    """Number of passages, and mean nDCG@10 of each method over a set whose passages are made in one way."""
    with archive_folder(None) as folder, LocalArchive.create(folder, embedder.card) as archive:
        fill(judged.articles, archive, embedder, lambda *_: None, partial(cut, tokens=tokens, context=context))
        engine = Engine(archive, embedder, settings)
        with archive.snapshot() as snapshot:
            cells = [str(snapshot.facts.passages)]
        for method in METHODS:
            ranked = {
                asked.id: [found.article_id for found in engine.search(asked.text, method=method).passages]
                for asked in judged.questions
            }
            cells.append(f"{ndcg(ranked, judged.questions):.3f}")
    return " | ".join(cells)


if __name__ == "__main__":
    main()
