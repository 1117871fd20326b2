"""The English of news, once: its lexicon as data files, sentences, terms, quotation marks, numbers and units."""
