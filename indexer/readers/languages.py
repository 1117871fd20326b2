"""Language tags, however they are written, as ISO 639-1 codes."""

import re

# What news metadata writes instead of a two-letter code: ISO 639-2 and -3 codes and English or own names.
_OTHER_FORMS = {
    form: code
    for code, forms in {
        "ar": "ara arabic", "bg": "bul bulgarian", "bn": "ben bengali", "ca": "cat catalan", "cs": "ces cze czech",
        "da": "dan danish dansk", "de": "deu ger german deutsch", "el": "ell gre greek gr", "en": "eng english",
        "es": "spa spanish español", "et": "est estonian", "eu": "eus baq basque", "fa": "fas per persian farsi",
        "fi": "fin finnish suomi", "fr": "fra fre french français", "he": "heb hebrew iw", "hi": "hin hindi",
        "hr": "hrv croatian", "hu": "hun hungarian", "id": "ind indonesian in", "is": "isl ice icelandic",
        "it": "ita italian italiano", "ja": "jpn japanese jp", "ko": "kor korean kr", "lt": "lit lithuanian",
        "lv": "lav latvian", "ms": "msa may malay", "my": "mya bur burmese", "ne": "nep nepali",
        "nl": "nld dut dutch nederlands", "no": "nor norwegian norsk", "pl": "pol polish", "pt": "por portuguese",
        "ro": "ron rum romanian", "ru": "rus russian", "sk": "slk slo slovak", "sl": "slv slovene slovenian",
        "sr": "srp serbian", "sv": "swe swedish svenska", "sw": "swa swahili", "th": "tha thai",
        "tr": "tur turkish",
        "uk": "ukr ukrainian", "ur": "urd urdu", "vi": "vie vietnamese", "zh": "zho chi chinese cmn cn",
    }.items()
    for form in forms.split()
}  # fmt: skip


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag or name: `en` for `"en-US"`, `"EN_gb"`, `"eng"`, `"English"`.

    None for no tag, for `und`, `mul` and `x-default`, and for languages that have no two-letter code.
    """
    primary = re.split(r"[-_,;\s]", (tag or "").strip().lower(), maxsplit=1)[0]
    if primary in _OTHER_FORMS:
        return _OTHER_FORMS[primary]
    return primary if re.fullmatch(r"[a-z]{2}", primary) else None
