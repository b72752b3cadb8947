# SPDX-License-Identifier: Apache-2.0
"""JQL, the language that issues are found with (Jira docs, Advanced searching): its text, its tree, its names."""
