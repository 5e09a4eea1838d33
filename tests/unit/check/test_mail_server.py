from provisioning.check.installation import MailTrial
from tests.unit.check.samples import SETTINGS, found, with_realm, with_settings


def test_mail_that_does_not_leave_is_an_error() -> None:
    where = "smtp.example.org:587"
    assert found(with_realm(mail=MailTrial(None, "ConnectException"))) == [("error", "mail_server", where)]
    trial = MailTrial("a@example.org", "SMTPSendFailedException")
    assert found(with_realm(mail=trial)) == [("error", "mail_server", where)]


def test_mail_in_clear_to_another_machine_is_a_warning() -> None:
    in_clear = SETTINGS["smtpServer"] | {"starttls": "false"}
    assert found(with_settings(smtpServer=in_clear)) == [("warning", "mail_server", "smtp.example.org:587")]
    assert found(with_settings(smtpServer=in_clear | {"host": "localhost"})) == []
