"""Articles that try what a page and an address can bear."""

from tests.fakes import NEWS, make_article

EMOJI = make_article(
    "emoji",
    "\U0001f30b\U0001f30b The volcano 🇮🇸 woke at dawn, e\u0301crivit a reader: \U0001d54f.\n\n"
    "Lava from Fagradalsfjall reached the valley within three hours. Roads stay closed.",
    "\U0001f30b Lava in the valley",
    "2021",
    source="Gazette",
    language="en",
    url="http://gazette.example/lava",
)
HOSTILE = make_article(
    "hostile",
    '<img src=x onerror="window.owned=1"> Zeppelins <b>landed</b> in Friedrichshafen.\n\n'
    "<script>window.owned=1</script> &lt;i&gt; Zeppelins will be <svg onload=window.owned=1> inflated "
    "on 5 May 2024.",
    '"><script>window.owned=1</script>',
    source='<img src=x onerror="window.owned=1">',
    byline="<b onmouseover=window.owned=1>Nobody</b>",
    section="javascript:window.owned=1",
    url="javascript:window.owned=1",
)
ODD_IDS = tuple(
    make_article(id_, f"The lighthouse numbered {number} was painted.", "Lighthouses")
    for number, id_ in enumerate(
        [
            "a/b/c",
            "/leading/slash",
            "with space + plus & ?q=1#x",
            "Zürich/記事/\U0001f5de",
            "../../etc/passwd",
            "100%25",
        ]
    )
)
ARTICLES = (*NEWS, EMOJI, HOSTILE, *ODD_IDS)
