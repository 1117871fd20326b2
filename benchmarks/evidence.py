"""Fit how evidence is weighed and how sure an answer is, and tell what that is worth on sets left out of the fit.

Everything is fitted twice: for passages that the profile's close reader reads, and for when there is none.

    python benchmarks/evidence.py SET... --cache FOLDER [--profile fast]            prints the tables
    python benchmarks/evidence.py SET... --cache FOLDER [--profile fast] --write    and writes weights.json

Evidence: a conditional logit. Of all sentences of the best candidates, those that show the known answer should
have the greater part of the exponentials of the scores; each set counts by its weight, however many questions it
has. Confidence: a logistic regression of whether the first citation shows the answer, by its signals; another of
whether any citation alone shows it. Unanswerable questions count as "no", every set the same. Each set is measured
with parameters that were fitted on the others.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from evaluation_sets import read_whole_set
from evidence_tables import Outcome, reliability, table
from remembered import Memory, RememberingCloseReader, RememberingEmbedder
from scipy.optimize import minimize

from api.evaluation.judged import JudgedQuestion, evenly
from api.evaluation.measures import shows_evidence
from api.evaluation.trial import archive_folder
from indexer.renewal import fill
from search.archive import LocalArchive
from search.article import Article, Span
from search.asking.engine import Engine
from search.asking.evidence import selection as selecting
from search.asking.evidence.features import NAMES, NOT_BESIDE_A_READING, SIGNS
from search.asking.evidence.joining import Sentence, joined
from search.asking.evidence.weights import (
    SIGNALS,
    SIGNALS_READ_CLOSELY,
    Calibration,
    Parameters,
    load_parameters,
    probability,
    signals_of,
)
from search.asking.retrieval import Material
from search.models import Models
from search.models.close_reading import CloseReader, load_close_reader
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings

PARAMETERS = Path(selecting.__file__).with_name("weights.json")
MOST_QUESTIONS = 500
MEASURED = 5
EVIDENCE_PENALTY = 0.01
CONFIDENCE_PENALTY = 0.003


@dataclass(frozen=True, slots=True)
class Quote:
    """A `Quoted`, before there is a citation."""

    article_id: str
    quote: str
    start: int
    end: int
    family: None = None


@dataclass(slots=True)
class Judged:
    """A judged question with everything that was looked at, so that other weights can be tried."""

    question: JudgedQuestion
    material: Material
    sentences: list[Sentence]  # read closely and embedded, all of them
    shows: np.ndarray  # shape (sentences,), bool
    read: np.ndarray  # the same: whether its passage was read closely

    def features(self, *, closely: bool) -> np.ndarray:
        """What was looked at, shape (sentences, features), float64; without the close reader its part is 0."""
        found = np.array([piece.features.values for piece in self.sentences]).reshape(-1, len(NAMES))
        if not closely:
            found[:, NAMES.index("answers")] = 0.0
        return found


def main() -> None:
    """Print the tables; write the parameters if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET", help="a BEIR folder, or QUESTIONS=ARTICLES")
    parser.add_argument("--weight", action="append", default=[], metavar="NAME=W", help="of a set; else 1")
    parser.add_argument("--profile", choices=selecting.EFFORTS, default="careful", help="(%(default)s)")
    parser.add_argument(
        "--passages", type=int, help="how many to read closely, instead of as many as the profile does"
    )
    parser.add_argument(
        "--more",
        type=int,
        default=2,
        help="how many further ones to read: other weights choose others (%(default)s)",
    )
    parser.add_argument("--most", type=int, default=MOST_QUESTIONS, help="questions of a set (%(default)s)")
    parser.add_argument("--cache", type=Path, help="folder to keep the archives in, and what the models said")
    parser.add_argument("--write", action="store_true", help=f"write {PARAMETERS.name}")
    arguments = parser.parse_args()
    effort = selecting.EFFORTS[arguments.profile]
    effort = replace(effort, closely=arguments.passages or effort.closely)
    weights = {name: float(value) for name, _, value in (given.partition("=") for given in arguments.weight)}
    settings = Settings.load(profile=arguments.profile, max_question_chars=100_000)
    embedder, close_reader = load_embedder(settings), load_close_reader(settings)
    if arguments.cache:
        memory = Memory(arguments.cache / "models.sqlite")
        embedder = RememberingEmbedder(embedder, memory)
        close_reader = RememberingCloseReader(close_reader, memory)
    sets: dict[str, list[Judged]] = {}
    for name in arguments.sets:
        judged = read_whole_set(name)
        questions = evenly(judged.questions, arguments.most)
        with archive_folder(arguments.cache and arguments.cache / judged.name) as folder:
            more = replace(effort, closely=effort.closely + arguments.more)
            sets[judged.name] = ask_all(questions, judged.articles, folder, embedder, close_reader, more)
        print(f"{judged.name}: {len(questions)} questions", flush=True)
    shares = {name: weights.get(name, 1.0) for name in sets}
    stored = {}
    for what in ("without", arguments.profile):
        closely = effort if what != "without" else None
        print(f"\n## {what}")
        left_out = {name: _without(name, sets, shares, closely) for name in sets}
        table(left_out)
        thresholds = reliability(left_out)
        fitted = fit(sets, shares, closely)
        print("\nweights of evidence:", {name: round(value, 3) for name, value in fitted.evidence.items()})
        shown = {name: round(value, 3) for name, value in fitted.confidence.weights.items()}
        print("weights of confidence:", shown, round(fitted.confidence.bias, 3))
        stored[what] = replace(fitted, confidence=replace(fitted.confidence, thresholds=tuple(thresholds)))
    if arguments.write:
        write(stored, sets, shares, embedder, close_reader)


