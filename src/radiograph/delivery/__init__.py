# SPDX-License-Identifier: Apache-2.0
"""How things leave the server: calls of hooks and mails, each bounded in size and time."""
