"""What an editor is told of a file that some people cannot use, and the reason given for it."""

from typing import Any

from django.test import Client
from wagtail.models import ModelLogEntry, UploadedFile

from bhp_site.files.models import SiteDocument
from bhp_site.files.publishing_checks import get_serious_findings

from ..factories import SiteDocumentFactory, pdf_bytes
from .packages import build_sound_file
from .test_documents import make_upload, send_file
from .uploading import (
    BAD,
    GOOD,
    PREFIX,
    WHY,
    add_in_chooser,
    answer_question,
    confirm_row,
    get_hidden_fields,
    upload_in_chooser,
    upload_in_row,
)


def test_the_chooser_shows_what_is_wrong_before_anything_is_made(editor_client: Client) -> None:
    asked = upload_in_chooser(editor_client, ("scan.pdf", BAD))
    assert asked.step == "upload_question"
    assert not SiteDocument.objects.exists()
    assert "Some people will not be able to use" in asked.html.text
    assert asked.html.find(attrs={"name": f"{PREFIX}-accessibility_reason"})
    buttons = [" ".join(one.text.split()) for one in asked.html.select("button")]
    assert buttons == ["Add this document", "Choose another file"]


def test_it_is_used_with_a_reason_which_is_logged(editor: Any, editor_client: Client) -> None:
    asked = upload_in_chooser(editor_client, ("scan.pdf", BAD))
    done = answer_question(editor_client, asked, **{f"{PREFIX}-accessibility_reason": WHY})
    assert done.step == "chosen"
    file = SiteDocument.objects.get()
    assert (file.accessibility_reason, file.findings != []) == (WHY, True)
    entry = ModelLogEntry.objects.for_instance(file).get(action="files.accept")
    assert (entry.user, entry.data) == (editor, {"reason": WHY})
    assert not UploadedFile.objects.exists()


def test_the_reason_may_be_given_later(editor_client: Client) -> None:
    done = answer_question(editor_client, upload_in_chooser(editor_client, ("scan.pdf", BAD)))
    assert done.step == "chosen"
    assert SiteDocument.objects.get().accessibility_reason == ""
    assert not ModelLogEntry.objects.filter(action="files.accept").exists()


def test_only_who_offers_a_file_that_needs_a_reason_is_asked_for_one(editor_client: Client) -> None:
    answer_question(editor_client, upload_in_chooser(editor_client, ("scan.pdf", BAD)))
    add_in_chooser(editor_client, ("good.pdf", GOOD))
    asked = {}
    for file in SiteDocument.objects.all():
        screen = editor_client.get(f"/admin/documents/edit/{file.pk}/").text
        asked[bool(get_serious_findings(file))] = 'name="accessibility_reason"' in screen
    assert asked == {True: True, False: False}


def test_a_reason_that_is_too_long_is_refused(editor_client: Client) -> None:
    asked = upload_in_chooser(editor_client, ("scan.pdf", BAD))
    done = answer_question(editor_client, asked, **{f"{PREFIX}-accessibility_reason": "x" * 251})
    assert done.step == "reshow_creation_form"
    assert "at most 250 characters" in done.html.text
    assert not SiteDocument.objects.exists()
    # The file itself is kept, and asked about again.
    assert "Your file “scan.pdf” has been kept" in done.html.text
    kept = done.html.select_one(f"[name={PREFIX}-file-kept]")["value"]
    again = upload_in_chooser(editor_client, None, **{f"{PREFIX}-file-kept": kept})
    assert again.step == "upload_question"
    assert answer_question(editor_client, again).step == "chosen"
    assert not UploadedFile.objects.exists()


def test_another_file_drops_it(editor_client: Client) -> None:
    asked = upload_in_chooser(editor_client, ("scan.pdf", BAD))
    editor_client.post(asked.html.select_one("[data-question]")["data-discard-url"])
    assert not UploadedFile.objects.exists()
    assert not SiteDocument.objects.exists()


def test_the_title_in_the_file_is_proposed_and_can_be_changed(editor_client: Client) -> None:
    asked = upload_in_chooser(
        editor_client, ("Scan of 2012.pdf", BAD), **{f"{PREFIX}-title": "Scan of 2012"}
    )
    assert get_hidden_fields(asked)[f"{PREFIX}-title"] == "Untagged"
    assert get_hidden_fields(asked)[f"{PREFIX}-slug"] == "untagged"
    mine = {f"{PREFIX}-title": "Scan of 2012", f"{PREFIX}-slug": "scan"}
    assert answer_question(editor_client, asked, **mine).step == "chosen"
    file = SiteDocument.objects.get()
    assert (file.title, file.slug) == ("Scan of 2012", "scan")


