"""Pictures are made in every size on upload, and are as public as what shows them."""

import io
import re
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageFile
from wagtail.models import Collection, Page

from bhp_site.core.images import renditions
from bhp_site.core.images.renditions import (
    DEFERRED_FORMATS,
    FORMATS,
    UPLOAD_FORMATS,
    WIDTHS,
    enqueue_missing_renditions,
    get_rendition_files,
    make_missing_renditions,
    make_renditions,
)
from bhp_site.core.models import SiteImage
from bhp_site.tasks.models import QueuedTask

from ..factories import (
    NewsPageFactory,
    PeoplePageFactory,
    PersonFactory,
    PersonPageFactory,
    SiteImageFactory,
    StandardPageFactory,
    png_bytes,
)
from ..images import get_image_url
from ..page_states import HIDDEN, publish
from ..running_tasks import run_tasks


def get_picture(width: int = 40, height: int = 30, **more: Any) -> SiteImage:
    file = ContentFile(png_bytes(size=(width, height)), name="picture.png")
    return SiteImageFactory(file=file, **more)


def get_addresses(image: SiteImage) -> list[str]:
    return [size.url for kind in FORMATS for size in get_rendition_files(image, kind)]


def test_what_takes_long_is_left_for_later(db: None) -> None:
    image = SiteImage.objects.get(pk=get_picture(1400, 700).pk)
    assert set(image.sizes) == set(UPLOAD_FORMATS)
    assert image.renditions.count() == len(UPLOAD_FORMATS) * len(WIDTHS)


