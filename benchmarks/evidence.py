"""Fit how evidence is weighed and how sure an answer is, and tell what that is worth on sets left out of the fit.

    python benchmarks/evidence.py SET... --cache FOLDER                 prints the tables
    python benchmarks/evidence.py SET... --cache FOLDER --write         and writes search/evidence/parameters.json

Evidence: a conditional logit. Of all sentences of the best candidates, those that show the known answer should
have the greater part of the exponentials of the scores; each set counts by its weight, however many questions it
has. Confidence: a logistic regression of whether the first three citations show the answer, by the signals of the
first; another of whether a citation alone shows it. Unanswerable questions count as "no", every set the same. Each
set is measured with parameters that were fitted on the others.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from evaluation_sets import read_whole_set
from scipy.optimize import minimize

from api.evaluation.indexing import archive_folder, index_articles
from api.evaluation.judged import JudgedQuestion, evenly
from api.evaluation.measures import auroc, shows_evidence
from search.answer import Engine
from search.archive import Archive
from search.asked import Material
from search.embedding import Embedder, load_embedder
from search.evidence import selection as selecting
from search.evidence.confidence import SIGNALS, signals_of
from search.evidence.features import NAMES
from search.evidence.parameters import Calibration, Parameters
from search.settings import Settings

PARAMETERS = Path(selecting.__file__).with_name("parameters.json")
MOST_QUESTIONS = 500
SHOWN = 3
MEASURED = 5
EVIDENCE_PENALTY = 0.01
CONFIDENCE_PENALTY = 0.003
PRECISIONS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
BINS = 10


@dataclass(frozen=True, slots=True)
class Quote:
    """What `shows_evidence` looks at."""

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
    sentences: list
    features: np.ndarray  # shape (sentences, features), float64
    shows: np.ndarray  # shape (sentences,), bool


@dataclass(slots=True)
class Outcome:
    """What an evaluation of one question gave."""

    answerable: bool
    shown: list[bool]  # of each of the first citations
    signals: list[list[float]]  # the same


def main() -> None:
    """Print the tables; write the parameters if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="SET", help="a BEIR folder, or QUESTIONS=ARTICLES")
    parser.add_argument("--weight", action="append", default=[], metavar="NAME=W", help="of a set; else 1")
    parser.add_argument("--cache", type=Path, help="folder to keep the archives in")
    parser.add_argument("--write", action="store_true", help=f"write {PARAMETERS.name}")
    arguments = parser.parse_args()
    weights = {name: float(value) for name, _, value in (given.partition("=") for given in arguments.weight)}
    embedder = load_embedder(Settings.load())
    sets: dict[str, list[Judged]] = {}
    for name in arguments.sets:
        judged = read_whole_set(name)
        questions = evenly(judged.questions, MOST_QUESTIONS)
        with archive_folder(arguments.cache and arguments.cache / judged.name) as folder:
            sets[judged.name] = ask_all(questions, judged.articles, folder, embedder)
        print(f"{judged.name}: {len(questions)} questions", flush=True)
    shares = {name: weights.get(name, 1.0) for name in sets}
    left_out = {name: _without(name, sets, shares) for name in sets}
    table(left_out)
    thresholds = reliability(left_out)
    evidence = fit_evidence(sets, shares)
    found = {name: outcomes(asked, evidence) for name, asked in sets.items()}
    confidence, of_each = fit_confidence(found), fit_confidence(found, of_each=True)
    print("\nweights of evidence:", {name: round(value, 3) for name, value in evidence.items()})
    print(
        "weights of confidence:",
        {n: round(v, 3) for n, v in confidence.weights.items()},
        round(confidence.bias, 3),
    )
    if arguments.write:
        stored = {"confidence": replace(confidence, thresholds=tuple(thresholds)), "of_each": of_each}
        write(evidence, stored, sets, shares, embedder)


