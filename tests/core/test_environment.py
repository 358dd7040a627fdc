"""Secrets that the site generates are the same in every process."""

import os
import stat
import subprocess
import sys
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from django.conf import settings

from bhp_site import environment


def test_processes_that_start_together_share_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    with ThreadPool(8) as pool:
        secrets = pool.map(environment.read_or_create_secret, [path] * 32)
    assert set(secrets) == {path.read_text()}
    assert len(path.read_text()) > 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_has_no_name_before_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret-key"
    sizes = []
    link = os.link

    def give_name(draft: str, name: Path) -> None:
        assert not name.exists()
        sizes.append(Path(draft).stat().st_size)
        link(draft, name)

    monkeypatch.setattr(os, "link", give_name)
    secret = environment.read_or_create_secret(path)
    assert sizes == [len(secret)]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SITE_URL": "www.example.org"}, "SITE_URL must be a full address"),
        ({"PORT": "http"}, '"PORT" invalid'),
        ({"DATA_DIR": "/dev/null/data"}, "Not a directory: '/dev/null/data'"),
    ],
)
def test_commands_say_in_a_sentence_which_settings_are_refused(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    ended = subprocess.run(
        [sys.executable, Path(settings.BASE_DIR) / "manage.py", "golive"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("The settings cannot be used: ")
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_commands_write_files_for_their_user_alone(tmp_path: Path) -> None:
    """Whatever the umask of the shell in which an operator runs them."""
    code = "from pathlib import Path; p = Path('made'); p.mkdir(); (p / 'file').write_text('x')"
    manage = Path(settings.BASE_DIR) / "manage.py"
    subprocess.run(
        [sys.executable, manage, "shell", "--no-imports", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"DATA_DIR": str(tmp_path / "data")},
        umask=0,
        check=True,
    )
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "made").rglob("*")]
    assert [stat.S_IMODE((tmp_path / "made").stat().st_mode), *modes] == [0o700, 0o600]
