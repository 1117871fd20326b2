"""The one JSON shape of everything Dateline says, on the command line and over HTTP.

Offsets are 0-based, end-exclusive and count Unicode code points of an article's body, never bytes and never
UTF-16 units: `body[start:end]` in Python, `Array.from(body).slice(start, end).join("")` in JavaScript.

Responses are built from the engine's dataclasses by their `of`; their parts mirror a dataclass each, field by
field. Fields keep their order, so an equal result gives equal bytes.
"""

from api.schemas.answers import (
    AnswerResponse,
    CorroborationOut,
    DisagreementOut,
    EarlierOut,
    FollowUpOut,
    ListedOut,
    ReceiptOut,
    SearchResponse,
    TimelineEntryOut,
    TimelineGroupOut,
    TimelineResponse,
)
from api.schemas.archives import (
    ArchiveOut,
    ArticleResponse,
    ArticleTimes,
    ModelOut,
    NoticeOut,
    ReadingsResponse,
    StatusResponse,
    WithdrawalOut,
)
from api.schemas.base import ConstraintOut, IntervalOut, PeriodOut, ReadingOut, Shape, SpanOut, TimeOut, WhenOut
from api.schemas.citations import (
    CharLocation,
    CitationOut,
    CopyOut,
    FamilyOut,
    PublicationOut,
    ShortAnswerOut,
    SpeakerOut,
    StatementOut,
    TrailOut,
)
from api.schemas.searched import (
    CoverageOut,
    FacetOut,
    FacetsResponse,
    FilterOut,
    SearchedOut,
    SilenceOut,
    SuggestionOut,
    SuggestionsResponse,
)
from api.schemas.verification import (
    CitedQuoteResponse,
    ClaimOut,
    CountsOut,
    PlaceOut,
    RefusedOut,
    VerificationOut,
    VerificationResponse,
)

__all__ = [
    "AnswerResponse",
    "ArchiveOut",
    "ArticleResponse",
    "ArticleTimes",
    "CharLocation",
    "CitationOut",
    "CitedQuoteResponse",
    "ClaimOut",
    "ConstraintOut",
    "CopyOut",
    "CorroborationOut",
    "CountsOut",
    "CoverageOut",
    "DisagreementOut",
    "EarlierOut",
    "FacetOut",
    "FacetsResponse",
    "FamilyOut",
    "FilterOut",
    "FollowUpOut",
    "IntervalOut",
    "ListedOut",
    "ModelOut",
    "NoticeOut",
    "PeriodOut",
    "PlaceOut",
    "PublicationOut",
    "ReadingOut",
    "ReadingsResponse",
    "ReceiptOut",
    "RefusedOut",
    "SearchResponse",
    "SearchedOut",
    "Shape",
    "ShortAnswerOut",
    "SilenceOut",
    "SpanOut",
    "SpeakerOut",
    "StatementOut",
    "StatusResponse",
    "SuggestionOut",
    "SuggestionsResponse",
    "TimeOut",
    "TimelineEntryOut",
    "TimelineGroupOut",
    "TimelineResponse",
    "TrailOut",
    "VerificationOut",
    "VerificationResponse",
    "WhenOut",
    "WithdrawalOut",
]
