"""The English of news: sentences, terms, quotation marks, numbers and units."""
