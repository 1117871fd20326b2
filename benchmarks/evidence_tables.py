"""Tables of what evidence is worth: what is first, how sure that is, and what a wanted precision costs."""

from dataclasses import dataclass

import numpy as np

from api.evaluation.measures import auroc

PRECISIONS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
BINS = 10


@dataclass(slots=True)
class Outcome:
    """What an evaluation of one question gave."""

    answerable: bool
    shown: list[bool]  # of each of the first citations
    signals: list[list[float]]  # the same


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
    right = np.concatenate([[outcome.shown[0] for outcome in found] for found, _ in left_out.values()])
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
