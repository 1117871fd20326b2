"""What comes back for questions of other shapes: yes or no, lists, several in one, keywords, misspelt words."""

from collections.abc import Iterator, Sequence

import pytest

from api.schemas import AnswerResponse
from search.archive import LocalArchive
from search.asking.citing import READ_AGAIN
from search.asking.engine import Engine
from search.asking.shapes import QuestionShape
from search.models import Models
from search.settings import Settings
from tests.fakes import HashEmbedder, ReaderForAWord, make_article, store

ARTICLES = (
    make_article(
        "orm", "The Orm flooded Torvik on Monday, the council said. Boats were sent.", "Flood", "2024-03-12"
    ),
    make_article("lin", "The Lin river flooded Selby in the night, and 41 people fled.", "Water", "2024-03-14"),
    make_article(
        "fire", "The old mill burned in Imra. Mayor Ida Holt said the mill was insured.", "Fire", "2024-05-02"
    ),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalArchive]:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path_factory.mktemp("shapes"), embedder.card) as made:
        store(made, embedder, *ARTICLES)
        yield made


def engine_that_marks(archive: LocalArchive, word: str) -> Engine:
    settings = Settings.load(wanted_precision=0.0)
    return Engine(archive, HashEmbedder(), settings, models=Models(close_reader=ReaderForAWord(word)))


def test_a_yes_or_no_question_is_answered_with_the_sentence_that_decides(archive: LocalArchive) -> None:
    answer = engine_that_marks(archive, "mill").ask("Did the old mill burn?", 1)
    assert answer.reading.shape is QuestionShape.YES_OR_NO
    (citation,) = answer.citations
    assert citation.quote.startswith("The old mill burned in Imra.")
    assert citation.answer is None


def test_what_happened_to_somebody_is_answered_with_the_whole_sentence(archive: LocalArchive) -> None:
    answer = engine_that_marks(archive, "mill").ask("What happened to the old mill?", 1)
    assert answer.reading.shape is QuestionShape.FATE
    assert "burned" in answer.citations[0].quote
    assert answer.citations[0].answer is None


def test_a_question_for_one_thing_has_the_words_that_answer(archive: LocalArchive) -> None:
    citation = engine_that_marks(archive, "Imra").ask("Where did the old mill burn?", 1).citations[0]
    assert citation.answer
    assert citation.answer.words == "Imra"


def test_a_list_is_collected_across_articles(archive: LocalArchive) -> None:
    for word, other in (("Torvik", "Selby"), ("Selby", "Torvik")):
        answer = engine_that_marks(archive, word).ask("Which towns were flooded?", 1)
        assert answer.reading.shape is QuestionShape.LIST
        quotes = [one.quote for one in answer.listed]
        assert word in quotes
        bodies = {article.id: article.body for article in ARTICLES}
        assert all(bodies[one.article_id][one.start : one.end] == one.quote for one in answer.listed)
        assert quotes.count(other) <= 1


def test_several_questions_in_one_are_answered_one_by_one(archive: LocalArchive) -> None:
    engine = engine_that_marks(archive, "mill")
    answer = engine.ask("When did the old mill burn and how many people fled from the Lin?", 2)
    assert [part.question for part in answer.parts] == [
        "When did the old mill burn?",
        "How many people fled from the Lin?",
    ]
    assert [part.citations[0].article_id for part in answer.parts] == ["fire", "lin"]
    assert [citation.article_id for citation in answer.citations] == ["fire", "lin"]
    assert answer.probability == min(part.probability for part in answer.parts)
    assert answer.parts == tuple(engine.ask(part.question, 2) for part in answer.parts)
    shaped = AnswerResponse.of(answer)
    assert [part.question for part in shaped.parts] == [part.question for part in answer.parts]
    assert not shaped.parts[0].parts


def test_of_several_questions_what_is_not_found_is_told_of_each(archive: LocalArchive) -> None:
    engine = Engine(archive, HashEmbedder(), Settings.load(wanted_precision=1.0))
    answer = engine.ask("When did the old mill burn and who won the chess Olympiad?")
    assert not answer.found
    assert answer.citations == ()
    assert [part.found for part in answer.parts] == [False, False]
    assert all(part.reason for part in answer.parts)


