# SPDX-License-Identifier: Apache-2.0
"""One mail, given to the mail server that the operator named."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.delivery.calls import Called

if TYPE_CHECKING:
    from radiograph.settings import Settings

_TIMEOUT_S = 20.0
_KEPT = 500


class Mail(Struct, frozen=True):
    """A mail in both forms: the same said as text and as HTML."""

    subject: str
    text: str
    html: str


def message(mail: Mail, sender: str, to: str) -> EmailMessage:
    """The mail as it is sent; a subject is one line whatever is in it."""
    made = EmailMessage()
    made["Subject"] = " ".join("".join(c if c.isprintable() else " " for c in mail.subject).split())
    made["From"], made["To"], made["Date"] = sender, to, formatdate(localtime=False)
    made["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or None)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    return made


def send(settings: Settings, mail: Mail, to: str) -> Called:
    """Give a mail to the server; never raises for what it answers."""
    if not settings.smtp_host:
        return Called(good=False, answer="no mail server is set (smtp_host)")
    sender = settings.smtp_from or f"radiograph@{settings.smtp_host}"
    try:
        made = message(mail, sender, to)
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_S) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(made)
    except Exception as error:  # noqa: BLE001  (what is raised is tried again for ever; addresses raise whatever `email` runs into)
        return Called(good=False, answer=f"{type(error).__name__}: {error}"[:_KEPT])
    return Called(good=True, answer="taken")
