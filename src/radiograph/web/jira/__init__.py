# SPDX-License-Identifier: Apache-2.0
"""The part of Jira's REST API that clients need."""
