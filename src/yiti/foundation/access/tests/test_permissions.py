from __future__ import annotations

import pytest

from yiti.foundation.access import public as access
from yiti.kernel.errors import NotFound, NotPermitted
from yiti.kernel.tests.builders import an_actor


def test_a_permission_may_be_declared_again_but_not_otherwise() -> None:
    known = next(p for p in access.all_permissions() if p.name == "audit.read")
    access.register(known)
    with pytest.raises(ValueError, match="twice"):
        access.register(access.Permission("audit.read", zh="别的", en="Something else"))


def test_every_permission_speaks_both_languages() -> None:
    assert all(p.zh and p.en and "." in p.name for p in access.all_permissions())


def test_a_missing_permission_is_refused_like_a_missing_record() -> None:
    with pytest.raises(NotFound) as refused:
        an_actor("residents.search").require("referrals.send")
    assert isinstance(refused.value, NotPermitted)
    assert refused.value.text() == NotFound().text()
