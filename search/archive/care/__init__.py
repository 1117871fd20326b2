"""Care of an archive: backups and tags, checks, and the doctor."""