def ask_all(
    questions: Sequence[JudgedQuestion], articles: Sequence, folder: Path, embedder: Embedder
) -> list[Judged]:
    """Retrieve for every question and look at every sentence, embedding all of them."""
    asked = []
    settings = Settings.load(max_question_chars=100_000)
    with Archive.create(folder, embedder.card) as archive:
        index_articles(articles, archive, embedder, lambda *_: None)
        engine = Engine(archive, embedder, settings)
        for question in questions:
            with archive.reading():
                reading = engine.read(question.text)
                material = engine.gather(reading)
            found = selecting.closer_look(selecting.glance(reading, material), reading, material, embedder)
            shows = [
                shows_evidence(_quote(material.articles[piece.candidate.article], piece.span), question)
                for piece in found
            ]
            features = np.array([piece.features.values for piece in found]).reshape(-1, len(NAMES))
            asked.append(Judged(question, material, found, features, np.array(shows, dtype=bool)))
    return asked


def fit_evidence(sets: dict[str, list[Judged]], shares: dict[str, float]) -> dict[str, float]:
    """Weights of the features that make the known evidence most probable, with an L2 penalty."""
    groups = []
    for name, asked in sets.items():
        usable = [one for one in asked if one.shows.any()]
        groups += [(one.features, one.shows, shares[name] / len(usable)) for one in usable]
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

    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x / scale
    return dict(zip(NAMES, found.tolist(), strict=True))


def outcomes(asked: Sequence[Judged], weights: dict[str, float]) -> list[Outcome]:
    """Answer every question with these weights, as the engine would."""
    neutral = Calibration(dict.fromkeys(SIGNALS, 0.0), 0.0, ())
    parameters = Parameters(weights, neutral, neutral, {})
    found = []
    for one in asked:
        ranked = selecting.promising(one.sentences, parameters)
        evidence = selecting.joined(ranked, one.material, parameters)
        shown = [
            shows_evidence(_quote(one.material.articles[piece.candidate.article], piece.span), one.question)
            for piece in evidence[:MEASURED]
        ]
        signals = [signals_of(piece.features, piece.weighed, piece.share) for piece in evidence[:MEASURED]]
        values = [[each[name] for name in SIGNALS] for each in signals]
        found.append(Outcome(one.question.answerable, shown or [False], values or [[0.0] * len(SIGNALS)]))
    return found


