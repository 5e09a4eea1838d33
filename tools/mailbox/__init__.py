"""A mailbox for one machine: takes every mail by SMTP, delivers none, and shows them.

For the demo and the tests. It answers Mailpit's own JSON, so that the real Mailpit can take its place.

In a test::

    with Mailbox(tmp_path) as mailbox:
        ...  # something sends a mail to localhost, port mailbox.smtp_port
        mail = mailbox.wait_for(to="helene@example.org", subject="Validez")
        link = mail.links[0]
"""

from .mail import Address, Attachment, Mail
from .server import Mailbox, MailboxError

__all__ = ["Address", "Attachment", "Mail", "Mailbox", "MailboxError"]
