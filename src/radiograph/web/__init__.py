# SPDX-License-Identifier: Apache-2.0
"""HTTP: the only place with statuses."""
