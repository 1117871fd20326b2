from hypothesis import given
from hypothesis import strategies as st

from search.archive import Archive
from search.archive.local.rows import is_stored, statement_from_row, statement_to_row
from search.statements import Standing, read_statements
from tests.fakes import HashEmbedder, make_article, store

SENTENCES = (
    "The ferry sailed at noon.",
    'Ana Souza, mayor of Porto, said: "The bridge will open in May."',
    '"It is safe," she said. "It always was."',
    "The union threatened to strike.",
    "The company denied that the bridge was unsafe.",
    "If it rains, the bridge would close.",
    "Police said two cars collided.",
    "Will it ever open?",
)
BODIES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map(" ".join)


@given(BODIES | st.text(max_size=120))
def test_a_row_tells_all_that_the_statement_told(body: str) -> None:
    for statement in read_statements(body):
        assert statement_from_row(body, statement_to_row(statement)) == statement


def test_the_archive_gives_back_what_says_more_than_that_it_is_so(
    archive: Archive, hash_embedder: HashEmbedder
) -> None:
    body = " ".join(SENTENCES)
    store(archive, hash_embedder, make_article("bridge", body), make_article("none", "Nothing happened."))
    keys = {article.id: key for key, article in archive.fetch_articles([1, 2]).items()}
    stored = archive.statements(keys.values())
    assert stored[keys["bridge"]] == [one for one in read_statements(body) if is_stored(one)]
    assert {one.standing for one in stored[keys["bridge"]]} == set(Standing)
    assert body[: len(SENTENCES[0])] not in {body[one.start : one.end] for one in stored[keys["bridge"]]}
    assert stored[keys["none"]] == []


def test_replaced_and_removed_articles_leave_no_statement(archive: Archive, hash_embedder: HashEmbedder) -> None:
    store(archive, hash_embedder, make_article("bridge", "Police said two cars collided."))
    store(archive, hash_embedder, make_article("bridge", "The mayor said two cars collided."))
    (statements,) = (found for found in archive.statements([1, 2]).values() if found)
    assert [one.speaker.name for one in statements if one.speaker] == ["mayor"]
    with archive.write() as writer:
        writer.remove("bridge")
        writer.commit()
    assert not any(archive.statements([1, 2]).values())
