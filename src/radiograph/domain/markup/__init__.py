# SPDX-License-Identifier: Apache-2.0
"""What people and tools write in comments, read into a small tree: Jira's wiki markup, Markdown, plain text, traces. Pure."""
