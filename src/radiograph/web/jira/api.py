# SPDX-License-Identifier: Apache-2.0
"""The part of Jira's REST API v2 that clients of Xray need."""

from __future__ import annotations

from radiograph.web.jira import attachments, comments, filters, issues, links, meta, people, projects, search

endpoints = [
    *meta.endpoints,  # first: issue/createmeta is no issue
    *issues.endpoints,
    *comments.endpoints,
    *attachments.endpoints,
    *links.endpoints,
    *search.endpoints,
    *filters.endpoints,
    *projects.endpoints,
    *people.endpoints,
]
