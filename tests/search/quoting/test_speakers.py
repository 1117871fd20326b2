import pytest

from search.archive import Archive
from search.article import Span
from search.quoting.claims import Checked, read_claims, verify_claims
from search.quoting.quotations import read_quotations
from search.quoting.verification import is_somebody_elses
from search.settings import Settings
from search.statements import Speaker
from tests.fakes import HashEmbedder, make_article, store

DEAL = "the harbour will be dredged before the summer"
RAIN = "it has never rained so much in this valley"
BODY = (
    f"“{DEAL}”, Ana Souza, the mayor of Porto, told reporters on Monday.\n\n"
    f"Fishermen doubted it. “{RAIN}”, a pilot said. The old quay was closed to all ships in the spring."
)


def named(name: str, role: str | None = None) -> Speaker:
    return Speaker(name, role, name, 0, len(name))


@pytest.mark.parametrize(
    ("given", "known", "elses"),
    [
        (named("Souza"), [named("Ana Souza", "mayor of Porto")], False),
        (named("Ana Souza"), [named("Jan Novak", "harbour master")], True),
        (named("Ana Souza"), [named("Jan Novak"), named("Souza")], False),
        (named("Porto"), [named("Ana Souza", "mayor of Porto")], False),
        (named("mayor"), [named("Jan Novak", "harbour master")], False),
        (named("Ana Souza"), [named("harbour master")], False),
        (named("Reuters"), [named("Ana Souza")], False),
        (named("José Árbol"), [named("Jose Arbol")], False),
        (None, [named("Ana Souza")], False),
        (named("Ana Souza"), [], False),
    ],
)
def test_words_are_somebody_elses_when_no_name_or_role_is_shared(
    given: Speaker | None, known: list[Speaker], elses: object
) -> None:
    assert is_somebody_elses(given, known) is elses


@pytest.fixture
def checked(archive: Archive, hash_embedder: HashEmbedder):  # noqa: ANN201
    store(archive, hash_embedder, make_article("harbour", BODY, "Harbour", "2024-05-06", language="en"))

    def check(text: str) -> tuple[Checked, ...]:
        with archive.snapshot() as snapshot:
            return verify_claims(snapshot, read_claims(text), Settings.load()).checked

    return check


def test_a_draft_is_told_whose_words_it_quotes(checked) -> None:  # noqa: ANN001
    text = (
        f"Mayor Ana Souza was sure: “{DEAL}”, she said.\n\n"
        f"Jan Novak, a captain, said “{DEAL}”. He added: “{RAIN}”.\n\nNothing was certain."
    )
    souza, novak, rain = checked(text)
    assert [one.verification.status.value for one in (souza, novak, rain)] == ["exact"] * 3
    assert [one.located.span.of(text) for one in (souza, novak, rain)] == [DEAL, DEAL, RAIN]
    assert souza.verification.speakers[0].name == "Ana Souza"
    assert (souza.somebody_elses, novak.somebody_elses, rain.somebody_elses) == (False, True, False)
    assert novak.located.speaker
    assert novak.located.speaker.name == "Jan Novak"


def test_what_the_article_says_itself_is_nobodys(checked) -> None:  # noqa: ANN001
    (quay,) = checked("Jan Novak said “The old quay was closed to all ships” there.")
    assert quay.verification.speakers == ()
    assert not quay.somebody_elses


def test_places_in_a_draft_count_a_line_end_as_one() -> None:
    text = f"One.\r\n\r\n> {RAIN}\r\n\r\n“{DEAL}”."
    read = read_quotations(text)
    unified = text.replace("\r\n", "\n")
    assert [located.span and located.span.of(unified) for located in read.claims] == [RAIN, DEAL]


def test_a_very_long_draft_names_nobody() -> None:
    text = f"Jan Novak said “{DEAL}”.\n\n"
    assert read_quotations(text).claims[0].speaker
    long = read_quotations(text + "It rained. " * 20_000)
    assert (long.claims[0].speaker, long.claims[0].span) == (None, Span(16, 16 + len(DEAL)))