def fit_confidence(found: dict[str, list[Outcome]], *, of_each: bool = False) -> Calibration:
    """Logistic regression of whether the first citations, or each of them alone, show the answer.

    Every set counts the same.

    No weight may be negative: what speaks for an answer in general never speaks against it, though in a set whose
    unanswerable questions were written with more of an article's words than the answerable ones it seems to.
    """
    rows = []
    for asked in found.values():
        of_set = [row for outcome in asked for row in _observed(outcome, of_each=of_each)]
        rows += [(*row, 1 / len(of_set) / len(found)) for row in of_set]
    signals, right, share = (np.array(column) for column in zip(*rows, strict=True))
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    scaled = np.hstack([(signals - mean) / scale, np.ones((len(signals), 1))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = scaled @ weights
        penalised = np.append(weights[:-1], 0.0)
        value = share @ (np.logaddexp(0, logits) - right * logits) + CONFIDENCE_PENALTY * penalised @ penalised
        slope = scaled.T @ (share * (1 / (1 + np.exp(-logits)) - right)) + 2 * CONFIDENCE_PENALTY * penalised
        return value, slope

    bounds = [(0.0, None)] * len(SIGNALS) + [(None, None)]
    solved = minimize(loss, np.zeros(len(SIGNALS) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = solved[:-1] / scale
    return Calibration(dict(zip(SIGNALS, weights.tolist(), strict=True)), float(solved[-1] - weights @ mean), ())


def _observed(outcome: Outcome, *, of_each: bool) -> list[tuple[list[float], bool]]:
    if of_each:
        return list(zip(outcome.signals, outcome.shown, strict=True))
    return [(outcome.signals[0], any(outcome.shown[:SHOWN]))]


def _without(
    name: str, sets: dict[str, list[Judged]], shares: dict[str, float]
) -> tuple[list[Outcome], np.ndarray]:
    """Outcomes of a set and their probabilities, by what was fitted on the others."""
    others = {other: asked for other, asked in sets.items() if other != name}
    weights = fit_evidence(others, shares)
    confidence = fit_confidence({other: outcomes(asked, weights) for other, asked in others.items()})
    found = outcomes(sets[name], weights)
    logits = np.array([outcome.signals[0] for outcome in found]) @ np.array(list(confidence.weights.values()))
    return found, 1 / (1 + np.exp(-(logits + confidence.bias)))


def table(left_out: dict[str, tuple[list[Outcome], np.ndarray]]) -> None:
    """Print what each set gives when it had no part in the fit, before any refusal."""
    print("\n| set | evidence@1 | evidence@3 | evidence@5 | AUROC |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (found, probabilities) in left_out.items():
        answerable = np.array([outcome.answerable for outcome in found])
        shown = [np.mean([any(outcome.shown[:k]) for outcome in found if outcome.answerable]) for k in (1, 3, 5)]
        area = auroc(probabilities, answerable)
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in (*shown, area))} |")


def reliability(left_out: dict[str, tuple[list[Outcome], np.ndarray]]) -> list[tuple[float, float]]:
    """Print the reliability of the probabilities of sets left out; find the thresholds for wanted precisions.

    Every set counts the same, however many questions it has.
    """
    probabilities = np.concatenate([found for _, found in left_out.values()])
    right = np.concatenate([[any(o.shown[:SHOWN]) for o in found] for found, _ in left_out.values()])
    share = np.concatenate([np.full(len(found), 1 / len(found)) for found, _ in left_out.values()])
    print("\n| probability | questions | mean probability | right |\n| --- | ---: | ---: | ---: |")
    for low in np.arange(BINS) / BINS:
        inside = (probabilities >= low) & (probabilities < low + 1 / BINS)
        if inside.any():
            mean, truth = (np.average(values[inside], weights=share[inside]) for values in (probabilities, right))
            print(f"| {low:.1f} to {low + 1 / BINS:.1f} | {inside.sum()} | {mean:.3f} | {truth:.3f} |")
    order = np.argsort(-probabilities, kind="stable")
    precision = np.cumsum((right * share)[order]) / np.cumsum(share[order])
    thresholds = []
    print("\n| wanted precision | least probability | answered |\n| ---: | ---: | ---: |")
    for wanted in PRECISIONS:
        reached = np.flatnonzero(precision >= wanted)
        reached = reached[reached >= len(order) // 50]
        if len(reached):
            least = float(probabilities[order][reached[-1]])
            answered = share[order][: reached[-1] + 1].sum() / share.sum()
            thresholds.append((wanted, round(least, 4)))
            print(f"| {wanted} | {least:.3f} | {answered:.3f} |")
    return thresholds


def write(
    evidence: dict[str, float],
    calibrations: dict[str, Calibration],
    sets: dict[str, list[Judged]],
    shares: dict[str, float],
    embedder: Embedder,
) -> None:
    """Write the parameters with their provenance."""
    stored = {
        "evidence": {name: round(value, 4) for name, value in evidence.items()},
        **{
            what: {
                "weights": {name: round(value, 4) for name, value in found.weights.items()},
                "bias": round(found.bias, 4),
                "thresholds": found.thresholds,
            }
            for what, found in calibrations.items()
        },
        "provenance": {
            "written_by": "benchmarks/evidence.py",
            "on": date.today().isoformat(),  # noqa: DTZ011 - a date for people
            "model": embedder.card.name,
            "fingerprint": embedder.card.fingerprint,
            "sets": {
                name: {
                    "questions": len(asked),
                    "unanswerable": sum(not one.question.answerable for one in asked),
                    "weight": shares[name],
                }
                for name, asked in sets.items()
            },
        },
    }
    PARAMETERS.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def _quote(article: object, span: object) -> Quote:
    return Quote(article.id, span.of(article.body), span.start, span.end)


if __name__ == "__main__":
    main()
