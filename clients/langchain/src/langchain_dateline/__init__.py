"""A LangChain retriever over a Dateline server: verbatim, cited quotes from a news archive.

from langchain_dateline import DatelineRetriever

for document in DatelineRetriever(address="http://127.0.0.1:8000").invoke("when will missiles be used?"):
    print(document.page_content, document.metadata["link"])
"""

from langchain_dateline.retriever import DatelineRetriever

__all__ = ["DatelineRetriever"]