def test_a_title_that_a_program_wrote_is_not_proposed(editor_client: Client) -> None:
    bad = pdf_bytes("C:\\Users\\SmithJ\\Desktop\\draft.doc")
    asked = upload_in_chooser(
        editor_client, ("The_plan.pdf", bad), **{f"{PREFIX}-title": "The_plan"}
    )
    assert get_hidden_fields(asked)[f"{PREFIX}-title"] == "The plan"
    row = upload_in_row(editor_client, "The_plan.pdf", bad, title="The_plan")
    assert row.html.select_one("[name$=-title]")["value"] == "The plan"
    assert row.html.select_one("[name$=-slug]")["value"] == "the-plan"
    assert not SiteDocument.objects.exists()
    assert confirm_row(editor_client, row, title="Our plan", slug="plan").success
    assert SiteDocument.objects.get().url == "/documents/plan.pdf"


def test_a_row_that_is_refused_keeps_its_file(editor_client: Client) -> None:
    SiteDocumentFactory(title="Taken", slug="taken")
    row = upload_in_row(editor_client, "scan.pdf", BAD)
    refused = confirm_row(editor_client, row, slug="taken")
    assert not refused.success
    assert "already exists" in refused.html.text
    assert confirm_row(editor_client, refused, slug="free").success
    assert SiteDocument.objects.get(slug="free").findings


def test_a_good_file_is_asked_its_title_and_address_alone(editor_client: Client) -> None:
    for file in (("strategy.pdf", GOOD), ("table.csv", build_sound_file("csv"))):
        asked = upload_in_chooser(editor_client, file)
        headings = [one.text for one in asked.html.select("h2")]
        assert headings == ["Check the title and address"]
        assert answer_question(editor_client, asked).step == "chosen"


def test_who_has_typed_both_is_asked_nothing(editor_client: Client) -> None:
    typed = {f"{PREFIX}-title": "Our strategy", f"{PREFIX}-slug": "strategy"}
    assert upload_in_chooser(editor_client, ("x.pdf", GOOD), **typed).step == "chosen"
    assert SiteDocument.objects.get().url == "/documents/strategy.pdf"


def test_bytes_known_and_bad_are_asked_about_once(
    file: SiteDocument, editor_client: Client
) -> None:
    asked = upload_in_chooser(editor_client, ("scan.pdf", BAD))
    assert "This document already exists" in asked.html.text
    assert "Some people will not be able to use" in asked.html.text
    assert answer_question(editor_client, asked).step == "chosen"


def test_a_row_of_several_names_the_findings_and_takes_a_reason(editor_client: Client) -> None:
    row = upload_in_row(editor_client, "scan.pdf", BAD)
    assert confirm_row(editor_client, row, accessibility_reason=WHY).success
    file = SiteDocument.objects.get()
    assert all(finding.title in row.html.text for finding in get_serious_findings(file))
    assert file.accessibility_reason == file.versions.get().accessibility_reason == WHY


def test_a_visitor_is_asked_nothing(db: None, client: Client) -> None:
    form = {f"{PREFIX}-title": "A title", f"{PREFIX}-file": make_upload(BAD, "scan.pdf")}
    assert client.post("/admin/documents/chooser/create/", form).status_code == 302
    assert not UploadedFile.objects.exists()


def test_a_reason_given_and_changed_is_logged_and_can_be_read(
    file: SiteDocument, admin: Any, admin_client: Client
) -> None:
    for reason in (WHY, WHY, "Another reason", ""):
        send_file(admin_client, file, accessibility_reason=reason)
    entries = ModelLogEntry.objects.for_instance(file).filter(action="files.accept")
    assert [e.data["reason"] for e in entries.order_by("pk")] == [WHY, "Another reason", ""]
    assert {entry.user for entry in entries} == {admin}
    words = admin_client.get("/admin/reports/site-history/").text
    assert f"Entered the reason for publishing it with accessibility problems: {WHY}" in words
    assert "Removed the reason" in words
