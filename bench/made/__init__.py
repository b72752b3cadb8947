# SPDX-License-Identifier: Apache-2.0
"""Large reports of every format, made on the fly and always the same."""
