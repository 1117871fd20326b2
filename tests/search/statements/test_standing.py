from collections.abc import Collection

import pytest

from search.english.terms import content_terms
from search.statements import Standing, standing_of

MISSILES = (
    'Blinken told a news conference: "Russia has now received shipments of these ballistic missiles and will '
    'likely use them within weeks in Ukraine"'
)
SENTENCES = {
    Standing.ASSERTED: [
        "The ferry sailed at noon.",
        "The ferry did not sail.",
        "Ana Souza said the harbour was full.",
        '"The harbour is full," Ana Souza said, adding that it would be emptied.',
        "The committee, which will meet on Friday, has five members.",
        "The poll, due to be published on Monday, found that voters are bored.",
        "The bank lent money to the firm that would later fail.",
        "Ana Souza said ferries should be free.",
        "The refugees were denied entry.",
        "Asked if the ferry was safe, Souza said it was.",
        "Parliament rejected the budget.",
        "The band starts its tour in May 2025.",
        "The minister urged parliament to pass the budget on Monday.",
        "The bill failed to pass on Monday.",
        "Threat to peace in the islands.",
        "Losses amount to about seven crowns this year.",
        "The ferry that will last nine months was sold.",
        "The mayor could not be reached for comment.",
        "The captain said he could not see the pier.",
        "Officials would not say how many were hurt.",
        "She would often swim there.",
        "The will of the people was clear.",
        "The plan to build a pier was dropped.",
        "The ferry would have won.",
    ],
    Standing.PREDICTED: [
        "The ferry will sail at noon.",
        "The bridge, built in 1902, is expected to reopen in May.",
        "Talks are due to start on Monday.",
        "The harbour plans to build a pier.",
        "Ana Souza said on Monday that the harbour would be full by June.",
        '"We will be there," he said.',
        '"It is going to rain," the forecaster said.',
        '"It\'s going to rain, but we hope not," the forecaster said.',
        "Prices are likely to rise, analysts said.",
        "The bank raised its forecast for growth to two percent.",
        "The mayor pledged to build a pier.",
        "Economists forecast that prices will double.",
        "The minister announced plans to build three ports.",
        "Output could double by 2030.",
        '"I think it will rain," she said.',
        "The U.S. delegation will also meet the mayor, it added.",
        "The pass, which has been shut since Dec. 3, would reopen, officials said.",
        "The two mayors are to meet on Friday.",
        "Parliament to pass the budget on Monday.",
        "Ruritania set to sign the treaty next week.",
        "Island mayors to discuss ferries in May, officials say.",
        "Ruritania to send envoy to talks",
        "The truce will last nine months.",
        "The talks, which began on Monday, will last nine months.",
        "The mayor won't resign.",
        "He said he wouldn't resign.",
        "Tolls, she said, will be raised.",
        "The pier, said Ana Souza, would open soon.",
        "A verdict is due Monday.",
        "The mayors are meeting next week.",
        "This will be repaired.",
        "Forecasters warned that the storm would destroy the pier.",
        "Souza told reporters Ruritania would use the ships within weeks.",
        "Forecasters warned the storm would reach the pier on Friday.",
        "The WHO said the virus will spread.",
        "The carmaker announced it will close the plant in May.",
        "The winners will be announced on Friday.",
        "Growth is predicted to reach 3 percent.",
        "PRIME MINISTER ANA SOUZA SAID SHE WILL VISIT THE PIER.",
        "The mayor promised not to raise the toll.",
        "The union pledged to end the strike.",
    ],
    Standing.THREATENED: [
        "The rebels threatened to attack the port.",
        "Ruritania vowed to retaliate.",
        "The general warned that his troops would strike back.",
        "The union has threatened to stop work if pay is cut.",
        '"There will be consequences," the ambassador said.',
        "The union warned that the mayor would be voted out if tolls rose.",
        "Ruritania warned it would attack the ships.",
        "Ruritania warned that it would suspend the ferries.",
        "The rebels warned that they would kill the hostages.",
        "The islanders acknowledged the loss but vowed to fight a long war.",
    ],
    Standing.DENIED: [
        "The minister denied that he had taken money.",
        "The company has denied any wrongdoing.",
        "Ruritania dismissed a report that it would leave the union.",
        "The mayor rejected the allegations.",
        "Asked about the rumours, Souza dismissed them as gossip.",
        "Investigators found no evidence of arson.",
        "The firm sold the ships, but denied that it had lied.",
        "The charges are baseless, the mayor said.",
        '"This is not true," the mayor said.',
        "There is no truth in the report, he said.",
        "The mayor called the report completely false.",
        '"We categorically deny this," he said.',
        "The captain pleaded not guilty.",
        "Ruritania denied sending ships to the islands.",
        "The company denied paying bribes to officials.",
        "The minister denied plans to raise tolls.",
        "RURITANIA DENIED SENDING SHIPS.",
    ],
    Standing.CONDITIONAL: [
        "If it rains, the ferry will not sail.",
        '"If the bank had more money, it would lend it," the governor said.',
        "The ferry would sink if it were hit.",
        '"We shall get nowhere unless we work together," Souza said.',
        "He could have gone to prison if convicted.",
        "Had it rained, the ferry would have stayed.",
        "Were it to rain, the ferry would stay.",
        "In the event of rain, the ferry would stay.",
    ],
    Standing.ASKED: [
        "Who sank the ferry?",
        '"Why should we pay for it?" the mayor asked.',
        "A reporter asked the mayor whether the ferry was safe.",
        "The judge asked him why he had fled.",
    ],
}


