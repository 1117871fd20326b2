import pytest

from indexer.dossier import tag_article
from search.article import Span
from search.asking.evidence.plans import verb_asked
from search.asking.evidence.time_answer import TimeAnswer, answering_time, on_the_side
from search.asking.question_time import TimeAsked, side_asked, time_asked
from search.english.terms import content_terms
from tests.fakes import make_article

TUESDAY = "2024-09-10"


def answered(body: str, question: str, day: str | None = TUESDAY) -> TimeAnswer | None:
    article = make_article("any", body, day=day)
    asked = time_asked(question)
    assert asked
    sentence = Span(0, len(article.body))
    found = answering_time(article.body, sentence, tag_article(article), content_terms(question), asked)
    assert found is None or article.body[found.start : found.end] == found.words
    assert found is None or 0 <= found.fitness <= 1
    return found


def days_of(answer: TimeAnswer | None) -> tuple[str, str]:
    assert answer
    return str(answer.interval.first_day), str(answer.interval.last_day)


@pytest.mark.parametrize(
    "sentence",
    [
        "He will retire next month, the bishop said on Tuesday.",
        "The bishop said on Tuesday that he would retire next month.",
        "On Tuesday the bishop told reporters here that he would retire next month.",
    ],
)
def test_the_time_of_the_event_is_taken_and_not_that_of_the_report(sentence: str) -> None:
    answer = answered(sentence, "When will the bishop retire?")
    assert answer
    assert answer.words == "next month"
    assert days_of(answer) == ("2024-10-01", "2024-10-31")
    assert answer.anchor == TUESDAY


@pytest.mark.parametrize(
    "sentence",
    [
        "The dock strike, which began on Monday, will last 10 days, the union said on Tuesday.",
        "The dock strike will last for three months, the union said on Monday.",
    ],
)
def test_how_long_is_not_answered_with_the_day_of_the_report(sentence: str) -> None:
    assert answered(sentence, "How long will the dock strike last?") is None


def test_a_deadline_is_told_beside_a_length() -> None:
    sentence = "Iran must comply on Friday after talks that lasted three months."
    answer = answered(sentence, "By when must Iran comply?")
    assert answer
    assert answer.words == "Friday"


def test_the_time_that_stands_with_the_words_of_the_question_is_taken() -> None:
    sentence = "The quay was opened in 1911, burnt down in 1944 and was sold in 2003."
    for question, year in (
        ("When was the quay opened?", "1911"),
        ("When was the quay burnt?", "1944"),
        ("When was the quay sold?", "2003"),
    ):
        answer = answered(sentence, question)
        assert answer
        assert (answer.words, answer.anchor) == (year, "")


def test_days_that_are_joined_answer_together() -> None:
    answer = answered("Talks will be held on Friday and Saturday.", "When will the talks be held?")
    assert answer
    assert answer.words == "Friday and Saturday"
    assert days_of(answer) == ("2024-09-13", "2024-09-14")


@pytest.mark.parametrize(
    ("sentence", "words", "days"),
    [
        ("They will use the boats within weeks.", "within weeks", ("2024-09-10", "2024-10-10")),
        ("The boats will be used from 20 September.", "from 20 September", ("2024-09-20", "2024-09-20")),
        ("The boats will be used by Friday.", "by Friday", ("2024-09-10", "2024-09-13")),
        ("The boats will be used in October.", "October", ("2024-10-01", "2024-10-31")),
    ],
)
def test_a_preposition_that_changes_the_meaning_is_counted_in(
    sentence: str, words: str, days: tuple[str, str]
) -> None:
    answer = answered(sentence, "When will the boats be used?")
    assert answer
    assert answer.words == words
    assert days_of(answer) == days


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Since when has the bridge been closed?", "since March 26"),
        ("How long has the bridge been closed?", "since March 26"),
        ("Until when will the bridge be closed?", "until May 2025"),
        ("How long will the bridge be closed?", "until May 2025"),
    ],
)
def test_since_and_until_take_the_time_that_fits(question: str, words: str) -> None:
    answer = answered("Closed since March 26, the bridge will stay so until May 2025.", question)
    assert answer
    assert answer.words == words


def test_the_date_of_filing_is_not_the_time_of_the_event() -> None:
    body = "LONDON, Sept 10 - Iran sent missiles in August, Blinken said."
    answer = answered(body, "When has Iran sent missiles?")
    assert answer
    assert answer.words == "August"


