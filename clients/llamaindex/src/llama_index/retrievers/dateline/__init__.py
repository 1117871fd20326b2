"""A LlamaIndex retriever over a Dateline server: verbatim, cited quotes from a news archive.

from llama_index.retrievers.dateline import DatelineRetriever

for found in DatelineRetriever("http://127.0.0.1:8000").retrieve("when will missiles be used?"):
    print(found.text, found.metadata["link"])
"""

from llama_index.retrievers.dateline.base import DatelineRetriever

__all__ = ["DatelineRetriever"]