def ask_all(
    questions: Sequence[JudgedQuestion],
    articles: Sequence[Article],
    folder: Path,
    embedder: Embedder,
    close_reader: CloseReader,
    effort: selecting.Effort,
) -> list[Judged]:
    """Retrieve for every question, read the best passages closely and embed every sentence."""
    asked = []
    settings = Settings.load(max_question_chars=100_000)
    plain = load_parameters(None)
    with LocalArchive.create(folder, embedder.card) as archive:
        fill(articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings, models=Models(close_reader=close_reader))
        for question in questions:
            with archive.snapshot() as snapshot:
                reading = engine.read(snapshot, question.text)
                material = engine.gather(snapshot, reading)
            glanced = selecting.promising(selecting.glance(reading, material), plain)
            closely = selecting.in_the_best_passages(glanced, effort)
            chosen = {piece.candidate.passage for piece in closely}
            found = selecting.read_closely(closely, reading, material, close_reader)
            found += [piece for piece in glanced if piece.candidate.passage not in chosen]
            found = selecting.closer_look(found, reading, material, embedder)
            shows = [
                shows_evidence(_quote(material.article(piece.candidate.article), piece.span), question)
                for piece in found
            ]
            read = np.array([piece.reading is not None for piece in found], dtype=bool)
            asked.append(Judged(question, material, found, np.array(shows, dtype=bool), read))
    return asked


def fit(sets: dict[str, list[Judged]], shares: dict[str, float], closely: selecting.Effort | None) -> Parameters:
    """Fit everything on sets; with this effort of reading, or for when nothing is read closely."""
    plain = fit_evidence(sets, shares, closely=False)
    evidence = fit_evidence(sets, shares, closely=True) if closely else plain
    found = {name: outcomes(asked, plain, evidence, closely) for name, asked in sets.items()}
    confidence = fit_confidence(found, SIGNALS_READ_CLOSELY if closely else SIGNALS)
    return Parameters(evidence, confidence, fit_confidence(found, SIGNALS, of_each=True), {})