class Speller(HashEmbedder):
    """Knows few words."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [1 if text in {"a", "stop", "burn", "old", "pill"} else 2 for text in texts]


def test_a_misspelt_word_is_read_as_the_articles_spell_it_and_said(archive: LocalArchive) -> None:
    engine = Engine(archive, Speller(), Settings.load(wanted_precision=0.0))
    answer = engine.ask("Where were the counncil boats sent?")
    assert answer.question == "Where were the counncil boats sent?"
    assert answer.reading.respelt == (("counncil", "council"),)
    assert answer.citations[0].article_id == "orm"
    assert AnswerResponse.of(answer).reading.respelt == (("counncil", "council"),)
    assert engine.ask("Did the old pill burn?").reading.respelt == ()


def test_keywords_are_answered_with_the_sentences_on_them(archive: LocalArchive) -> None:
    answer = engine_that_marks(archive, "mill").ask("old mill Imra", 1)
    assert answer.reading.shape is QuestionShape.KEYWORDS
    assert answer.citations[0].article_id == "fire"


def test_what_was_reported_before_belongs_to_the_first_of_several_questions(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    embedder = HashEmbedder()
    with LocalArchive.create(tmp_path_factory.mktemp("several"), embedder.card) as archive:
        store(
            archive,
            embedder,
            make_article("early", "Some 41 goats fled from the flooded barn in Selby.", "Goats", "2024-03-12"),
            make_article("late", "Some 45 goats fled from the flooded barn in Selby.", "More goats", "2024-03-14"),
            make_article("mill", "Nine ovens burned in the old mill of Imra.", "Mill", "2024-05-02"),
        )
        engine = Engine(archive, embedder, Settings.load(wanted_precision=0.0))
        goats, ovens = "how many goats fled from the flooded barn", "how many ovens burned in the old mill"
        for question, words in ((f"{goats} and {ovens}?", ["41"]), (f"{ovens} and {goats}?", [])):
            answer = engine.ask(question, 1)
            assert sorted(len(part.history) for part in answer.parts) == [0, 1]
            assert [one.words for one in answer.history] == words


def test_a_second_reader_has_a_say_in_which_words_answer(archive: LocalArchive) -> None:
    second = ReaderForAWord("Selby", odds=9.0)
    words = []
    for reader in (ReaderForAWord("Lin"), ReaderForAWord("Lin", second=second)):
        engine = Engine(
            archive, HashEmbedder(), Settings.load(wanted_precision=0.0), models=Models(close_reader=reader)
        )
        answer = engine.ask("Where did the Lin river flood?", 1, explain=True)
        assert answer.citations[0].answer
        words.append(answer.citations[0].answer.words)
    assert words == ["Lin", "Selby"]
    assert answer.citations[0].quote in second.passages
    assert answer.receipt
    assert answer.receipt.models["second_reader"].startswith("word reader")


def test_a_second_reader_reads_no_evidence_whose_time_the_rules_tell(archive: LocalArchive) -> None:
    second = ReaderForAWord("Torvik")
    models = Models(close_reader=ReaderForAWord("Monday", second=second))
    engine = Engine(archive, HashEmbedder(), Settings.load(wanted_precision=0.0), models=models)
    answer = engine.ask("When did the Orm flood Torvik?", 1)
    assert answer.citations[0].answer
    assert answer.citations[0].answer.words == "on Monday"
    assert answer.citations[0].quote not in second.passages


def test_a_second_reader_reads_the_first_pieces_alone(archive: LocalArchive) -> None:
    second = ReaderForAWord("Selby")
    models = Models(close_reader=ReaderForAWord("Selby", second=second))
    engine = Engine(archive, HashEmbedder(), Settings.load(wanted_precision=0.0), models=models)
    assert len(engine.ask("Where was it that somebody said the council had boats?", 6).citations) > READ_AGAIN
    assert len(second.passages) == READ_AGAIN
