from django.db import models


class AttemptCounter(models.Model):
    """The attempts at a password that have not succeeded, of one source.

    It is kept in the database, so that limits hold while the cache is down or has been emptied.
    """

    # Counters do not count as uses of an object in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    # A keyed hash of the name of the limit and of the account, network or page.
    key = models.CharField(max_length=64, unique=True)
    attempts = models.PositiveIntegerField()
    last_attempt_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.attempts} attempts"
