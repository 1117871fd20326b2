"""From a question to an answer: reading, retrieval, evidence, citations and what comes back."""
