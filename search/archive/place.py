"""Where things are in an archive's folder."""

DATABASE_FILE = "archive.sqlite"
TAGS_FOLDER = "tags"
