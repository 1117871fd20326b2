"""The question that Dateline exists for: a time to come, told vaguely, beside exact times of other things."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.archive import LocalArchive
from search.article import Article
from search.asking.engine import Engine
from search.asking.question_time import Side, side_asked, time_asked
from search.models import Models
from search.models.close_reading import load_close_reader
from search.models.embedding import Embedder
from search.settings import Settings
from search.statements import Standing
from tests.fakes import make_article, store

pytestmark = pytest.mark.model

SAMPLE = Path(__file__).parents[3] / "corpus/markdown/2024-09-10-iran-missiles-blinken-accuses-tehran.md"

FERRIES = make_article(
    "ferries",
    "In an unusual move, the island of Torvik has formally blamed the mainland council for the loss of its last "
    "ferry. The complaint, lodged on 2023-03-14, opens a new chapter in the long quarrel over the crossing.\n\n"
    "Olga Brandt, the island's harbour minister, told of the purchase beside the mayor of Selby. "
    "Brandt said that the timetable would be printed later the same day. The moment of the complaint is awkward, "
    "as both are due to open a school in Selby on 2023-03-15.\n\n"
    'Harbour minister Olga Brandt said: "Our island has now bought three electric ferries of its own and will '
    'probably launch them within months on the northern crossing, against the wishes of the council."\n\n'
    "The quarrel follows reports over the weekend of 2023-03-11 that the ferries had been bought in Norway. "
    "Brandt confirmed that the sale was complete.\n\n"
    "The island's shipyard, for decades the largest of the coast, goes back to the herring years (1920-1931). It "
    "has been under the council's supervision since 2005. The council has refused several requests since 2015.\n\n"
    "The sinking of the old ferry in 2018 had made the crossing the subject of many quarrels. The ferries could "
    "change daily life on the island.",
    "Torvik blames council for loss of ferry",
    "2023-03-14",
)

OF_MISSILES = (
    "when will missiles be used?",
    "When will the missiles be used?",
    "how soon could Russia fire the Iranian missiles?",
    "How soon will missiles be used against Ukrainians?",
    "How long until the missiles are used?",
    "By when will Russia use the missiles?",
    "When might Russia use the ballistic missiles in Ukraine?",
    "When is Russia expected to use the missiles?",
    "When are the missiles going to be used?",
    "When does Blinken think the missiles will be used?",
    "In how many weeks will the missiles be used?",
    "Within what time will the missiles be used?",
    "how quickly will Russia use the missiles",
    "When will russia start using iranian missiles",
    "when are iranian missiles going to hit ukraine",
    "in what timeframe will Moscow use the missiles",
    "What did Blinken say about when the missiles will be used?",
    "At what point will the missiles be used in the war?",
    "Do we know when the missiles will be used?",
)
OF_FERRIES = (
    "when will the ferries be launched?",
    "how soon could the electric ferries sail on the northern crossing?",
    "How long until the ferries are launched?",
    "By when will Torvik launch the ferries?",
    "When might the island launch its electric ferries?",
    "When is Torvik expected to launch the ferries?",
    "When are the new ferries going to be launched?",
    "When does Brandt think the ferries will be launched?",
    "In how many months will the ferries be launched?",
    "What is the timeframe for the launch of the ferries?",
)


def _read(path: Path) -> Article:
    (file,) = find_files([path])
    assert isinstance(file, InputFile)
    (article,) = read_file(file, ReadOptions())
    assert isinstance(article, Article)
    return article


@pytest.fixture(scope="module", params=["careful", "fast"])
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, model_cache: Path
) -> Iterator[dict[str, Engine]]:
    """Engines over archives of one article each, with each profile in turn."""
    settings = Settings.load(cache=model_cache, threads=2, profile=request.param)
    models = Models(close_reader=load_close_reader(settings))
    articles = {"sample": _read(SAMPLE), "ferries": FERRIES}
    if news := os.environ.get("DATELINE_NEWS"):
        articles["first"] = _read(Path(news) / "000_4a7673fdb80d388d.txt")
    opened, archives = {}, []
    for name, article in articles.items():
        archive = LocalArchive.create(tmp_path_factory.mktemp(name), embedder.card)
        archives.append(archive)
        store(archive, embedder, article)
        opened[name] = Engine(archive, embedder, settings, models=models)
    yield opened
    for archive in archives:
        archive.close()


@pytest.mark.parametrize("archive", ["sample", "first"])
@pytest.mark.parametrize("question", OF_MISSILES)
def test_the_missiles_will_be_used_within_weeks(engines: dict[str, Engine], archive: str, question: str) -> None:
    if archive not in engines:
        pytest.skip("DATELINE_NEWS names no folder")
    answer = engines[archive].ask(question)
    assert answer.found
    first = answer.citations[0]
    assert "will likely use them within weeks in Ukraine, against Ukrainians." in first.quote
    assert first.when is not None
    assert (first.when.words, first.when.interval.first_day) == ("within weeks", date(2024, 9, 10))
    assert first.standing is Standing.PREDICTED
    assert first.speaker is not None
    assert (first.speaker.name, first.speaker.role) == ("Antony Blinken", "US Secretary of State")


@pytest.mark.parametrize("question", OF_FERRIES)
def test_a_vague_time_of_what_is_asked_for_beats_an_exact_one_of_something_else(
    engines: dict[str, Engine], question: str
) -> None:
    answer = engines["ferries"].ask(question)
    assert answer.found
    first = answer.citations[0]
    assert "will probably launch them within months" in first.quote
    assert "open a school" not in first.quote
    assert first.when is not None
    assert first.when.words == "within months"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When was the complaint lodged?", "2023-03-14"),
        ("When will they open the school in Selby?", "2023-03-15"),
        ("When did the old ferry sink?", "2018"),
    ],
)
def test_other_times_answer_their_own_questions(engines: dict[str, Engine], question: str, words: str) -> None:
    first = engines["ferries"].ask(question).citations[0]
    assert first.when is not None
    assert words in first.when.words


@pytest.mark.parametrize("question", [*OF_MISSILES, *OF_FERRIES])
def test_they_look_ahead(question: str) -> None:
    assert time_asked(question)
    assert side_asked(question) is Side.AHEAD


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("When did the bridge open?", Side.BEHIND),
        ("when was it announced?", Side.BEHIND),
        ("When was the premier due home?", None),
        ("When did he say that it would open?", None),
        ("When does the season begin?", None),
        ("When's the bridge due to open?", Side.AHEAD),
        ("the bridge opens when?", None),
    ],
)
def test_the_first_auxiliary_tells_the_side(question: str, side: Side | None) -> None:
    assert side_asked(question) is side
