from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

EXISTS_CODES = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


class Command(BaseCommand):
    help = "Create the bucket that STORAGE_URL names, on a new server for object storage."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the bucket if it is missing; raises CommandError."""
        if not settings.STORAGE_URL:
            self.stdout.write("STORAGE_URL is not set, so no bucket is needed.")
            return
        storage: Any = default_storage
        name, region = storage.bucket_name, storage.region_name
        # Amazon's first region must not be named (API of CreateBucket).
        place = {"LocationConstraint": region} if region not in (None, "us-east-1") else {}
        more = {"CreateBucketConfiguration": place} if place else {}
        try:
            storage.client.create_bucket(Bucket=name, **more)
        except ClientError as error:
            if error.response["Error"]["Code"] not in EXISTS_CODES:
                raise CommandError(f"The bucket {name} was not created: {error}") from error
            self.stdout.write(f"The bucket {name} exists.")
        except BotoCoreError as error:
            raise CommandError(f"The object storage does not answer: {error}") from error
        else:
            self.stdout.write(f"The bucket {name} was created.")
