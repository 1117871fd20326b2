from collections.abc import Callable

import pytest

from search.article import Article, Notice, NoticeKind, Withdrawal

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Withdraw = Callable[..., Withdrawal]

NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-2.dtd">
<nitf baselang="en-GB">
  <head>
    <title>Ferries</title>
    <docdata management-status="usable">
      <doc-id id-string="n-17" regsrc="AGY"/>
      <date.issue norm="20240502T083000+0200"/>
      <date.release norm="YYYYMMDD000000-HHMM"/>
      <doc.copyright holder="The Agency. All rights reserved."/>
    </docdata>
    <pubdata position.section="Transport"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>Ferries return</hl1></hedline>
      <byline>By <person>Jane Doe</person><byttl>Transport Correspondent</byttl></byline>
      <dateline><location><city>Oslo</city><country>Norway</country></location>
        <story.date norm="20240502">May 2</story.date></dateline>
      <abstract><p>Ships sail again.</p></abstract>
    </body.head>
    <body.content>
      <p>Ferries return</p>
      <p>By Jane Doe</p>
      <media><media-caption>A ferry.</media-caption></media>
      <p>Ships of the <org>Harbour</org>&nbsp;Line<br/>sailed.</p><p/>
      <p>It rained.</p>
      <p>&lt;div&gt;&lt;script&gt;track()&lt;/script&gt;&lt;/div&gt;</p>
      <p>ab/cd</p>
    </body.content>
  </body>
</nitf>
"""


def test_an_item_is_read(read_one: ReadOne) -> None:
    article = read_one("a.xml", NITF)
    assert (article.id, article.headline, article.standfirst) == ("n-17", "Ferries return", "Ships sail again.")
    assert (article.byline, article.dateline) == ("Jane Doe, Transport Correspondent", "Oslo, Norway, May 2")
    assert (article.source, article.language, article.section) == ("AGY", "en", "Transport")
    assert article.body == "Ships of the Harbour Line sailed.\n\nIt rained."
    assert article.published
    assert (article.published.isoformat(), article.published.found_in) == (
        "2024-05-02T08:30:00+02:00",
        "NITF date.issue",
    )


@pytest.mark.parametrize("status", ["canceled", "withheld", "killed"])
def test_an_item_that_may_not_be_published_is_withdrawn(withdrawal: Withdraw, status: str) -> None:
    notice = withdrawal("a.xml", NITF.replace("usable", status))
    assert notice.article_ids == ("n-17",)
    assert f"(status '{status}')" in notice.reason
    assert notice.published
    assert notice.published.isoformat() == "2024-05-02T08:30:00+02:00"


def test_a_kill_names_the_item_that_it_is_about(withdrawal: Withdraw) -> None:
    kill = 'canceled" management-doc-idref="n-16" management-idref-status="canceled'
    document = NITF.replace("usable", kill).replace("<doc-id", '<ed-msg info="No ship sailed."/><doc-id')
    notice = withdrawal("a.xml", document)
    assert notice.article_ids == ("n-17", "n-16")
    assert notice.reason.endswith("No ship sailed.")
    assert notice.source == "AGY"


def test_an_item_without_an_id_can_withdraw_nothing(refusal: Refusal) -> None:
    document = NITF.replace("usable", "canceled").replace('id-string="n-17"', "")
    assert "without naming it by its id: cancelled by its publisher" in refusal("a.xml", document)


def test_a_correction_names_the_item_that_it_corrects(read_one: ReadOne) -> None:
    correction = '<correction info="Three ships sailed, not two." id-string="n-16"/><du-key key="k" version="04"/>'
    article = read_one("a.xml", NITF.replace("<doc-id", f"{correction}<doc-id"))
    assert (article.version, article.supersedes) == (4, "n-16")
    assert article.notice == Notice(NoticeKind.CORRECTION, "Three ships sailed, not two.")


def test_an_item_takes_the_place_of_one_that_it_cancels(read_one: ReadOne) -> None:
    managed = 'usable" management-doc-idref="n-16" management-idref-status="canceled'
    assert read_one("a.xml", NITF.replace("usable", managed)).supersedes == "n-16"


def test_an_embargo_holds_until_its_release(refusal: Refusal, read_one: ReadOne) -> None:
    embargoed = NITF.replace("usable", "embargoed")
    assert "under embargo until 'YYYYMMDD" in refusal("a.xml", embargoed)
    assert "under embargo until 2030" in refusal(
        "a.xml", embargoed.replace("YYYYMMDD000000-HHMM", "20300101T000000Z")
    )
    assert read_one("a.xml", embargoed.replace("YYYYMMDD000000-HHMM", "20240503T000000Z")).id == "n-17"


def test_an_item_without_text_says_so(refusal: Refusal) -> None:
    start, _, rest = NITF.partition("<body.content>")
    assert refusal("a.xml", start + "<body.content>" + rest[rest.index("</body.content>") :]).startswith("no text")


def test_truncated_xml_is_reported(refusal: Refusal) -> None:
    assert "not well-formed XML" in refusal("a.xml", NITF[:900])


def test_an_entity_bomb_is_refused(refusal: Refusal) -> None:
    bomb = '<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "XML entities" in refusal("a.xml", NITF.replace('<!DOCTYPE nitf SYSTEM "nitf-3-2.dtd">', bomb))


def test_an_external_entity_is_refused(refusal: Refusal) -> None:
    outside = '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert "XML entities" in refusal("a.xml", NITF.replace('<!DOCTYPE nitf SYSTEM "nitf-3-2.dtd">', outside))


def test_deep_nesting_is_refused(refusal: Refusal) -> None:
    assert "not well-formed XML" in refusal("a.xml", "<nitf>" + "<p>" * 5000 + "</p>" * 5000 + "</nitf>")


def test_utf8_text_that_declares_latin_1_is_not_garbled(read_one: ReadOne) -> None:
    article = read_one("a.xml", NITF.replace("UTF-8", "iso-8859-1").replace("It rained.", "Décès à Genève."))
    assert article.body.endswith("Décès à Genève.")


def test_other_xml_is_turned_away_by_name(refusal: Refusal) -> None:
    assert "<inventory>" in refusal("a.xml", "<?xml version='1.0'?><inventory><p>Ships.</p></inventory>")
