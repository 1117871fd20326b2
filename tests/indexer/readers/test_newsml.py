from collections.abc import Callable

import pytest

from indexer.readers import Skipped
from search.article import Article, Notice, NoticeKind, Withdrawal

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Withdraw = Callable[..., Withdrawal]
Reading = Callable[..., list[Article | Skipped | Withdrawal]]

ITEM = """<newsItem guid="urn:agency:{number}" version="2" xml:lang="en-US">
  <itemMeta>
    <itemClass qcode="ninat:{kind}"/>
    <provider qcode="nprov:AGY"><name>The Agency</name></provider>
    <versionCreated>2024-05-02T08:30:00Z</versionCreated>
    <firstCreated>2024-05-01T08:30:00Z</firstCreated>
    {embargo}
    <pubStatus qcode="stat:{status}"/>
  </itemMeta>
  <contentMeta>
    <subject qcode="agydesk:4"><name>Transport</name></subject>
    <by>By Jane Doe</by>
    <headline>Ferries return</headline>
    <headline role="hld:subHeadline">Ships sail again</headline>
  </contentMeta>
  <contentSet>{content}</contentSet>
</newsItem>"""
INLINE = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head>
<body><p>OSLO, May 2 (Agency) - Ships sailed.</p><p>It rained.</p></body></html></inlineXML>"""
NITF = (
    "<inlineXML><nitf xmlns=''><body><body.content><p>Ships sailed.</p></body.content></body></nitf></inlineXML>"
)
DATA = "<inlineData>&lt;p&gt;Ships sailed.&lt;/p&gt;&lt;p&gt;It rained.&lt;/p&gt;</inlineData>"


def item(
    content: str = INLINE, kind: str = "text", status: str = "usable", embargo: str = "", number: int = 1
) -> str:
    return ITEM.format(content=content, kind=kind, status=status, embargo=embargo, number=number)


def message(*items: str) -> str:
    return f"""<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
