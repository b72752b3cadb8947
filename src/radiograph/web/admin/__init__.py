# SPDX-License-Identifier: Apache-2.0
"""Administration over the API: the twins of the pages that administer, and what they do."""
