from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.dispatch import Signal
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from bhp_site.core.images.renditions import MIN_LOGO_HEIGHT

from .choosable import ChoosableModelForm

# Sent before collections are made public. Argument: `collections`. Receivers return a sentence that
# says why something in them may not be public, or "".
publishing_collections = Signal()


MIN_ICON_SIZE = 180
# A wider logo would be smaller than text on a phone.
MAX_LOGO_RATIO = 6


class SiteSettingsForm(ChoosableModelForm):
    """Offers the collections in which its user may publish, and keeps the others unchanged.

    Logo and icon must be images that look right at their place, and that visitors may see.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and "public_collections" in self.fields:
            field: Any = self.fields["public_collections"]
            field.queryset = get_publishable_collections(self.for_user)

    def clean_logo(self) -> Any:
        """Return the logo; raise ValidationError if it would be blurred, tiny or not shown."""
        image = self.cleaned_data["logo"]
        if image is None or "logo" not in self.changed_data:
            return image
        if image.height < MIN_LOGO_HEIGHT:
            raise ValidationError(
                f"{describe_size(image)} A logo must be at least {MIN_LOGO_HEIGHT} pixels high, or "
                "it is blurred on many screens. Upload a larger version."
            )
        if image.width > MAX_LOGO_RATIO * image.height:
            raise ValidationError(
                f"{describe_size(image)} A logo may be {MAX_LOGO_RATIO} times as wide as high, or "
                "nobody can read it on a phone. Choose a version on two lines."
            )
        return require_visible(image)

    def clean_icon(self) -> Any:
        """Return the icon; raise ValidationError if it is not square, too small or not shown."""
        image = self.cleaned_data["icon"]
        if image is None or "icon" not in self.changed_data:
            return image
        if image.width != image.height or image.width < MIN_ICON_SIZE:
            raise ValidationError(
                f"{describe_size(image)} An icon must be square, with at least {MIN_ICON_SIZE} "
                "pixels a side. Crop it in an image program, and upload that copy."
            )
        return require_visible(image)

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


def describe_size(image: Any) -> str:
    """Return a sentence with the size of an image."""
    return f"This image has {image.width} × {image.height} pixels."


def require_visible(image: Any) -> Any:
    """Return `image`; raise ValidationError if its collection has a privacy setting."""
    if image.collection.get_view_restrictions().exists():
        raise ValidationError(
            "Visitors cannot see this image, because its collection has a privacy setting. Move "
            "the image to another collection, or choose another image."
        )
    return image


def get_publishable_collections(user: Any) -> QuerySet[Collection]:
    """Return the collections in which `user` may publish both documents and images."""
    collections = Collection.objects.all()
    for model in (get_document_model(), get_image_model()):
        policy = CollectionPermissionPolicy(model)
        allowed = policy.collections_user_has_permission_for(user, "publish")
        collections = collections.filter(pk__in=allowed.values("pk"))
    return collections
