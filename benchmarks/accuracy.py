"""How right proposed pairs are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

THRESHOLDS = (0.1, 0.3, 0.5, 0.9, 0.99)


def of_pairs(
    probability: NDArray[np.float64], is_true: NDArray[np.bool_], true_pairs: int
) -> Mapping[str, float]:
    """F1 at each threshold, the best of them, and the share of true pairs that was compared at all."""
    found = {str(least): f1(is_true[probability >= least], true_pairs) for least in THRESHOLDS}
    return {**found, "best": max(found.values()), "candidates": float(is_true.sum() / true_pairs)}


def f1(is_true: NDArray[np.bool_], true_pairs: int) -> float:
    """The harmonic mean of precision and recall of proposed pairs."""
    return float(2 * is_true.sum() / (len(is_true) + true_pairs))


def of_clusters(found: NDArray[np.integer[Any]], person: NDArray[np.integer[Any]]) -> float:
    """F1 over all pairs that stand in one cluster."""
    both = np.unique(np.stack([found, person]), axis=1, return_counts=True)[1]
    right, proposed, true = (_pairs(sizes) for sizes in (both, np.bincount(found), np.bincount(person)))
    return 2 * right / (proposed + true)


def _pairs(sizes: NDArray[np.integer[Any]]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
