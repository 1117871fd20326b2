import json
from collections.abc import Callable

import pytest

from search.article import Article, Notice, NoticeKind, Withdrawal

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Withdraw = Callable[..., Withdrawal]

ITEM = {
    "uri": "urn:agency:1",
    "type": "text",
    "versioncreated": "2024-05-02T08:00:00Z",
    "firstcreated": "2024-05-01T08:00:00Z",
    "pubstatus": "usable",
    "language": "en-US",
    "headline": "Ferries <b>return</b>",
    "byline": "By Jane Doe",
    "description_text": "Ships sail again.",
    "body_text": "Ships sailed. It rained.",
    "body_xhtml": "<p>OSLO (Agency) - Ships sailed.</p><p>It rained.</p>",
    "service": [{"code": "d", "name": "Domestic"}],
    "source": "Agency",
}


def test_version_1_is_read(read_one: ReadOne) -> None:
    article = read_one("a.json", json.dumps(ITEM))
    assert (article.id, article.headline, article.byline, article.standfirst) == (
        "urn:agency:1", "Ferries return", "Jane Doe", "Ships sail again.",
    )  # fmt: skip
    assert (article.source, article.language, article.section, article.dateline) == (
        "Agency",
        "en",
        "Domestic",
        "OSLO",
    )
    assert article.body == "OSLO (Agency) - Ships sailed.\n\nIt rained."
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:00:00+00:00"
    assert article.published.found_in == "ninjs versioncreated"


def test_version_2_and_3_are_read(read_one: ReadOne) -> None:
    item = {
        "uri": "urn:agency:2",
        "standard": {"name": "ninjs", "version": "3.0"},
        "type": "text",
        "versioncreated": "2024-05-02T08:00:00+02:00",
        "headlines": [{"role": "short", "value": "Ferries"}, {"role": "main", "value": "Ferries return"}],
        "descriptions": [{"role": "summary", "value": "Ships sail again."}],
        "bodies": [
            {"contenttype": "text/plain", "value": "Ships sailed."},
            {"contenttype": "text/html", "value": "<p>Ships sailed.</p><p>It rained.</p>"},
        ],
        "by": "Jane Doe",
        "infosources": [{"name": "Agency"}],
    }
    article = read_one("a.json", json.dumps(item))
    assert (article.headline, article.standfirst, article.byline, article.source) == (
        "Ferries return", "Ships sail again.", "Jane Doe", "Agency",
    )  # fmt: skip
    assert article.body == "Ships sailed.\n\nIt rained."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "picture"}, "no text: a picture."),
        ({"type": "video"}, "no text: a video."),
        ({"type": "planning"}, "no text: a planning item."),
        (
            {"type": "composite", "body_text": "", "body_xhtml": ""},
            "no text: a package of references to other items.",
        ),
        ({"body_text": "", "body_xhtml": ""}, "no text: its body is empty."),
        ({"body_text": "", "body_xhtml": "", "renditions": {"nitf": {}}}, "no text: its text is in other files."),
        ({"embargoed": "2025-06-02T00:00:00Z"}, "under embargo until 2025-06-02T00:00:00+00:00."),
        ({"embargoed": "soon"}, "under embargo until 'soon', which cannot be read as a time."),
    ],
)
def test_what_is_no_publishable_text_says_so(refusal: Refusal, change: dict[str, object], reason: str) -> None:
    assert refusal("a.json", json.dumps(ITEM | change)) == reason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("canceled", "cancelled by its publisher (status 'canceled')."),
        ("withheld", "withheld by its publisher (status 'withheld')."),
    ],
)
def test_an_item_that_may_not_be_used_is_withdrawn(withdrawal: Withdraw, status: str, reason: str) -> None:
    changes = {"pubstatus": status, "version": "3", "ednote": "Wrong ship.", "body_xhtml": ""}
    notice = withdrawal("a.json", json.dumps(ITEM | changes))
    assert (notice.article_ids, notice.version) == (("urn:agency:1",), 3)
    assert notice.reason == f"{reason} Wrong ship."
    assert notice.published
    assert notice.published.isoformat() == "2024-05-02T08:00:00+00:00"