def fit_evidence(sets: dict[str, list[Judged]], shares: dict[str, float], *, closely: bool) -> dict[str, float]:
    """Weights of the features that make the known evidence most probable, with an L2 penalty.

    Each has the sign that sense gives it (`search.asking.evidence.features.SIGNS`): a set whose questions avoid
    the words of the text would teach that a sentence with the question's words is the worse for it.
    """
    groups = []
    for name, asked in sets.items():
        looked = [(one, one.read if closely else np.ones_like(one.read)) for one in asked]
        usable = [(one, rows) for one, rows in looked if one.shows[rows].any()]
        groups += [
            (one.features(closely=closely)[rows], one.shows[rows], shares[name] / len(usable))
            for one, rows in usable
        ]
    scale = np.vstack([features for features, _, _ in groups]).std(axis=0) + 1e-9
    total = sum(share for _, _, share in groups)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.0, np.zeros_like(weights)
        for features, shows, share in groups:
            scaled = features / scale
            scores = scaled @ weights
            likelihood = np.exp(scores - scores.max())
            right = likelihood * shows
            value -= share * np.log(right.sum() / likelihood.sum() + 1e-12)
            slope -= share * ((right / (right.sum() + 1e-300) - likelihood / likelihood.sum()) @ scaled)
        return (
            value / total + EVIDENCE_PENALTY * weights @ weights,
            slope / total + 2 * EVIDENCE_PENALTY * weights,
        )

    bounds = [
        (0.0, 0.0)
        if closely and name in NOT_BESIDE_A_READING
        else (0.0 if SIGNS[name] > 0 else None, 0.0 if SIGNS[name] < 0 else None)
        for name in NAMES
    ]
    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", bounds=bounds).x / scale
    return dict(zip(NAMES, found.tolist(), strict=True))


def outcomes(
    asked: Sequence[Judged],
    plain: Mapping[str, float],
    weights: Mapping[str, float],
    closely: selecting.Effort | None,
) -> list[Outcome]:
    """Answer every question with these weights, as the engine would.

    Args:
        asked: The questions.
        plain: Weights without the close reader, by which the passages are chosen that it reads.
        weights: Weights of the evidence.
        closely: With which effort it reads them; None where it does not.
    """
    found = []
    for one in asked:
        evidence = joined(_ranked(one, plain, weights, closely), one.material, _neutral(weights))
        shown = [
            shows_evidence(_quote(one.material.article(piece.candidate.article), piece.span), one.question)
            for piece in evidence[:MEASURED]
        ]
        signals = [signals_of(piece.features, piece.weighed, piece.share) for piece in evidence[:MEASURED]]
        values = [[each[name] for name in SIGNALS] for each in signals]
        found.append(Outcome(one.question.answerable, shown or [False], values or [[0.0] * len(SIGNALS)]))
    return found


def _ranked(
    one: Judged, plain: Mapping[str, float], weights: Mapping[str, float], closely: selecting.Effort | None
) -> list[Sentence]:
    """The sentences that the engine would embed, best first, from what was looked at in all of them."""
    effort = closely or selecting.CAREFUL
    whole = {}
    for piece in one.sentences:
        features = piece.features if closely else replace(piece.features, answers=0.0)
        whole[piece.candidate.passage, piece.span] = replace(piece, features=features)

    def seen(piece: Sentence, *, read: bool) -> Sentence:
        answers = piece.features.answers if read else 0.0
        glanced = replace(piece.features, sentence=piece.features.passage, answers=answers)
        return replace(piece, features=glanced, closeness=piece.candidate.closeness)

    found = selecting.promising([seen(piece, read=False) for piece in one.sentences], _neutral(plain))
    if closely:
        found = selecting.in_the_best_passages(found, closely)
        read = [seen(whole[piece.candidate.passage, piece.span], read=True) for piece in found]
        read = [piece for piece in read if piece.reading]
        found = selecting.promising(read, _neutral(weights))
    embedded = [whole[piece.candidate.passage, piece.span] for piece in found[: effort.sentences]]
    return selecting.promising(embedded, _neutral(weights))


def _neutral(weights: Mapping[str, float]) -> Parameters:
    calibration = Calibration(dict.fromkeys(SIGNALS, 0.0), 0.0, ())
    return Parameters(weights, calibration, calibration, {})


