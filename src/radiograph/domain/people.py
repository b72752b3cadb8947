# SPDX-License-Identifier: Apache-2.0
"""Who is calling and what they may do."""

from __future__ import annotations

import enum

from msgspec import Struct


class Role(enum.IntEnum):
    """What a person may do in a project; each includes those before it."""

    VIEWER = 1
    TESTER = 2
    LEAD = 3
    ADMIN = 4


class Right(enum.Enum):
    """A thing that can be done, with the least role that may do it."""

    READ = ("read", Role.VIEWER)
    IMPORT = ("import", Role.TESTER)
    EDIT_RUN = ("edit run", Role.TESTER)
    EDIT_ISSUE = ("edit issue", Role.LEAD)
    DELETE = ("delete", Role.LEAD)
    ADMINISTER = ("administer", Role.ADMIN)


class Caller(Struct, frozen=True):
    """A signed-in person.

    `roles` maps a project id to a role; `admin` may do all in every project. A token may be scoped:
    `token_projects` (ids; None: all) and `token_role` (the most that it allows; None: as the person).
    `token_id` is that of the token they signed in with, if any.
    """

    id: int
    name: str
    display_name: str = ""
    email: str = ""
    admin: bool = False
    roles: dict[int, Role] = {}
    token_projects: frozenset[int] | None = None
    token_role: Role | None = None
    token_id: int | None = None

    @property
    def administers_instance(self) -> bool:
        """Whether they may do what takes an administrator of the instance, with a token that isn't scoped (to projects, or to less)."""
        return self.admin and self.token_projects is None and self.token_role in {None, Role.ADMIN}

    def role_in(self, project_id: int) -> Role | None:
        """The caller's role in a project, after the token's scope; None is no access."""
        if self.token_projects is not None and project_id not in self.token_projects:
            return None
        role = Role.ADMIN if self.admin else self.roles.get(project_id)
        if role is None or self.token_role is None:
            return role
        return min(role, self.token_role)

    def may(self, right: Right, project_id: int) -> bool:
        """Whether the caller may do this in the project."""
        role = self.role_in(project_id)
        return role is not None and role >= right.value[1]
