# SPDX-License-Identifier: Apache-2.0
"""The addresses of the forms of a Test."""

from __future__ import annotations

from starlette.routing import Route

from radiograph.web.pages.render import for_people
from radiograph.web.pages.test_edit import change_names, edit_test
from radiograph.web.pages.test_merge import merge_test
from radiograph.web.pages.test_split import split

_BOTH = ["GET", "POST"]
test_forms = [
    Route("/browse/{key}/edit", for_people(edit_test), methods=_BOTH),
    Route("/browse/{key}/merge", for_people(merge_test), methods=_BOTH),
    Route("/browse/{key}/split", for_people(split), methods=_BOTH),
    Route("/browse/{key}/names", for_people(change_names), methods=["POST"]),
]
