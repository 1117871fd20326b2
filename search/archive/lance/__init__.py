"""The archive as Lance tables, on disk or object storage: one writer at a time, readers without number."""
