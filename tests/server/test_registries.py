"""What Wagtail would fill in the first requests, of which there may be several at once."""

from pathlib import Path

from ..subprocesses import run_program

TELL = """
import bhp_site.server.application
from wagtail.log_actions import registry
from wagtail.rich_text import features
from wagtail.users.views import groups
print(
    features.has_scanned_for_features,
    registry.has_scanned_for_actions,
    len(groups._permission_panel_classes or ()) > 1,
)
"""


def test_registries_are_filled_before_there_are_threads(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert run_program(TELL, {"DATA_DIR": str(tmp_path)}) == "True True True\n"
