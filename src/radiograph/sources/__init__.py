# SPDX-License-Identifier: Apache-2.0
"""Other servers that test results are copied from."""
