"""Whether a restored site may send e-mail: not before somebody has looked at it."""

from bhp_site.core.mail.queue import get_email_models

from .models import MailHold


def is_mail_held() -> bool:
    """Return True if the site was restored and nobody has enabled its e-mail since."""
    return MailHold.objects.exists()


def release_mail(discard: bool) -> int:
    """Allow e-mail again; return how many e-mails were waiting.

    They are sent soon, or deleted if `discard` is True: those of a backup may have been sent after
    the backup was made.
    """
    MailHold.objects.all().delete()
    count = 0
    for model in get_email_models():
        for email in model._default_manager.filter(sent_at=None):
            if discard:
                email.delete()
            else:
                email.try_again()
            count += 1
    return count
