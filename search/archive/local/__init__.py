"""The archive on one machine: SQLite holds the truth, FAISS and Tantivy are searched."""
