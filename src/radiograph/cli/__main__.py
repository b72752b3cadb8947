# SPDX-License-Identifier: Apache-2.0
"""`python -m radiograph.cli`."""

from __future__ import annotations

from radiograph.cli.app import main

if __name__ == "__main__":
    main()
