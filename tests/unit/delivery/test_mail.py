# SPDX-License-Identifier: Apache-2.0
"""What can't be mailed is an answer, whatever it is."""

from __future__ import annotations

import pytest

from radiograph.actions.own_account import check_profile
from radiograph.delivery.mail import Mail, send
from radiograph.domain.errors import Refused
from radiograph.settings import Settings


def test_an_address_that_no_mail_can_be_made_for_is_an_answer() -> None:
    came = send(Settings(smtp_host="127.0.0.1", smtp_port=9), Mail("s", "t", "h"), "team:a@b.c;.d")
    assert (came.good, came.answer.split(":")[0]) == (False, "AttributeError")


@pytest.mark.parametrize("sign", list(':;,()[]<>\\" '))
def test_an_address_has_no_signs_that_mail_reads_otherwise(sign: str) -> None:
    check_profile("Ana", "ana.o'neil+ci@example.org")
    for bad in (f"a{sign}a@b.c", f"a@b{sign}b.c", f"a@b.c{sign}c"):
        with pytest.raises(Refused):
            check_profile("Ana", bad)