def fit_confidence(found: dict[str, list[Outcome]], names: Sequence[str], *, of_each: bool = False) -> Calibration:
    """Logistic regression of whether the first citation, or each of the first alone, shows the answer.

    Every set counts the same.

    No weight may be negative: what speaks for an answer in general never speaks against it, though in a set whose
    unanswerable questions were written with more of an article's words than the answerable ones it seems to.
    """
    rows = []
    for asked in found.values():
        of_set = [row for outcome in asked for row in _observed(outcome, of_each=of_each)]
        rows += [(*row, 1 / len(of_set) / len(found)) for row in of_set]
    signals, right, share = (np.array(column) for column in zip(*rows, strict=True))
    signals = signals[:, [SIGNALS.index(name) for name in names]]
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    scaled = np.hstack([(signals - mean) / scale, np.ones((len(signals), 1))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = scaled @ weights
        penalised = np.append(weights[:-1], 0.0)
        value = share @ (np.logaddexp(0, logits) - right * logits) + CONFIDENCE_PENALTY * penalised @ penalised
        slope = scaled.T @ (share * (1 / (1 + np.exp(-logits)) - right)) + 2 * CONFIDENCE_PENALTY * penalised
        return value, slope

    bounds = [(0.0, None)] * len(names) + [(None, None)]
    solved = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = solved[:-1] / scale
    return Calibration(dict(zip(names, weights.tolist(), strict=True)), float(solved[-1] - weights @ mean), ())


def _observed(outcome: Outcome, *, of_each: bool) -> list[tuple[list[float], bool]]:
    if of_each:
        return list(zip(outcome.signals, outcome.shown, strict=True))
    return [(outcome.signals[0], outcome.shown[0])]


def _without(
    name: str, sets: dict[str, list[Judged]], shares: dict[str, float], closely: selecting.Effort | None
) -> tuple[list[Outcome], np.ndarray]:
    """Outcomes of a set and their probabilities, by what was fitted on the others."""
    others = {other: asked for other, asked in sets.items() if other != name}
    fitted = fit(others, shares, closely)
    plain = fit_evidence(others, shares, closely=False)
    found = outcomes(sets[name], plain, fitted.evidence, closely)
    signals = [dict(zip(SIGNALS, outcome.signals[0], strict=True)) for outcome in found]
    return found, np.array([probability(one, fitted.confidence) for one in signals])


def write(
    fitted: dict[str, Parameters],
    sets: dict[str, list[Judged]],
    shares: dict[str, float],
    embedder: Embedder,
    close_reader: CloseReader,
) -> None:
    """Write the parameters with their provenance."""
    provenance = {
        "written_by": "benchmarks/evidence.py",
        "on": date.today().isoformat(),  # noqa: DTZ011 - a date for people
        "model": embedder.card.name,
        "fingerprint": embedder.card.fingerprint,
        "close_reader": close_reader.card.fingerprint,
        "sets": {
            name: {
                "questions": len(asked),
                "unanswerable": sum(not one.question.answerable for one in asked),
                "weight": shares[name],
            }
            for name, asked in sets.items()
        },
    }
    stored = {
        what: {
            "evidence": {name: round(value, 4) for name, value in found.evidence.items()},
            "confidence": _stored(found.confidence),
            "of_each": _stored(found.of_each),
            "provenance": provenance,
        }
        for what, found in fitted.items()
    }
    before = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    PARAMETERS.write_text(json.dumps(before | stored, indent=2) + "\n", encoding="utf-8")


def _stored(calibration: Calibration) -> dict[str, object]:
    return {
        "weights": {name: round(value, 4) for name, value in calibration.weights.items()},
        "bias": round(calibration.bias, 4),
        "thresholds": calibration.thresholds,
    }


def _quote(article: Article, span: Span) -> Quote:
    return Quote(article.id, span.of(article.body), span.start, span.end)


if __name__ == "__main__":
    main()
