"""Which rows are one person, when pairs are."""

from __future__ import annotations

import numpy as np

from yiti.registry.residents.domain.linking.columns import Ints


def clusters(size: int, one: Ints, other: Ints) -> Ints:
    """For each of `size` rows the smallest row it is connected with by pairs (itself when none): labels fall
    along pairs and jump along themselves until nothing changes."""
    label = np.arange(size)
    while True:
        low = np.minimum(label[one], label[other])
        renewed = label.copy()
        np.minimum.at(renewed, label[one], low)
        np.minimum.at(renewed, label[other], low)
        renewed = renewed[renewed]
        if np.array_equal(renewed, label):
            return label
        label = renewed