def test_every_size_and_format_is_made_once(db: None) -> None:
    image = get_picture(1400, 700)
    assert run_tasks(make_missing_renditions) == 1
    image.refresh_from_db()
    assert set(image.sizes) == set(FORMATS)
    for kind in FORMATS:
        made = [(size.width, size.height) for size in get_rendition_files(image, kind)]
        assert made == [(width, width // 2) for width in WIDTHS]
    assert image.renditions.count() == len(FORMATS) * len(WIDTHS)
    assert get_image_url(image) == get_rendition_files(image, "jpeg")[-1].url


@pytest.mark.parametrize("width, made", [(40, [40]), (320, [320]), (500, [320, 500])])
def test_a_small_picture_is_never_enlarged(db: None, width: int, made: list[int]) -> None:
    image = get_picture(width, 30)
    assert [size.width for size in get_rendition_files(image, "webp")] == made


def test_a_rendition_is_not_decoded_to_know_its_size(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = get_picture(500, 300)
    files = renditions.build_renditions(image, DEFERRED_FORMATS)
    opened: list[Any] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", opened.append)
    renditions.store_renditions(image, files)
    assert not opened
    narrow, wide = get_rendition_files(image, "avif")
    assert (narrow.width, narrow.height, wide.width, wide.height) == (320, 192, 500, 300)


def test_renditions_built_beforehand_are_stored(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    image = SiteImage(title="A", file=ContentFile(png_bytes(), name="a.png"))
    image.build_renditions()
    with monkeypatch.context() as patch:
        patch.setattr(renditions, "build_renditions", None)
        image.save()
    assert image.renditions.count() == len(UPLOAD_FORMATS) * len(WIDTHS)
    # Those of a later file are its own.
    image.file = ContentFile(png_bytes(size=(400, 300)), name="b.png")
    image.save()
    assert max(image.renditions.values_list("width", flat=True)) == 400


def test_renditions_are_built_while_others_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    taken: list[int] = []
    built: list[int] = []

    def take() -> Iterator[Any]:
        for number in range(6):
            taken.append(number)
            yield SimpleNamespace(number=number, build_renditions=partial(built.append, number))

    images = renditions.build_ahead(take())
    for number, image in enumerate(images):
        assert image.number == number
        assert number in built
        # A document may have hundreds of images, which would fill the memory.
        assert len(taken) <= number + 3
    assert sorted(built) == taken == [*range(6)]


def test_an_image_that_cannot_be_built_is_reported_where_it_is_awaited() -> None:
    def fail() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(renditions.build_ahead([SimpleNamespace(build_renditions=fail)]))


def test_sizes_that_are_made_again_are_no_more(db: None) -> None:
    image = get_picture()
    before = image.sizes
    make_renditions(image)
    assert image.sizes == before
    assert image.renditions.count() == len(UPLOAD_FORMATS) * len(WIDTHS)


def test_a_picture_replaced_meanwhile_keeps_its_own_sizes(db: None) -> None:
    image = get_picture(400, 200)
    late = SiteImage.objects.get()
    image.file = ContentFile(png_bytes("#aa0000", (200, 100)), name="other.png")
    image.renditions.all().delete()
    image.save()
    make_renditions(late, DEFERRED_FORMATS)
    image.refresh_from_db()
    assert [size.width for size in get_rendition_files(image, "jpeg")] == [200]
    assert "avif" not in image.sizes
    assert run_tasks(make_missing_renditions)
    image.refresh_from_db()
    assert [size.width for size in get_rendition_files(image, "avif")] == [200]


def test_an_image_that_cannot_be_converted_is_not_enqueued_for_ever(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise OSError("no such format here")

    get_picture()
    monkeypatch.setattr(renditions, "make_renditions", fail)
    run_tasks(make_missing_renditions)
    QueuedTask.objects.update(status="FAILED")
    enqueue_missing_renditions()
    assert QueuedTask.objects.count() == 1
    assert "no such format here" in caplog.text


def test_images_without_a_task_are_found(db: None) -> None:
    image = get_picture()
    QueuedTask.objects.all().delete()
    enqueue_missing_renditions()
    assert run_tasks(make_missing_renditions) == 1
    image.refresh_from_db()
    assert get_rendition_files(image, "avif")
    enqueue_missing_renditions()
    assert run_tasks(make_missing_renditions) == 0


def test_a_picture_without_sizes_is_kept(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(image: Any, **more: Any) -> None:
        raise OSError("no room for a rendition")

    monkeypatch.setattr(renditions, "build_renditions", fail)
    image = get_picture()
    assert SiteImage.objects.get() == image
    assert get_image_url(image) == ""
    assert "no room for a rendition" in caplog.text
    monkeypatch.undo()
    assert run_tasks(make_missing_renditions)
    image.refresh_from_db()
    assert set(image.sizes) == set(FORMATS)


def test_a_picture_that_is_replaced_gets_new_ones(admin_client: Client) -> None:
    image = get_picture(400, 200)
    before = get_addresses(image)
    sent = {
        "title": "Another",
        "collection": Collection.get_first_root_node().pk,
        "file": ContentFile(png_bytes("#aa0000", (200, 100)), name="other.png"),
    }
    assert admin_client.post(f"/admin/images/{image.pk}/", sent).status_code == 302
    image = SiteImage.objects.get()
    assert [size.width for size in get_rendition_files(image, "jpeg")] == [200]
    assert not set(get_addresses(image)) & set(before)
    assert {admin_client.get(url).status_code for url in get_addresses(image)} == {200}


def test_a_rendition_for_the_admin_has_its_own_address(admin_client: Client) -> None:
    rendition = get_picture().get_rendition("max-165x165")
    assert admin_client.get(rendition.url).status_code == 200


@pytest.fixture
def draft(news_index: Page) -> Any:
    """A draft announcement that shows a picture."""
    page = NewsPageFactory(parent=news_index, live=False)
    page.body = [("figure", {"image": get_picture(), "caption": ""})]
    page.save()
    return page


def test_a_published_picture_is_everybodys(draft: Page, client: Client) -> None:
    publish(draft)
    image = SiteImage.objects.get()
    assert get_image_url(image) in client.get(draft.get_url()).text
    for address in get_addresses(image):
        response = client.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == "public, no-cache"
        assert response["Content-Security-Policy"] == "default-src 'none'"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    response = client.get(get_image_url(image))
    assert response["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(response.getvalue())) as opened:
        assert (opened.format, opened.size) == ("JPEG", (40, 30))


@pytest.mark.parametrize("state", HIDDEN)
def test_the_picture_of_a_hidden_page_is_not(draft: Page, client: Client, state: str) -> None:
    HIDDEN[state](draft)
    assert {client.get(url).status_code for url in get_addresses(SiteImage.objects.get())} == {404}


@pytest.mark.parametrize("state", HIDDEN)
def test_an_editor_sees_it_and_keeps_no_copy(
    draft: Page, editor_client: Client, state: str
) -> None:
    HIDDEN[state](draft)
    for address in get_addresses(SiteImage.objects.get()):
        response = editor_client.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_portrait_is_public_while_a_page_quotes_its_person(
    news_index: Page, client: Client
) -> None:
    person = PersonFactory(portrait=get_picture())
    address = get_image_url(person.portrait)
    page = NewsPageFactory(parent=news_index, live=False)
    page.body = [("quote", {"speaker": person, "words": "Words."})]
    page.save()
    assert client.get(address).status_code == 404
    publish(page)
    assert client.get(address).status_code == 200
    page.unpublish()
    assert client.get(address).status_code == 404


def test_a_portrait_is_public_with_the_page_of_its_person(home: Page, client: Client) -> None:
    person = PersonFactory(portrait=get_picture())
    address = get_image_url(person.portrait)
    page = PersonPageFactory(parent=PeoplePageFactory(parent=home), person=person)
    assert client.get(address).status_code == 200
    page.unpublish()
    assert client.get(address).status_code == 404


def test_the_original_is_for_those_who_work_here(
    draft: Page, client: Client, editor_client: Client
) -> None:
    publish(draft)
    image = SiteImage.objects.get()
    assert client.get(image.file.url).status_code == 404
    response = editor_client.get(image.file.url)
    assert response.getvalue() == image.file.read()
    assert response["Cache-Control"] == "private, no-store"


def test_a_picture_that_the_browser_has_is_not_sent_again(draft: Page, client: Client) -> None:
    publish(draft)
    address = get_image_url(SiteImage.objects.get())
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/pictures/none.webp",
        "/pictures/..%2Fsite.sqlite3",
        "/media/original_images/none.png",
        "/media/documents/",
    ],
)
def test_a_picture_that_is_not_there_is_404(admin_client: Client, address: str) -> None:
    assert admin_client.get(address).status_code == 404


def test_a_page_without_a_picture_shares_the_sites(home: Page, client: Client) -> None:
    page = StandardPageFactory(parent=home)
    assert "/static/share.png" in client.get(page.get_url()).text


def test_an_image_without_renditions_leaves_no_empty_figure(draft: Page, client: Client) -> None:
    draft.body = [("figure", {"image": SiteImage.objects.get(), "caption": "Two discs"})]
    draft.save()
    publish(draft)
    SiteImage.objects.update(sizes={})
    html = client.get(draft.get_url()).text
    assert "<figure" not in html
    assert "Two discs" not in html
    shared = re.findall(r'property="og:image" content="([^"]*)"', html)
    assert len(shared) == 1
    assert shared[0].endswith("/static/share.png")


def test_any_format_will_do_where_jpeg_is_missing(draft: Page, client: Client) -> None:
    publish(draft)
    image = SiteImage.objects.get()
    SiteImage.objects.update(sizes={"webp": image.sizes["webp"]})
    html = client.get(draft.get_url()).text
    assert f'src="{get_rendition_files(image, "webp")[-1].url}"' in html