@pytest.mark.parametrize(
    ("standing", "sentence"), [(standing, one) for standing, several in SENTENCES.items() for one in several]
)
def test_the_main_statement_counts(standing: Standing, sentence: str) -> None:
    assert standing_of(sentence) is standing


@pytest.mark.parametrize(
    "question",
    ["When will missiles be used?", "Who will use missiles in Ukraine?", "Will they be used within weeks?"],
)
def test_a_prediction_is_not_a_fact(question: str) -> None:
    assert standing_of(MISSILES, content_terms(question)) is Standing.PREDICTED


@pytest.mark.parametrize(
    ("sentence", "focus", "standing"),
    [
        (MISSILES, ["received", "shipments"], Standing.ASSERTED),
        ("The committee has five members, which will meet on Friday.", ["Friday", "meet"], Standing.PREDICTED),
        ("The committee has five members, which will meet on Friday.", ["members"], Standing.ASSERTED),
        ("Souza denied that the ferry was unsafe.", ["ferry", "unsafe"], Standing.DENIED),
        ("Souza forecast that tolls would end and ferries were free.", ["ferries", "free"], Standing.PREDICTED),
        ("Prices will rise in May, June and July.", ["July"], Standing.PREDICTED),
        ("The mayor denied on Monday that he will resign.", ["mayor", "resign"], Standing.DENIED),
        ("Mayor Ana Souza said she will resign in May.", ["mayor", "souza", "resign"], Standing.PREDICTED),
        ("The union threatened to shut the port.", ["union", "threaten"], Standing.THREATENED),
        ("Souza, who is to assume the post in May, said he is willing.", ["assume", "post"], Standing.PREDICTED),
        ("The lawyers, who were excluded, said they would retaliate.", ["excluded"], Standing.ASSERTED),
        ("The mayor said there was no truth to reports that tolls will rise.", ["tolls", "rise"], Standing.DENIED),
        ("The ferry sailed, and if it sinks it will be missed.", ["sinks"], Standing.CONDITIONAL),
        ("The ferry will sail at noon.", ["submarine"], Standing.PREDICTED),
        ('"We are partners. Trade is expected to double," Souza said.', ["trade", "double"], Standing.PREDICTED),
        ('"We are partners. Trade is expected to double," Souza said.', ["partners"], Standing.ASSERTED),
    ],
)
def test_the_clause_that_a_question_is_about_counts(
    sentence: str, focus: Collection[str], standing: Standing
) -> None:
    assert standing_of(sentence, content_terms(" ".join(focus))) is standing


def test_a_sentence_without_end_is_read_in_bounded_time() -> None:
    assert standing_of("The mayor said said " * 50_000, {"mayor"}) in set(Standing)