@pytest.mark.parametrize(
    "sentence",
    ["Tehran denied it.", "Aristide met reporters every Monday.", "The truce has held for several days."],
    ids=["no time", "no day in particular", "a length"],
)
def test_a_sentence_that_bounds_no_time_has_no_answer(sentence: str) -> None:
    assert answered(sentence, "When did it happen?") is None


def test_a_time_of_another_sentence_is_not_taken() -> None:
    body = "It rained in May. The bridge fell."
    article = make_article("any", body, day=TUESDAY)
    asked = time_asked("When did the bridge fall?")
    assert asked
    second = Span(body.index("The bridge"), len(body))
    assert answering_time(body, second, tag_article(article), ["bridg", "fall"], asked) is None


def test_without_a_day_of_publication_nothing_relative_answers() -> None:
    assert answered("The bishop will retire next month.", "When will the bishop retire?", day=None) is None
    assert answered("The bishop will retire next month.", "When will the bishop retire?", day="2024") is None


def test_the_time_of_a_report_answers_when_it_was_reported() -> None:
    body = "Ana Souza, who has sat on the council since 1991, announced in July that she would leave."
    found = answered(body, "When did Ana Souza announce that she would leave?")
    assert found is not None
    assert found.words == "July"


def test_of_several_times_a_reader_sees_which_answers() -> None:
    body = "Observers arrive in Norra on Friday to watch the vote set for October 3."
    mentions = tag_article(article := make_article("any", body, day=TUESDAY))
    asked = ["vote", "norra"]
    place = article.body.index("October 3")

    def seen(span: Span) -> float:
        return 3.0 if span.start <= place < span.end else -6.0

    chosen = [
        answering_time(body, Span(0, len(body)), mentions, asked, TimeAsked.WHEN, read)
        for read in (seen, lambda span: -seen(span))
    ]
    assert [one.words if one else None for one in chosen] == ["October 3", "Friday"]


def words_on_the_side(body: str, question: str) -> str | None:
    article = make_article("any", body, day=TUESDAY)
    sentence, asked = Span(0, len(article.body)), time_asked(question)
    assert asked
    kept = on_the_side(
        article.body, sentence, tag_article(article), side_asked(question), article.published, verb_asked(question)
    )
    found = answering_time(article.body, sentence, kept, content_terms(question), asked)
    return found.words if found else None


@pytest.mark.parametrize(
    ("body", "question", "words"),
    [
        ("The kite will not fly in October as planned.", "When will the kite fly?", None),
        ("The kite will not fly in October but in May.", "When will the kite fly?", "May"),
        ("The kite will not fly until May.", "When will the kite fly?", "until May"),
        ("The kite did not fly on Monday but today.", "When did the kite fly?", "today"),
        ("The kite did not fly over the pier closed on Monday.", "When did the kite fly?", None),
        ("The tram is not expected to be opened on Monday.", "When was the tram opened?", None),
        ("The shop that never sold a kite opened on Monday.", "When did the shop open?", "Monday"),
        ("The clerk who did not resign in May resigned on Monday.", "When did the clerk resign?", "Monday"),
        ("Guards have not found the boat lost in the storm on Monday.", "When was the storm?", "Monday"),
        ("The kite has not flown since 2 May.", "When did the kite last fly?", "since 2 May"),
        ("The trial, due to open on Friday, was put back to June.", "When will the trial open?", "June"),
        ("The fair was brought forward from March to January.", "When will the fair be held?", "January"),
        ("The ban was extended on Monday until Friday.", "When will the ban end?", "until Friday"),
        ("The tram was to have run in 2026.", "When will the tram run?", None),
        ("A ruling had been expected by Friday; it is now due in May.", "When will they rule?", "May"),
        ("The pool will open on 1 May and the spa in June.", "When will the pool open?", "1 May"),
        ("The fair will run from Friday until Sunday.", "When will the fair be held?", "from Friday until Sunday"),
    ],
)
def test_a_time_at_which_nothing_happens_does_not_answer(body: str, question: str, words: str | None) -> None:
    assert words_on_the_side(body, question) == words


def test_the_time_of_an_aside_is_no_good_answer() -> None:
    aside = answered(
        "Union leader Dora Lie, who was elected in May, told of a strike.", "When was the strike told of?"
    )
    own = answered("Union leader Dora Lie, who was elected in May, told of a strike.", "When was Lie elected?")
    assert aside
    assert own
    assert aside.fitness < own.fitness
