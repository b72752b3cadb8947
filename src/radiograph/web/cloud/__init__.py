# SPDX-License-Identifier: Apache-2.0
"""Xray Cloud's REST API, as far as clients use it to bring results and Tests."""
