# SPDX-License-Identifier: Apache-2.0
"""`robot --listener radiograph.robot`: a short name for the listener (Robot Framework takes a module's class of the same name)."""

from __future__ import annotations

from radiograph.clients.robot_listener import RadiographListener as robot  # noqa: N813  (the name of the module)

__all__ = ["robot"]
