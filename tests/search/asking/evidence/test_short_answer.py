from datetime import date

import pytest

from search.article import Span
from search.asking.evidence.short_answer import short_answer
from search.asking.evidence.time_answer import answering_time
from search.asking.question import AnswerType, read_question
from search.times import tag

PUBLISHED = date(2024, 9, 10)


def answer_of(question: str, sentence: str, before: str = "") -> str | None:
    body = before + sentence
    span = Span(len(before), len(body))
    read = read_question(question, as_of=PUBLISHED, longest=500)
    mentions = tag(body, PUBLISHED)
    when = answering_time(body, span, mentions, read.terms, read.time_asked) if read.time_asked else None
    found = short_answer(read, body, span, when, mentions)
    if found is None:
        return None
    assert body[found.start : found.end] == found.words
    assert span.start <= found.start < found.end <= span.end
    return found.words


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("When will the bridge reopen?", "The bridge will reopen next Tuesday, the mayor said.", "next Tuesday"),
        ("How many crates were landed?", "In 12 ports 41,300 crates were landed.", "41,300"),
        ("How many people were injured?", "The quake killed 25 people and injured 140, police said.", "140"),
        ("How many people died?", "Half a million people died in the famine.", "Half a million"),
        (
            "How many people attended the concert?",
            "About 30,000 attended the concert, and 12 people were arrested.",
            "30,000",
        ),
        (
            "How many wealthy nations spend on the fund?",
            "Almost 30 wealthy nations spend more than $300bn on the fund.",
            "30",
        ),
        (
            "How many soldiers were killed?",
            "All 14 rebels, two soldiers and one hostage were killed.",
            "two",
        ),
        ("By how much did the budget rise?", "The budget will rise by $19bn to $419.3bn.", "$19bn"),
        ("How much did the budget rise?", "The budget rose by $19bn to $419.3bn.", "$19bn"),
        (
            "How many berths are empty?",
            "VIK - Of the 900 berths in Vik, 45 are empty.",
            "45",
        ),
        ("How many voted against the levy?", "Members voted 31 to 26 for the levy.", "26"),
        ("How many voted for the levy?", "Members voted 31 to 26 for the levy.", "31"),
        ("How many voted against the levy?", "Members voted 31 to 26 against the levy.", "31"),
        ("How much did a berth cost last year?", "A berth costs $40, up from 32 last year.", "32"),
        ("How much does a berth cost?", "A berth costs $40, up from 32 last year.", "$40"),
        ("How many sailors are missing?", "The squall killed 7 sailors and left 12 missing.", "12"),
        ("How many children died?", "The blast killed six people, including two children.", "two"),
        ("How many people died in the flood?", "The death toll of the flood rose by 12 to 87.", "87"),
        ("How high is the dam?", "The dam is 1,200 metres long and 45 metres high.", "45 metres"),
        ("How many users does the site have?", "The site has 1.4bn users.", "1.4bn"),
        (
            "What percentage of the vote did Lind win?",
            "Lind won a third term with 54.3 percent of the vote.",
            "54.3 percent",
        ),
        ("How much did the ferry cost?", "The ferry cost 3 billion Swiss francs.", "3 billion Swiss francs"),
        (
            "What did Mayor Ida Holt say about the dam?",
            '"We will rebuild the dam," Mayor Ida Holt said, while Bo Berg replied: "She has no money, no plan."',
            "We will rebuild the dam,",
        ),
        (
            "How much did the ferry cost?",
            "The ferry cost 3 million euros, 12 times the price of 2001.",
            "3 million euros",
        ),
        (
            "What did the mayor say about the harbour?",
            'The mayor said of the harbour: "It has never been so full." He left at once.',
            "It has never been so full.",
        ),
        (
            "What did Ida Holt call the ship named Ran of the Deep?",
            'The ship named "Ran of the Deep" was "a waste of steel", Ida Holt said.',
            "a waste of steel",
        ),
    ],
)
def test_times_figures_and_quotations_are_marked(question: str, sentence: str, words: str) -> None:
    assert answer_of(question, sentence) == words
    assert answer_of(question, sentence, before="Rain fell on 7 harbours.\n\n") == words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who opened the tunnel?", "Ana Souza opened the tunnel."),
        ("How many crates were landed?", "Many crates were landed."),
        ("What did the mayor say?", "The mayor said the harbour was full."),
    ],
)
def test_what_cannot_be_told_without_a_model_is_not_marked(question: str, sentence: str) -> None:
    assert answer_of(question, sentence) is None


