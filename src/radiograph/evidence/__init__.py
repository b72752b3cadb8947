# SPDX-License-Identifier: Apache-2.0
"""Files by the hash of their content."""
