import pytest

from search.asking.shapes import QuestionShape, parts_of, shape_of


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("Did the ferry sink?", QuestionShape.YES_OR_NO),
        ("Has Torvik ever bought a ferry?", QuestionShape.YES_OR_NO),
        ("did the mayor resign", QuestionShape.YES_OR_NO),
        ("Isn't the dam finished?", QuestionShape.YES_OR_NO),
        ("So, will it reopen or not?", QuestionShape.YES_OR_NO),
        ("Is it true that the mill burned?", QuestionShape.YES_OR_NO),
        ("Did prices rise or fall?", QuestionShape.ONE),
        ("Will Arnett film premiere", QuestionShape.KEYWORDS),
        ("May Day parade accident", QuestionShape.KEYWORDS),
        ("Do you know when the ferry sank?", QuestionShape.ONE),
        ("Which countries sent ferries?", QuestionShape.LIST),
        ("Which countries have sent ferries to Torvik?", QuestionShape.LIST),
        ("What measures did the council take?", QuestionShape.LIST),
        ("What other towns were flooded?", QuestionShape.LIST),
        ("Who were the winners of the race?", QuestionShape.LIST),
        ("Name the ports that closed.", QuestionShape.LIST),
        ("Which people died in the flood?", QuestionShape.LIST),
        ("Which country sent ferries?", QuestionShape.ONE),
        ("Which enzyme reduces pain?", QuestionShape.ONE),
        ("What is the news of the day?", QuestionShape.ONE),
        ("Which days were the boats on show?", QuestionShape.ONE),
        ("What causes floods?", QuestionShape.ONE),
        ("Who was the winner of the race?", QuestionShape.ONE),
        ("What happened to the ferry?", QuestionShape.FATE),
        ("What has become of Bo Berg?", QuestionShape.FATE),
        ("Whatever happened to the dam?", QuestionShape.FATE),
        ("What happened on Monday?", QuestionShape.ONE),
        ("baltimore bridge collapse", QuestionShape.KEYWORDS),
        ("ferry timetable Torvik 2023", QuestionShape.KEYWORDS),
        ("The mayor resigned when?", QuestionShape.ONE),
        ("When will the ferries be launched?", QuestionShape.ONE),
        ("How many died?", QuestionShape.ONE),
    ],
)
def test_questions_have_a_shape(question: str, shape: QuestionShape) -> None:
    assert shape_of(question) is shape


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When did the ferry sink and how many died?",
            ("When did the ferry sink?", "How many died (the ferry sink)?"),
        ),
        (
            "Who built the dam, when was it opened and what did it cost?",
            ("Who built the dam?", "When was it opened (built the dam)?", "What did it cost (built the dam)?"),
        ),
        ("Where and when did Bo Berg speak?", ("Where did Bo Berg speak?", "When did Bo Berg speak?")),
        (
            "When did the mill burn? Who owned the Torvik ferry?",
            ("When did the mill burn?", "Who owned the Torvik ferry?"),
        ),
        (
            "Tell me when the ferry sank and how many people drowned.",
            ("When the ferry sank?", "How many people drowned?"),
        ),
    ],
)
def test_several_questions_in_one_are_parted(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "When did the ferry sink?",
        "What did she say about how it sank and why?",
        "Did the mayor say when it opens and how much it costs?",
        "Who is the man who built the dam and who sold it?",
        "Which towns and villages were flooded?",
        "Who won the race and the cup?",
        "baltimore bridge collapse and how it happened",
        "What did Ana Souza and Bo Berg say?",
        "When did the council, which owns the ferry, meet?",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts_of(question) == (question,)


def test_more_questions_than_are_parted_stay_with_the_last() -> None:
    found = parts_of("Who spoke? Who sang? Who danced? Who slept? Who left?")
    assert len(found) == 4
    assert "slept" in found[-1]
    assert "left" in found[-1]