def test_a_short_answer_says_its_kind() -> None:
    read = read_question("How many crates were landed?", as_of=PUBLISHED, longest=500)
    found = short_answer(read, "Some 41 crates were landed.", Span(0, 27), None, ())
    assert found is not None
    assert (found.kind, found.marked_by) == (AnswerType.NUMBER, "rules")


MILL = "The mill will sell 60 of its 400 looms, and of the 90 buyers that came, 12 have paid and seven went home."
SALES = "Its sales rose 9 percent to 31 million crowns from 28.4 million crowns."
FEE = "The ferry charges $14, up from $11 last year."
POLL = "In the ballot 57.5 percent voted for the tunnel and 42.5 percent against it."
STORM = "Nearly a dozen boats sank and three-quarters of the harvest was lost; one in six farmers gave up."


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How many looms will the mill sell?", MILL, "60"),
        ("How many looms does the mill have?", MILL, "400"),
        ("How many buyers have paid?", MILL, "12"),
        ("How many buyers went home?", MILL, "seven"),
        ("How many kilns were promised?", "Only 30 of the 75 promised kilns have been built.", "75"),
        ("How many kilns have been built?", "Only 30 of the 75 promised kilns have been built.", "30"),
        ("How many weavers stayed?", "About 80 of the mill's 200 weavers stayed.", "80"),
        ("How many men were in his army?", "In 1081 he led an army of 30,000 men in 300 ships.", "30,000"),
        ("By how much did sales rise?", SALES, "9 percent"),
        ("How big were the sales?", SALES, "31 million crowns"),
        ("How much does the ferry charge?", FEE, "$14"),
        ("How much did the ferry charge last year?", FEE, "$11"),
        ("How much did the ferry cost?", "The ferry cost 4. 25 million kroner in 2004.", "4. 25 million kroner"),
        ("How many homes were in Oslo?", "Bergen had 90 homes, compared with 200 homes in Oslo.", "200"),
        ("What percentage voted for the tunnel?", POLL, "57.5 percent"),
        ("What percentage voted against the tunnel?", POLL, "42.5 percent"),
        ("How many boats sank?", STORM, "Nearly a dozen"),
        ("How much of the harvest was lost?", STORM, "three-quarters"),
        ("How many farmers gave up?", STORM, "one in six"),
        (
            "How many thieves were killed?",
            "One guard was killed in a fight with about 70 thieves. Some 18 thieves were killed, and 300 fled.",
            "18",
        ),
        (
            "How many people came to the summit?",
            "More than 65 teachers from the Four Hills Union came to the three-day summit.",
            "65",
        ),
        ("How many days did the summit last?", "Some 65 teachers came to the three-day summit.", "three"),
        ("How many people were treated?", "The fire hurt 30 people, and 12 of them were treated.", "12"),
        ("How cold was it?", "It fell to -15 degrees at night.", "-15 degrees"),
        ("How many trucks were seized?", "Police seized 12 vehicles.", "12"),
    ],
)
def test_the_figure_that_counts_what_is_asked_for_is_marked_whole(
    question: str, sentence: str, words: str
) -> None:
    assert answer_of(question, sentence) == words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many people came to the summit?", "Teachers came to the three-day summit of the Four Hills Union."),
        ("How many people live there?", "The village has 12 bridges."),
        ("How many nurses were hired?", "Nurses were hired for three years."),
        ("How many ships met?", "The G8 spoke of ships on its 71st day."),
    ],
)
def test_a_figure_that_counts_something_else_is_not_marked(question: str, sentence: str) -> None:
    assert answer_of(question, sentence) is None