def test_versions_and_what_an_item_evolved_from_are_read(read_one: ReadOne) -> None:
    changes = {"version": "3", "evolvedfrom": "urn:agency:0", "signals": [{"name": "Correction"}]}
    article = read_one("a.json", json.dumps(ITEM | changes))
    assert (article.version, article.supersedes) == (3, "urn:agency:0")
    assert article.notice == Notice(NoticeKind.CORRECTION, "Correction")


def test_an_embargo_that_is_over_does_not_hold(read_one: ReadOne) -> None:
    assert read_one("a.json", json.dumps(ITEM | {"embargoed": "2024-05-03T00:00:00Z"})).id == "urn:agency:1"


def test_declared_fields_overrule_the_format(read_one: ReadOne) -> None:
    article = read_one("a.json", json.dumps(ITEM), fields={"body": "body_text"})
    assert article.body == "Ships sailed. It rained."


def test_version_3_has_capitals_in_its_names(read_one: ReadOne) -> None:
    item = {
        "standard": {"name": "ninjs", "version": "3.2"}, "uri": "urn:agency:3", "type": "text", "versionCreated": "2024-05-02T08:00:00Z", "pubStatus": "usable",  # noqa: E501
        "headlines": [{"role": "main", "value": "Ferries return"}], "by": "Jane Doe", "embargoedUntil": "2024-05-01T00:00:00Z",  # noqa: E501
        "bodies": [{"role": "text", "contentType": "text/plain", "value": "Ships sailed."}, {"role": "xhtml", "contentType": "text/html", "value": "<p>Ships sailed.</p><p>It rained.</p>"}],  # noqa: E501
        "rightsInfo": {"dataMining": "http://ns.useplus.org/ldf/vocab/DMI-ALLOWED"}, "usageTerms": "For editors.",
    }  # fmt: skip
    article = read_one("a.json", json.dumps(item))
    assert (article.id, article.headline, article.byline, article.body, article.rights) == (
        "urn:agency:3",
        "Ferries return",
        "Jane Doe",
        "Ships sailed.\n\nIt rained.",
        "For editors.",
    )
    assert article.published
    assert article.published.found_in == "ninjs versioncreated"
    assert article.embargo


def test_an_embargo_of_version_3_holds(read_one: ReadOne, refusal: Refusal) -> None:
    item = json.dumps({**ITEM, "embargoedUntil": "2031-01-01T06:00:00Z"})
    assert "2031-01-01" in refusal("a.json", item)
    assert read_one("b.json", item, keep_embargoed=True).embargo


def policy(kind: str, action: object) -> str:
    rule = {"target": "urn:agency:1", "action": action}
    return json.dumps({"@context": "http://www.w3.org/ns/odrl.jsonld", "uid": "urn:agency:terms", kind: [rule]})


@pytest.mark.parametrize(
    "rights",
    [
        {"dataMining": {"uri": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"}},
        {"linkedRights": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-SEECONSTRAINT"},
        {"encodedRights": policy("prohibition", "index")},
        {"encodedRights": policy("prohibitions", "http://www.w3.org/ns/tdmrep#mine")},
        {"encodedRights": policy("prohibition", ["print", {"@id": "odrl:index"}])},
        {"encodedRights": policy("prohibition", [{"rdf:value": {"@id": "tdm:mine"}}])},
    ],
)
def test_rights_that_exclude_an_item_are_honoured(refusal: Refusal, rights: dict[str, object]) -> None:
    assert "its rights" in refusal("a.json", json.dumps({**ITEM, "rightsInfo": rights}))


@pytest.mark.parametrize(
    "rights",
    [
        {"langId": "http://www.w3.org/ns/odrl/2/", "linkedRights": "https://agency.example/terms"},
        {"encodedRights": policy("prohibition", "http://www.w3.org/ns/odrl/2/commercialize")},
        {"encodedRights": policy("permission", "index")},
        {"encodedRights": policy("permission", "http://www.w3.org/ns/tdmrep#mine")},
        {"encodedRights": "<o:Policy/>"},
        {"encodedRights": "[" * 5000},
        {"linkedRights": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"},
    ],
)
def test_other_rights_leave_an_item_in(read_one: ReadOne, rights: dict[str, object]) -> None:
    article = read_one("a.json", json.dumps({**ITEM, "rightsInfo": rights}))
    assert article.rights == rights.get("linkedRights")
