"""What every step does to tables: make them anew under another name, and let them take the old ones' places."""

import sqlite3


def run(connection: sqlite3.Connection, script: str) -> None:
    """Run statements inside the transaction that is open; `executescript` would commit it."""
    for statement in script.split(";"):
        connection.execute(statement)


def take_the_place(connection: sqlite3.Connection, table: str) -> None:
    """Let the table `new_...` take the place of an old one; its indexes are gone with it.

    Keys are never used twice, those of rows that are gone neither, so the counter of keys goes over to it.
    """
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    if last is not None:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, *last))
