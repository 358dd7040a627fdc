"""Where pasted and stored links lead."""

import base64
import json

import pytest

from bhp_site.pasting.addresses import clean_address

TARGET = "https://example.org/report?a=1"
CODED = "https%3A%2F%2Fexample.org%2Freport%3Fa%3D1"
SOPHOS = base64.urlsafe_b64encode(TARGET.encode()).decode()
TOKEN = base64.urlsafe_b64encode(json.dumps({"url": TARGET}).encode()).decode().rstrip("=")
BING = "a1" + base64.urlsafe_b64encode(TARGET.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.google.com/url?q={CODED}&sa=D&ust=1",
        f"https://google.co.uk/url?sa=t&url={CODED}",
        f"https://eur01.safelinks.protection.outlook.com/?url={CODED}&data=05",
        f"https://eur01.safelinks.protection.outlook.com/ap/w-59584e83/?url={CODED}&data=05",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_report-3Fa-3D1&d=x",
        "https://urldefense.com/v3/__https://example.org/report*a=1__;Pw!!abc$",
        f"https://l.facebook.com/l.php?u={CODED}&h=x",
        f"https://www.facebook.com/l.php?u={CODED}",
        f"https://l.instagram.com/?u={CODED}",
        f"https://www.linkedin.com/safety/go?url={CODED}&trk=x",
        f"https://www.youtube.com/redirect?q={CODED}",
        f"https://duckduckgo.com/l/?uddg={CODED}",
        f"https://www.bing.com/ck/a?p=1&u={BING}",
        "https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D"
        + CODED.replace("%", "%25"),
        f"https://linkprotect.cudasvc.com/url?a={CODED}&c=E,1,x",
        f"https://secure-web.cisco.com/1aBc/{CODED}",
        f"https://eu-west-1.protection.sophos.com/?d=example.org&u={SOPHOS}&i=x",
        f"https://protect2.fireeye.com/v1/url?k=1&q=1&u={CODED}",
        f"https://clicktime.symantec.com/3abc?u={CODED}",
        f"https://links.govdelivery.com/track?type=click&enid=x&&&{TARGET}",
        f"https://lnks.gd/l/eyJhbGciOiJIUzI1NiJ9.{TOKEN}.sig/s/1/br/2-l",
        f"  {TARGET}\n",
    ],
)
def test_a_redirector_is_resolved(address: str) -> None:
    assert clean_address(address) == TARGET


def test_proofpoint_hides_runs_of_characters() -> None:
    address = "https://urldefense.com/v3/__https://example.org/a**Cb__;w6nDqcOpw6k!!x$"
    assert clean_address(address) == "https://example.org/aééééb"


@pytest.mark.parametrize(
    "address",
    [
        "https://bit.ly/3abc",
        # Their targets cannot be read.
        "https://www.google.com/url?sa=t",
        "https://urldefense.com/v3/__https://example.org/a*b*c__;Pw!!abc$",
        "https://lnks.gd/l/abc.def.ghi/s/1",
        "https://www.google.com/search?q=x",
        "https://example.org/url?q=https://elsewhere.example/",
        "https://example.org/administration/",
        "https://example.org/page#_ftn1",
        "/news/a-title/",
        "#aims-of-the-plan",
        "mailto:press@example.org",
        "tel:+441210000000",
        TARGET,
    ],
)
def test_an_ordinary_address_stays(address: str) -> None:
    assert clean_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/admin/pages/69/edit/#_ftn1",
        "https://www.example.org/admin/pages/69/edit/",
        "/admin/documents/",
        "https://blog.example.org/wp-admin/post.php?post=3",
        "#_ftn1",
        "#_ftnref1",
        "#sdfootnote1sym",
        "#_msocom_1",
        "#cmnt1",
        "#heading=h.30j0zll",
        "#",
        "",
        "file:///C:/Users/a/plan.docx",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "about:blank#_ftn1",
        "blob:https://example.org/1",
        "plan.docx",
        "http://",
        "http://[",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=https://example.org/admin/",
        "//www.example.org//admin/",
        "https://www.example.org/news/../admin/pages/",
        "https://www.example.org/%61dmin/",
        "/Admin",
    ],
)
def test_what_leads_nowhere_is_no_link(address: str) -> None:
    assert clean_address(address) is None


def test_a_pasted_fragment_belongs_to_another_document() -> None:
    assert clean_address("#aims", keep_anchors=False) is None


def test_a_redirector_to_itself_ends() -> None:
    address = TARGET
    for _ in range(9):
        address = f"https://www.google.com/url?q={address.replace('%', '%25').replace('&', '%26')}"
    assert clean_address(address) is not None
