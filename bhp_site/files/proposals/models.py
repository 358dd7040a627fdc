"""Changes of public documents and images that wait for a publisher."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import IntegrityError, models, transaction
from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Collection

from bhp_site.core.admin.object_permissions import can_view, get_viewable
from bhp_site.core.models import SiteImage
from bhp_site.core.publishing import second_person
from bhp_site.core.publishing.approved_changes import allow_changes
from bhp_site.pdf.findings import ExplainedFinding, explain_findings
from bhp_site.tasks.after_commit import call_after_commit

from ..models import SiteDocument
from ..permissions.approval import get_publishable, may_publish, needs_approval
from .emails import queue_decision

# Form fields about a new file, with the attributes that `SiteDocument.save` reads.
VERSION_FIELDS = {"note": "version_note", "version_reason": "version_reason"}

# The file has a column of its own; the other field only records the version the form showed.
UNSTORED_FIELDS = {"file", "version_seen"}
FILE_MISSING = "The proposed file is no longer in the site’s storage, so it cannot be accepted."


class AlreadyDecided(Exception):
    """Raised if the proposal has already been accepted, declined or withdrawn."""


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Queries for proposals by state and by what a user may do with them."""

    def waiting(self) -> "ProposalQuerySet":
        """Return the proposals that are not decided yet, the oldest first."""
        return self.filter(state=Proposal.State.WAITING).order_by("proposed_at", "pk")

    def with_targets(self) -> "ProposalQuerySet":
        """Return the proposals with the related rows that a list of them shows."""
        return self.select_related("document", "image", "proposed_by", "decided_by")

    def decidable_by(self, user: Any) -> "ProposalQuerySet":
        """Return the proposals whose document or image `user` may publish."""
        return self.filter(
            Q(document__in=get_publishable(user, SiteDocument))
            | Q(image__in=get_publishable(user, SiteImage))
        )

    def made_by(self, user: Any) -> "ProposalQuerySet":
        """Return the proposals by `user` whose target they may still view in the admin."""
        return self.filter(proposed_by=user).filter(
            Q(document__in=get_viewable(user, SiteDocument))
            | Q(image__in=get_viewable(user, SiteImage))
        )


