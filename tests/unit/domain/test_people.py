# SPDX-License-Identifier: Apache-2.0
"""What a caller may do."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.people import Caller, Right, Role

ROLES = st.none() | st.sampled_from(Role)


@given(ROLES, st.booleans(), st.none() | st.frozensets(st.sampled_from([1, 2])), ROLES)
def test_a_token_never_allows_more_than_its_owner_or_its_scope(
    role: Role | None,
    admin: bool,  # noqa: FBT001
    projects: frozenset[int] | None,
    most: Role | None,
) -> None:
    owner = Caller(1, "ana", admin=admin, roles={1: role} if role else {})
    scoped = Caller(1, "ana", admin=admin, roles=owner.roles, token_projects=projects, token_role=most)
    for project in (1, 2, 3):
        for right in Right:
            if scoped.may(right, project):
                assert owner.may(right, project)
                assert projects is None or project in projects
                assert most is None or most >= right.value[1]


def test_each_role_includes_those_before_it() -> None:
    allowed = [{right for right in Right if Caller(1, "ana", roles={1: role}).may(right, 1)} for role in Role]
    assert allowed[0] == {Right.READ}
    assert all(less < more for less, more in pairwise(allowed))
    assert allowed[-1] == set(Right)


def test_without_a_role_nothing_is_allowed_and_an_administrator_may_do_all() -> None:
    assert not any(Caller(1, "ana", roles={2: Role.ADMIN}).may(right, 1) for right in Right)
    assert all(Caller(1, "ana", admin=True).may(right, 7) for right in Right)
