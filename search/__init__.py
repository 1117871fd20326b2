"""From a question to cited passages: the archive, retrieval, evidence and citations."""