class Proposal(models.Model):
    """Proposed values, and perhaps a file, for a public document or image."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a publisher"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Withdrawn"

    # A proposal makes nothing public.
    wagtail_reference_index_ignore = True

    document = models.ForeignKey(
        SiteDocument, null=True, on_delete=models.CASCADE, related_name="proposals"
    )
    image = models.ForeignKey(
        SiteImage, null=True, on_delete=models.CASCADE, related_name="proposals"
    )
    # Field name → proposed value: primary keys for related rows, lists for tags.
    values = models.JSONField(default=dict)
    # Nothing under MEDIA_ROOT is served but by views that ask who wants it.
    file = models.FileField(upload_to="proposals", blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    # Of the proposed PDF: see `findings`.
    findings = models.JSONField(default=list)
    pages = models.PositiveIntegerField(null=True)
    # The version of the document that the proposal is about.
    version_number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document=None, image__isnull=False)
                | Q(document__isnull=False, image=None),
                name="proposal_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"Changes to “{self.target.title}”"

    @property
    def target(self) -> Any:
        """Return the document or image that is to be changed."""
        return self.document or self.image

    @property
    def kind(self) -> str:
        """Return “document” or “image”."""
        return "document" if self.document_id else "image"

    @property
    def url(self) -> str:
        """Return the path of its screen in the admin."""
        return reverse("proposal", args=[self.pk])

    @property
    def target_url(self) -> str:
        """Return the path of the screen of the document or image."""
        name = "wagtaildocs:edit" if self.document_id else "wagtailimages:edit"
        return reverse(name, args=[self.target.pk])

    @property
    def is_waiting(self) -> bool:
        """Return True if it is not decided yet."""
        return self.state == self.State.WAITING

    @property
    def is_outdated(self) -> bool:
        """Return True if the document has had another file since this was proposed."""
        document = self.document
        return document is not None and self.version_number != document.version_number

    @property
    def is_file_missing(self) -> bool:
        """Return True if a file was proposed whose bytes have vanished from storage."""
        return bool(self.file) and not self.file.storage.exists(str(self.file.name))

    @property
    def explained_findings(self) -> list[ExplainedFinding]:
        """Return the findings of the proposed PDF in words."""
        return explain_findings(self.findings)

    def may_decide(self, user: Any) -> bool:
        """Return whether `user` may accept or decline it, including a move of the target.

        What a publisher has proposed waits for another one.
        """
        if self.proposed_by_id == user.pk and second_person.is_required():
            return False
        return not needs_approval(user, self.target, self.get_collection()) and may_publish(
            user, self.target
        )

    def may_view(self, user: Any) -> bool:
        """Return True for publishers of the target, and its proposer if they may still view it."""
        # The screen shows the target's current values, which may have become private.
        is_own = self.proposed_by_id == user.pk and can_view(user, self.target)
        return is_own or may_publish(user, self.target)

    def get_collection(self) -> Collection | None:
        """Return the collection that the target is to be moved to; None to leave it."""
        pk = self.values.get("collection")
        return Collection.objects.filter(pk=pk).first() if pk else None

    def accept(self, user: Any) -> None:
        """Apply the values in one transaction, logged for `user`.

        Raises AlreadyDecided, PermissionDenied, or ValidationError if they are no longer valid.
        """
        manager = type(self.target)._base_manager
        target = manager.get(pk=self.target.pk)
        loaded = _get_field_values(target)
        self._set_values(target)
        with transaction.atomic():
            self._decide(user, self.State.ACCEPTED)
            current = manager.select_for_update(of=("self",)).get(pk=target.pk)
            if not self.may_decide(user):
                raise PermissionDenied
            _apply_concurrent_changes(target, current, loaded)
            self._save(target)
            if "tags" in self.values:
                target.tags.set(self.values["tags"])
            self._log(user, "files.accept_proposal")
            queue_decision(self)
        self._discard_file()

    def _save(self, target: Any) -> None:
        try:
            with allow_changes(), transaction.atomic():
                target.save()
        except IntegrityError as error:
            raise ValidationError("Another document now has this address.") from error

    def decline(self, user: Any, comment: str) -> None:
        """Leave the target as it is, and send `comment` to the proposer; raises AlreadyDecided."""
        with transaction.atomic():
            self._decide(user, self.State.DECLINED, comment)
            self._log(user, "files.decline_proposal")
            queue_decision(self)
        self._discard_file()

    def cancel(self, user: Any) -> None:
        """Withdraw the proposal, logged for its proposer; raises AlreadyDecided."""
        with transaction.atomic():
            self._decide(user, self.State.CANCELLED)
        self._discard_file()

    def _set_values(self, target: Any) -> None:
        """Give `target` the proposed values; raises ValidationError.

        A PDF is read here, which takes seconds, so this comes before the transaction.
        """
        for name, value in self.values.items():
            if name == "tags":
                continue
            name = VERSION_FIELDS.get(name, name)
            field = {field.name: field for field in target._meta.concrete_fields}.get(name)
            setattr(target, field.attname if field else name, value)
        if self.is_file_missing:
            raise ValidationError(FILE_MISSING)
        if self.file:
            target.file = File(self.file.open("rb"), name=self.file_name)
            if isinstance(target, SiteImage):
                target._set_image_file_metadata()
        target.full_clean()

    def _decide(self, user: Any, state: str, comment: str = "") -> None:
        """Write what was decided, unless it has been already."""
        waiting = Proposal.objects.select_for_update().filter(pk=self.pk, state=self.State.WAITING)
        self.state, self.comment = state, comment
        self.decided_by, self.decided_at = user, timezone.now()
        if not waiting.update(
            state=state, comment=comment, decided_by=user, decided_at=self.decided_at
        ):
            self.refresh_from_db()
            raise AlreadyDecided

    def _log(self, user: Any, action: str) -> None:
        data = {"by": str(self.proposed_by or ""), "comment": self.comment}
        log(type(self.target)._base_manager.get(pk=self.target.pk), action, user=user, data=data)

    def _discard_file(self) -> None:
        """Delete the proposed bytes; those of an accepted proposal have been stored elsewhere."""
        if self.file:
            self.file.close()
            self.file.delete(save=False)
            Proposal.objects.filter(pk=self.pk).update(file="")


def create_proposal(form: Any, stored: Any, user: Any) -> Proposal:
    """Store the changes of a valid `form` to `stored` as a proposal of `user`, and return it.

    The proposal is logged.
    """
    names = [name for name in form.changed_data if name not in UNSTORED_FIELDS]
    if "file" not in form.changed_data:
        names = [name for name in names if name not in VERSION_FIELDS]
    values = {name: _serialise(form.cleaned_data[name]) for name in names}
    is_document = isinstance(stored, SiteDocument)
    proposal = Proposal(
        values=values,
        proposed_by=user,
        document=stored if is_document else None,
        image=None if is_document else stored,
        version_number=stored.version_number if is_document else 0,
    )
    if "file" in form.changed_data:
        upload = form.cleaned_data["file"]
        upload.seek(0)
        proposal.file_name = Path(upload.name).name[-255:]
        proposal.file.save(proposal.file_name, upload, save=False)
        if is_document:
            proposal.findings, proposal.pages = form.instance.findings, form.instance.pages
    with transaction.atomic():
        proposal.save()
        log(stored, "files.propose", user=user, data={"fields": sorted(form.changed_data)})
    return proposal


def _get_field_values(instance: Model) -> dict[str, str]:
    """Return the attributes that hold the fields of `instance`, with their values as text."""
    fields = instance._meta.concrete_fields
    return {field.attname: str(getattr(instance, field.attname)) for field in fields}


def _apply_concurrent_changes(target: Model, current: Model, loaded: dict[str, str]) -> None:
    """Give `target` what others have saved since it was `loaded`, unless the proposal sets it."""
    for name, value in _get_field_values(target).items():
        if value == loaded[name]:
            setattr(target, name, getattr(current, name))


def _serialise(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return [str(item) for item in value] if isinstance(value, list | tuple | set) else value


def delete_proposed_file(instance: Proposal, **kwargs: Any) -> None:
    """Delete the proposed bytes once the deletion is committed.

    Receiver of `post_delete`.
    """
    if name := instance.file.name:
        call_after_commit(instance.file.storage.delete, name)