<header><sent>2024-05-02T09:00:00Z</sent><sender>agency.example</sender></header><itemSet>{"".join(items)}</itemSet></newsMessage>"""


def test_a_g2_item_is_read(read_one: ReadOne) -> None:
    article = read_one("a.xml", message(item()))
    assert (article.id, article.headline, article.standfirst) == (
        "urn:agency:1",
        "Ferries return",
        "Ships sail again",
    )
    assert (article.byline, article.dateline, article.source) == ("Jane Doe", "OSLO, May 2", "The Agency")
    assert (article.language, article.section) == ("en", "Transport")
    assert article.body == "OSLO, May 2 (Agency) - Ships sailed.\n\nIt rained."
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:30:00+00:00"
    assert article.published.found_in == "NewsML-G2 versionCreated"


def test_a_g2_item_stands_alone_and_in_any_prefix(read_one: ReadOne) -> None:
    alone = item(content=DATA).replace("<newsItem ", '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" ', 1)
    assert read_one("a.xml", alone).body == "Ships sailed.\n\nIt rained."


def test_g2_content_may_be_nitf(read_one: ReadOne) -> None:
    assert read_one("a.xml", message(item(content=NITF))).body == "Ships sailed."


def test_each_g2_item_is_read_or_says_why_not(read: Reading) -> None:
    entries = read(
        "a.xml",
        message(
            item(number=1),
            item(kind="picture", number=2),
            item(status="canceled", number=3),
            item(embargo="<embargoed>2030-01-01T00:00:00Z</embargoed>", number=4),
            item(embargo="<embargoed>2024-06-01T00:00:00Z</embargoed>", number=5),
            item(content='<remoteContent href="x.jpg"/>', number=6),
            "<packageItem guid='p'/>",
        ),
    )
    assert [entry.id if isinstance(entry, Article) else entry.reason for entry in entries] == [
        "urn:agency:1",
        "no text: a picture.",
        "cancelled by its publisher (status 'stat:canceled').",
        "under embargo until 2030-01-01T00:00:00+00:00.",
        "urn:agency:5",
        "no text: its content is in other files.",
        "no text: a package of references to other items.",
    ]
    assert entries[3].origin.endswith("a.xml#4")


def test_paragraphs_typed_into_one_element_are_parted_by_their_indents(read_one: ReadOne) -> None:
    text = "    OSLO - Ships\nsailed again.\n    It rained\nall day."
    typed = f"<inlineXML><html><body><p>{text}</p></body></html></inlineXML>"
    assert (
        read_one("a.xml", message(item(content=typed))).body == "OSLO - Ships sailed again.\n\nIt rained all day."
    )


NEWSML_1 = """<?xml version="1.0"?><NewsML><NewsEnvelope><DateAndTime>20240502T090000Z</DateAndTime></NewsEnvelope>
<NewsItem xml:lang="fr"><Identification><NewsIdentifier><ProviderId>agency.example</ProviderId>
<PublicIdentifier>urn:agency:7</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><FirstCreated>20240502T083000+0200</FirstCreated><Status FormalName="{status}"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Retour des ferries</HeadLine>
<DateLine>Oslo, 2 mai 2024 (AGY) -</DateLine></NewsLines>
<AdministrativeMetadata><Provider><Party FormalName="AGY"/></Provider></AdministrativeMetadata>
<NewsComponent><ContentItem>
<MediaType FormalName="{kind}"/><DataContent>{content}</DataContent></ContentItem></NewsComponent>
</NewsComponent></NewsItem></NewsML>"""


@pytest.mark.parametrize(
    "content",
    [
        "<p>Les navires partent.</p><p>Il pleut.</p>",
        "<nitf><body><body.content><p>Les navires partent.</p><p>Il pleut.</p></body.content></body></nitf>",
        "<![CDATA[<P>Les navires partent.</P><P>Il pleut.</P>]]>",
    ],
)
def test_a_newsml_1_item_is_read(read_one: ReadOne, content: str) -> None:
    article = read_one("a.xml", NEWSML_1.format(status="Usable", kind="Text", content=content))
    assert (article.id, article.headline, article.source) == ("urn:agency:7", "Retour des ferries", "AGY")
    assert (article.language, article.dateline) == ("fr", "Oslo, 2 mai 2024")
    assert article.body == "Les navires partent.\n\nIl pleut."
    assert article.published
    assert article.published.found_in == "NewsML FirstCreated"


def test_a_newsml_1_item_without_publishable_text_says_so(refusal: Refusal) -> None:
    assert refusal("a.xml", NEWSML_1.format(status="Usable", kind="Photo", content="")) == "no text: a picture."


def test_a_cancelled_newsml_1_item_is_withdrawn(withdrawal: Withdraw) -> None:
    notice = withdrawal("a.xml", NEWSML_1.format(status="Canceled", kind="Text", content="<p>A.</p>"))
    assert (notice.article_ids, notice.reason) == (
        ("urn:agency:7",),
        "cancelled by its publisher (status 'Canceled').",
    )


@pytest.mark.parametrize("revision", ["2", "2N"])
def test_the_revisions_of_a_newsml_1_item_are_versions_of_one_article(read_one: ReadOne, revision: str) -> None:
    item = NEWSML_1.format(status="Usable", kind="Text", content="<p>A.</p>").replace(
        "<PublicIdentifier>urn:agency:7",
        '<RevisionId PreviousRevision="1" Update="N">2</RevisionId>'
        f"<PublicIdentifier>urn:newsml:agency.example:20240502:item-7:{revision}",
    )
    article = read_one("a.xml", item)
    assert (article.id, article.version) == ("urn:newsml:agency.example:20240502:item-7", 2)


def test_a_cancelled_g2_item_is_withdrawn_with_the_note_to_editors(withdrawal: Withdraw) -> None:
    note = '<edNote role="x:private">desk 4</edNote><edNote>The ferry did not sail.</edNote>'
    notice = withdrawal("a.xml", message(item(status="canceled", embargo=note)))
    assert notice.article_ids == ("urn:agency:1",)
    assert notice.version == 2
    assert notice.published
    assert notice.published.isoformat() == "2024-05-02T08:30:00+00:00"
    assert notice.reason == "cancelled by its publisher (status 'stat:canceled'). The ferry did not sail."


def test_a_g2_item_says_what_it_replaces_and_that_it_corrects(read_one: ReadOne) -> None:
    metadata = (
        '<edNote>The ships sailed on Thursday.</edNote><signal qcode="sig:correction"/>'
        '<link rel="irel:seeAlso" residref="urn:agency:9"/><link rel="irel:evolvedFrom" residref="urn:agency:0"/>'
    )
    article = read_one("a.xml", message(item(embargo=metadata)))
    assert (article.version, article.supersedes) == (2, "urn:agency:0")
    assert article.notice == Notice(NoticeKind.CORRECTION, "The ships sailed on Thursday.")
    plain = read_one("a.xml", message(item()))
    assert (plain.supersedes, plain.notice) == (None, None)


RIGHTS = '<rightsInfo><dataMining uri="http://ns.useplus.org/ldf/vocab/{code}"/><usageTerms>Editorial use only.</usageTerms></rightsInfo>'  # noqa: E501


@pytest.mark.parametrize("code", ["DMI-PROHIBITED", "DMI-PROHIBITED-SEECONSTRAINT"])
def test_an_item_whose_rights_exclude_it_is_not_taken_in(refusal: Refusal, code: str) -> None:
    reason = refusal("a.xml", message(item().replace("<itemMeta>", RIGHTS.format(code=code) + "<itemMeta>")))
    assert code in reason


@pytest.mark.parametrize(
    "rights",
    [
        '<rightsInfo><usageTerms>Editorial use only.</usageTerms></rightsInfo><rightsInfo><dataMining qcode="pludmi:DMI-PROHIBITED"/></rightsInfo>',  # noqa: E501
        '<rightsInfo><rightsExpressionXML><p:Policy xmlns:p="http://www.w3.org/ns/odrl/2/"><p:prohibition><p:action name="http://www.w3.org/ns/odrl/2/index"/></p:prohibition></p:Policy></rightsExpressionXML></rightsInfo>',  # noqa: E501
        '<rightsInfo><rightsExpressionData>{"prohibition": [{"action": "tdm:mine"}]}</rightsExpressionData></rightsInfo>',  # noqa: E501
    ],
)
def test_rights_are_read_wherever_the_standard_has_them(refusal: Refusal, rights: str) -> None:
    reason = refusal("a.xml", message(item().replace("<itemMeta>", rights + "<itemMeta>")))
    assert "its rights" in reason


@pytest.mark.parametrize(
    "code",
    [
        "DMI-ALLOWED",
        "DMI-UNSPECIFIED",
        "DMI-PROHIBITED-GENAIMLTRAINING",
        "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    ],
)
def test_an_item_that_may_be_found_is_taken_in_with_its_rights(read_one: ReadOne, code: str) -> None:
    article = read_one("a.xml", message(item().replace("<itemMeta>", RIGHTS.format(code=code) + "<itemMeta>")))
    assert article.rights == "Editorial use only."


def test_an_embargo_is_kept_where_the_archive_hides_what_is_under_it(read_one: ReadOne, refusal: Refusal) -> None:
    text = message(item(embargo="<embargoed>2031-01-01T06:00:00Z</embargoed>"))
    assert "2031-01-01" in refusal("a.xml", text)
    embargo = read_one("b.xml", text, keep_embargoed=True).embargo
    assert embargo
    assert embargo.isoformat() == "2031-01-01T06:00:00+00:00"
