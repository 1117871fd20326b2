"""Measuring: judged questions put to an archive, and the figures that come out.

with open_trial(path, embedder, settings) as trial:
measure_retrieval(trial).render(console)
measure_answers(trial).render(console)
"""

from api.evaluation.reports import AnswerReport, RetrievalReport
from api.evaluation.speakers import SpeakerReport, measure_speakers
from api.evaluation.timex import TimexReport, measure_times
from api.evaluation.trial import Trial, measure_answers, measure_retrieval, open_trial

__all__ = [
    "AnswerReport",
    "RetrievalReport",
    "SpeakerReport",
    "TimexReport",
    "Trial",
    "measure_answers",
    "measure_retrieval",
    "measure_speakers",
    "measure_times",
    "open_trial",
]