def test_those_of_another_fate_are_not_marked() -> None:
    assert answer_of("How many sailors are missing?", "The squall killed 7 sailors.") is None


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How many abstained?", "It passed with 40 votes for and 22 against, with six abstentions.", "six"),
        ("How many voted against it?", "It passed with 40 votes for and 22 against, with six abstentions.", "22"),
        ("How many abstained?", "Members approved it by 40 votes to 22, with six members abstaining.", "six"),
        ("How many voted against it?", "Members approved it by 40 votes to 22.", "22"),
        ("How many voted for it?", "Members threw out the levy by 40 votes to 22.", "22"),
        ("How many seats did the Reds win?", "The Blues won 31 seats, the Reds 12 and the Greys seven.", "12"),
        ("How many seats did the Blues win?", "The Blues won 31 seats, the Reds 12 and the Greys seven.", "31"),
        ("How many huts does it have in Vik?", "It has 14 huts in Tofte and six in Vik.", "six"),
        ("How many huts does it have in Tofte?", "It has 14 huts in Tofte and six in Vik.", "14"),
        (
            "How much was the captain of Brask fined?",
            "The court fined Brask 9,000 crowns and its captain 400 crowns.",
            "400 crowns",
        ),
        (
            "How much was Brask fined?",
            "The court fined Brask 9,000 crowns and its captain 400 crowns.",
            "9,000 crowns",
        ),
        ("How many divers were trapped?", "At least 11 divers were killed and four trapped in the wreck.", "four"),
        (
            "How many people in Tofte come from Vik?",
            "More than 900 of Tofte's 6,000 residents are from Vik.",
            "900",
        ),
        ("How many huts are still dark?", "The storm cut power to 900 huts; by night 70 were still dark.", "70"),
        ("How many huts lost power?", "The storm cut power to 900 huts; by night 70 were still dark.", "900"),
        ("How many huts were painted?", "Some 90 huts were built, 14 of them painted.", "14"),
        ("How many huts were built?", "Some 90 huts were built, 14 of them painted.", "90"),
        (
            "What is the average rent?",
            "The average rent is 950 crowns a month, up from 800 a year ago.",
            "950 crowns",
        ),
        (
            "What was the rent a year ago?",
            "The average rent is 950 crowns a month, up from 800 a year ago.",
            "800",
        ),
        ("What share of the tank is full?", "The second tank is a third full, the keeper said.", "a third"),
        ("What share of the crew fell ill?", "It came third after a third of its crew fell ill.", "a third"),
        ("By how much did fares rise?", "Fares rose by a fifth, from 10 to 12 crowns.", "a fifth"),
        ("What share of huts was empty?", "Three in ten huts were empty.", "Three in ten"),
        ("How many cases are there?", "The number of cases climbed from 40 to 112, with six deaths.", "112"),
        ("How long is the pier?", "The pier is 1.2 kilometres long.", "1.2 kilometres"),
        ("How many kilometres long is the pier?", "The pier is 1.2 kilometres long.", "1.2"),
        ("How many whales were stranded?", "Between 40 and 50 whales were stranded.", "Between 40 and 50"),
        ("How many crew did it carry?", "It carried 180 passengers and 32 crew.", "32"),
        ("How many children drowned?", "Nine people drowned, three of them children.", "three"),
        ("How many voted against it?", "It passed with 40 votes for and 22 against; six members abstained.", "22"),
        ("How many members were for it?", "It passed with 40 votes in favour and 22 against it.", "40"),
        ("How many were badly hurt?", "Two were killed and 17 hurt, six of them badly.", "six"),
        ("How many were hurt?", "Two were killed and 17 hurt, six of them badly.", "17"),
        ("How big was its loss before?", "Its loss grew to 61 crowns from 47 crowns.", "47 crowns"),
        ("How big was its loss?", "Its loss grew to 61 crowns from 47 crowns.", "61 crowns"),
        ("What share of the boys passed?", "Of girls 88 percent passed and 80 percent of the boys.", "80 percent"),
        ("How many routes does Adria fly?", "Adria will drop 14 of its 96 routes.", "96"),
        ("How many routes will Adria drop?", "Adria will drop 14 of its 96 routes.", "14"),
        ("How many mills does Torvik have?", "Torvik shut two of its 11 mills last winter.", "11"),
        ("How many mills did Torvik shut?", "Torvik shut two of its 11 mills last winter.", "two"),
        ("How many barges are in the yard?", "The firm will sell six of the 27 barges in the yard.", "27"),
        ("How many barges will the firm sell?", "The firm will sell six of the 27 barges in the yard.", "six"),
        ("How many barges are in dock?", "Two of the 27 barges are at sea and nine are in dock.", "nine"),
        ("What is the death toll of the fire?", "Two victims of the fire, which cost 19 lives, were found.", "19"),
        ("What is the death toll of the fire?", "The fire injured 80 people and killed 19.", "19"),
        ("What percentage voted in 2019?", "Some 61 percent voted, up from 58 percent in 2019.", "58 percent"),
    ],
)
def test_the_figure_of_what_is_asked_about_is_told_from_those_beside_it(
    question: str, sentence: str, words: str
) -> None:
    assert answer_of(question, sentence) == words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many voted for it?", "It was defeated by 52-48."),
        ("What share of riders was fined?", "A third man was fined after a quarter past nine."),
    ],
)
def test_a_score_and_a_place_in_an_order_are_no_figure_that_is_asked_for(question: str, sentence: str) -> None:
    assert answer_of(question, sentence) is None
