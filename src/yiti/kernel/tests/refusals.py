"""What a refusal says, for tests of what people type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yiti.kernel.errors import InvalidInput


def refusal(parse: Callable[[str], object], text: str) -> str:
    """The sentence that `parse` refuses `text` with; fails when it does not."""
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    return caught.value.text()
