"""Press packs: what is in them, for whom, and how they are built."""

import hashlib
import io
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import CollectionViewRestriction

from bhp_site.core.models import SiteSettings
from bhp_site.core.publishing.unpublishing import record_unpublishing
from bhp_site.core.unpublishing import Outcome
from bhp_site.files.models import SiteDocument
from bhp_site.press.packs import archive
from bhp_site.press.packs.archive import delete_unused_packs, get_pack
from bhp_site.press.packs.contents import PackFile, list_files
from bhp_site.press.packs.image_metadata import remove_metadata
from news.models import NewsPage

from ..factories import SiteDocumentFactory, SiteImageFactory, offer
from ..roles import make_collection

SECRET = b"Taken at home"


def make_photograph(form: str, orientation: int = 1, **options: Any) -> bytes:
    """Return an image file whose metadata tells where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image = Image.linear_gradient("L").convert("RGB")
    image.save(file, form, exif=exif, **options)
    return file.getvalue()


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.PRESS_PACK_DIR = tmp_path / "packs"


@pytest.fixture
def news(site: Any) -> NewsPage:
    """A public announcement with a quotation, a report, and images with and without a licence."""
    settings = SiteSettings.get_default()
    settings.about, settings.press_email = "Who we are.", "press@example.org"
    settings.save()
    page = site.news
    shared = SiteImageFactory(
        title="Two hospitals",
        credit="Jo Bloggs",
        licence="cc-by-4.0",
        file=ContentFile(make_photograph("JPEG"), name="photo.jpg"),
    )
    reserved = SiteImageFactory(title="Bought", permission="Permission by e-mail")
    page.body = [
        ("paragraph", "<p>It is out.</p>"),
        ("quote", {"speaker": site.person.person, "words": "We did it.", "role": "Chair"}),
        ("figure", {"image": shared, "caption": "Seen from above."}),
        ("figure", {"image": reserved, "caption": "A statue."}),
    ]
    page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


def get_url(page: NewsPage) -> str:
    return f"/news/{page.slug}/press-pack.zip"


def unpack(response: Any) -> dict[str, bytes]:
    assert response.status_code == 200
    data = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert pack.testzip() is None
        return {name.partition("/")[2]: pack.read(name) for name in pack.namelist()}


def test_it_holds_text_quotations_documents_and_images(news: NewsPage, client: Client) -> None:
    response = client.get(get_url(news))
    name = f"{news.slug}-press-pack"
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.zip"'
    files = unpack(response)
    document = SiteDocument.objects.get()
    assert [*files] == [
        "announcement.txt",
        "announcement.html",
        "quotations.txt",
        "images.txt",
        f"documents/{document.filename}",
        "images/1-two-hospitals.jpg",
    ]
    text = files["announcement.txt"].decode("utf-8-sig")
    for words in (news.title, news.summary, "It is out.", "“We did it.”", "Who we are."):
        assert words in text
    assert "Press contact\npress@example.org" in text
    assert news.full_url in text
    quotations = files["quotations.txt"].decode("utf-8-sig")
    assert f"“We did it.”\n\n— {news.quote_blocks[0].value['name']}, Chair" in quotations
    images = files["images.txt"].decode("utf-8-sig")
    assert (
        "images/1-two-hospitals.jpg\nCaption: Seen from above.\nCredit: Jo Bloggs\n"
        "Licence: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)\n\n"
        "Not included: Bought\nCaption: A statue.\n"
        "Licence: ask our press contact\n"
    ) in images
    page = files["announcement.html"].decode()
    assert '<img src="images/1-two-hospitals.jpg"' in page
    assert f'<a href="documents/{document.filename}">' in page
    sha256 = hashlib.sha256(files[f"documents/{document.filename}"]).hexdigest()
    assert sha256 == document.sha256


def test_images_have_all_pixels_and_no_metadata(news: NewsPage, client: Client) -> None:
    data = unpack(client.get(get_url(news)))["images/1-two-hospitals.jpg"]
    assert SECRET not in data
    with (
        Image.open(io.BytesIO(data)) as image,
        Image.open(io.BytesIO(make_photograph("JPEG"))) as original,
    ):
        assert image.tobytes() == original.tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_metadata_is_removed_from_every_format(form: str, orientation: int) -> None:
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    if form == "MPO":
        second = Image.new("RGB", (8, 8))
        options = {"save_all": True, "append_images": [second]}
    original = make_photograph(form, orientation, **options)
    assert SECRET in original
    data, suffix = remove_metadata(original)
    assert SECRET not in data
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (256, 256)
        assert suffix == f".{'jpg' if image.format == 'JPEG' else image.format.lower()}"
        if form in ("JPEG", "MPO"):
            assert image.getexif().get(0x0112, 1) == orientation
        image.load()


@pytest.mark.parametrize("progressive", [True, False])
def test_a_jpeg_of_any_kind_keeps_its_pixels_and_profile(progressive: bool) -> None:
    original = make_photograph(
        "JPEG", progressive=progressive, comment=SECRET, icc_profile=b"p" * 99
    )
    data, _ = remove_metadata(original)
    assert SECRET not in data
    with Image.open(io.BytesIO(data)) as image, Image.open(io.BytesIO(original)) as before:
        assert image.info["icc_profile"] == b"p" * 99
        assert image.tobytes() == before.tobytes()


def test_nobody_gets_a_pack_of_what_is_not_public(news: NewsPage, client: Client) -> None:
    url = get_url(news)
    assert client.get(f"{url}?x").status_code == 200
    assert client.post(url).status_code == 405
    news.unpublish()
    assert client.get(url).status_code == 404
    assert client.head(url).status_code == 404
    assert client.get("/news/nothing/press-pack.zip").status_code == 404


def test_a_withdrawn_announcement_has_no_pack(news: NewsPage, client: Client) -> None:
    assert get_url(news) in client.get(news.get_url()).text
    record_unpublishing(news, Outcome.WITHDRAWN, "The figures are wrong.")
    page = client.get(news.get_url())
    assert page.status_code == 200
    assert get_url(news) not in page.text
    assert client.get(get_url(news)).status_code == 404


def test_a_pack_leaves_out_the_documents_of_a_withdrawn_report(
    release: NewsPage, client: Client
) -> None:
    release.get_latest_revision().publish()
    release = NewsPage.objects.get(pk=release.pk)
    offer(release, SiteDocumentFactory(file=ContentFile(b"a,b\n", name="own.csv")))
    before = {name for name in unpack(client.get(get_url(release))) if "documents/" in name}
    assert len(before) == 2
    record_unpublishing(release.report, Outcome.WITHDRAWN, "The figures are wrong.")
    after = [name for name in unpack(client.get(get_url(release))) if "documents/" in name]
    assert [name[-4:] for name in after] == [".csv"]


def test_drafts_do_not_show_in_the_public_pack(news: NewsPage, client: Client) -> None:
    news.title, news.summary = "Changed", "Secret change."
    news.body = [("paragraph", "<p>Secret text.</p>")]
    news.save_revision()
    files = unpack(client.get(get_url(news)))
    assert b"Secret" not in b"".join(files.values())


def test_withdrawn_and_restricted_things_are_left_out(news: NewsPage, client: Client) -> None:
    collection = make_collection("Private")
    document = SiteDocumentFactory(title="Restricted", collection=collection)
    withdrawn = SiteDocumentFactory(title="Withdrawn", file=ContentFile(b"a,b\n", name="x.csv"))
    for one in (document, withdrawn):
        offer(news, one)
    SiteDocument.objects.filter(pk=withdrawn.pk).update(withdrawn_reason="Wrong")
    image = news.body[2].value["image"]
    image.collection = collection
    image.save()
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    files = unpack(client.get(get_url(news)))
    assert not [name for name in files if "estricted" in name or "ithdrawn" in name]
    assert not [name for name in files if name.startswith("images/")]
    assert b"Two hospitals" not in files["images.txt"]


@pytest.mark.parametrize(
    "licence, permission, is_shared",
    [
        ("cc-by-4.0", "", True),
        ("cc0-1.0", "", True),
        ("ogl-3.0", "", True),
        ("reserved", "Free for editorial use", True),
        ("", "Press use, e-mail of 12 March 2025", True),
        ("", "", False),
        ("reserved", "Not for press use", False),
        ("", "Permission by e-mail, 12 March 2025", False),
    ],
)
def test_images_are_shared_only_if_their_licence_allows(
    news: NewsPage, licence: str, permission: str, is_shared: bool
) -> None:
    image = news.body[2].value["image"]
    image.licence, image.permission = licence, permission
    image.save()
    news = NewsPage.objects.get(pk=news.pk)
    names = [file.name for file in list_files(news)]
    assert ("images/1-two-hospitals.jpg" in names) == is_shared


def test_equal_contents_are_built_once_and_equal(news: NewsPage, client: Client) -> None:
    first = client.get(get_url(news))
    (path,) = archive.get_folder().iterdir()
    data = path.read_bytes()
    second = client.get(get_url(news))
    assert first.headers["ETag"] == second.headers["ETag"]
    assert [*archive.get_folder().iterdir()] == [path]
    path.unlink()
    client.get(get_url(news))
    assert path.read_bytes() == data
    news.summary = "Something else."
    news.save_revision().publish()
    assert client.get(get_url(news)).headers["ETag"] != first.headers["ETag"]


def test_a_download_resumes(news: NewsPage, client: Client) -> None:
    whole = b"".join(client.get(get_url(news)).streaming_content)
    part = client.get(get_url(news), headers={"range": "bytes=100-"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == whole[100:]


def test_unused_packs_are_deleted(news: NewsPage, client: Client) -> None:
    client.get(get_url(news))
    assert delete_unused_packs() == 0
    (path,) = archive.get_folder().iterdir()
    old = time.time() - archive.UNUSED_SECONDS - 1
    os.utime(path, (old, old))
    client.get(get_url(news))
    assert delete_unused_packs() == 0
    os.utime(path, (old, old))
    assert delete_unused_packs() == 1


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> Any:
        yield b"half"
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError):
        get_pack([PackFile("a.txt", "key", fail)], "pack")
    assert not [*archive.get_folder().iterdir()]


def test_a_missing_file_is_not_found(
    news: NewsPage, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    document = SiteDocument.objects.get()
    # Other tests have documents of equal bytes, which share the stored file.
    document.versions.update(file="documents/00/gone.pdf")
    SiteDocument.objects.update(file="documents/00/gone.pdf")
    assert client.get(get_url(news)).status_code == 404
    assert "is missing" in caplog.text


def test_the_page_links_to_a_pack_that_holds_more_than_text(news: NewsPage, client: Client) -> None:
    html = client.get(news.get_url()).text
    assert f'href="{get_url(news)}"' in html
    assert "Press pack" in html
    news.report = None
    news.body = [("paragraph", "<p>It is out.</p>")]
    news.save_revision().publish()
    assert "press-pack.zip" not in client.get(news.get_url()).text
