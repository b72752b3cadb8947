# SPDX-License-Identifier: Apache-2.0
"""The API of Test Plans and of coverage."""
