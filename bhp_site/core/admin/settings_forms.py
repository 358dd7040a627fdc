from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.dispatch import Signal
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from .choosable import ChoosableModelForm

# Sent before collections are made public. Argument: `collections`. Receivers return a sentence that
# says why something in them may not be public, or "".
publishing_collections = Signal()


class SiteSettingsForm(ChoosableModelForm):
    """Offers the collections in which its user may publish, and keeps the others unchanged."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and "public_collections" in self.fields:
            field: Any = self.fields["public_collections"]
            field.queryset = get_publishable_collections(self.for_user)

    def clean_public_collections(self) -> Any:
        """Return the public collections; raise ValidationError if one may not become public.

        Collections in which the user may not publish stay as they are.
        """
        chosen = self.cleaned_data["public_collections"]
        if self.for_user is None:
            return chosen
        public = {collection.pk for collection in self.instance.public_collections.all()}
        added = [collection for collection in chosen if collection.pk not in public]
        responses = publishing_collections.send(Collection, collections=added)
        if refusal := " ".join(sentence for _, sentence in responses if sentence):
            raise ValidationError(refusal)
        others = Collection.objects.filter(
            pk__in=self.instance.public_collections.values("pk")
        ).exclude(pk__in=get_publishable_collections(self.for_user).values("pk"))
        return Collection.objects.filter(
            pk__in=[collection.pk for collection in (*chosen, *others)]
        )


def get_publishable_collections(user: Any) -> QuerySet[Collection]:
    """Return the collections in which `user` may publish both documents and images."""
    collections = Collection.objects.all()
    for model in (get_document_model(), get_image_model()):
        policy = CollectionPermissionPolicy(model)
        allowed = policy.collections_user_has_permission_for(user, "publish")
        collections = collections.filter(pk__in=allowed.values("pk"))
    return collections
