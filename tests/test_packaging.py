"""Packaging, container and CI files agree with the product and with each other."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve

from .on_postgresql import TESTS as TESTS_ON_POSTGRESQL
from .run import IN_BUCKET, LEGS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = (ROOT / "bhp_site/settings.py").read_text()
# Variables of the container's own tools.
TOOL_VARIABLES = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}

SETTINGS_VARIABLES = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
# Variables that compose substitutes itself, from the same .env file.
COMPOSE_VARIABLES = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_TEXT))
DOCUMENTED_VARIABLES = set(re.findall(r"^([A-Z_]+)=", ENV_EXAMPLE, re.MULTILINE))


def list_tracked_files() -> list[Path]:
    """Return all files under version control; skip the test outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_every_variable_that_is_read_is_explained() -> None:
    assert SETTINGS_VARIABLES | COMPOSE_VARIABLES == DOCUMENTED_VARIABLES


def test_the_example_can_be_sourced_by_a_shell() -> None:
    command = ["sh", "-euc", '. ./.env.example; printf %s "$PUBLIC_CACHE_CONTROL"']
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("public,no-cache", "")


def test_the_container_sets_variables_that_exist() -> None:
    block = re.search(r"^ENV (.*?)^RUN", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert block
    assert set(re.findall(r"\b([A-Z_]+)=", block[1])) - TOOL_VARIABLES <= SETTINGS_VARIABLES


def test_compose_sets_variables_that_exist() -> None:
    assert set(COMPOSE["services"]["web"]["environment"]) <= SETTINGS_VARIABLES


def test_the_ports_agree() -> None:
    published = COMPOSE["services"]["web"]["ports"]
    assert published == ["127.0.0.1:8000:8000"]
    assert "EXPOSE 8000" in DOCKERFILE
    assert "PORT=8000" in DOCKERFILE
    address = COMPOSE["services"]["web"]["environment"]["SITE_URL"]
    assert address == "${SITE_URL:-http://127.0.0.1:8000}"


def test_the_health_check_asks_an_address_that_exists() -> None:
    assert 'CMD ["python", "-m", "bhp_site.health"]' in DOCKERFILE
    asked = re.search(r'"GET", "(.+?)"', (ROOT / "bhp_site/health.py").read_text())
    assert asked
    assert resolve(asked[1]).url_name == "healthz"


def test_the_container_keeps_its_data_in_a_volume() -> None:
    folder = re.search(r"^VOLUME (\S+)", DOCKERFILE, re.MULTILINE)
    assert folder
    assert f"DATA_DIR={folder[1]} " in DOCKERFILE
    assert COMPOSE["services"]["web"]["volumes"] == [f"data:{folder[1]}"]


def test_the_container_runs_a_python_that_the_site_supports() -> None:
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    for version in re.findall(r"^FROM python:3\.(\d+)-slim", DOCKERFILE, re.MULTILINE):
        assert int(version) >= int(oldest.removeprefix(">=3."))


def test_the_image_is_made_of_what_it_needs_alone() -> None:
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".venv", ".env", "var", "tests"} <= set(left_out)


def test_every_service_has_a_health_check_or_its_image_has() -> None:
    assert "HEALTHCHECK" in DOCKERFILE
    for name, service in COMPOSE["services"].items():
        ends = service.get("restart") == "no"
        is_web = service["image"] == "bhp-site" and "command" not in service
        assert is_web or ends or service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_services_wait_for_services_that_exist() -> None:
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if not name.startswith("./")} <= set(COMPOSE["volumes"])


def test_the_addresses_of_database_and_cache_name_services() -> None:
    environment = COMPOSE["services"]["web"]["environment"]
    assert re.search(r"@(\w+)/", environment["DATABASE_URL"])[1] in COMPOSE["services"]
    assert re.search(r"//(\w+):", environment["CACHE_URL"])[1] in COMPOSE["services"]


def test_files_that_are_copied_exist() -> None:
    for source in re.findall(r"^COPY (?!--)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()


def test_the_container_does_not_run_as_root() -> None:
    user = re.findall(r"^USER (\w+)", DOCKERFILE, re.MULTILINE)
    assert user == ["site"]
    assert DOCKERFILE.index("USER site") < DOCKERFILE.index("CMD [")


def test_the_launcher_that_is_started_exists() -> None:
    assert 'CMD ["python", "-m", "bhp_site"]' in DOCKERFILE
    assert (ROOT / "bhp_site/__main__.py").exists()


def test_the_readme_names_the_commands_that_exist() -> None:
    verbs = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    readme = (ROOT / "README.md").read_text()
    assert set(re.findall(r"`make (\w+)`", readme)) == verbs - {"help"}
    assert len(readme.splitlines()) <= 120


def get_steps(workflow: Path) -> list[dict[str, Any]]:
    """Return the steps of all jobs of a workflow file."""
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize(
    ("name", "command"), [("ci.yml", "bash .ci/run"), ("nightly.yml", "bash .ci/run test-all")]
)
def test_workflows_run_the_same_script_as_a_developer(name: str, command: str) -> None:
    assert any(step.get("run") == command for step in get_steps(ROOT / ".github/workflows" / name))
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_actions_of_workflows_are_pinned_by_hash() -> None:
    actions = [
        step["uses"]
        for workflow in (ROOT / ".github/workflows").iterdir()
        for step in get_steps(workflow)
        if "uses" in step
    ]
    assert actions
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in actions)


def test_constraints_of_the_matrix_exist() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    for job in jobs["test"]["strategy"]["matrix"]["include"]:
        assert not job["constraints"] or (ROOT / job["constraints"]).is_file()


def test_hooks_before_a_commit_run_installed_programs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    programs = {hook["entry"].split()[0] for repo in config["repos"] for hook in repo["hooks"]}
    requirements = (ROOT / "requirements-dev.txt").read_text()
    packages = {".venv/bin/lint-imports": "import-linter"}
    for program in programs:
        package = packages.get(program, program.removeprefix(".venv/bin/"))
        assert re.search(rf"^{package}==", requirements, re.MULTILINE)


def test_make_asks_for_legs_that_exist() -> None:
    named = re.findall(r"-m tests\.run (.+)", (ROOT / "Makefile").read_text())
    assert {leg for legs in named for leg in legs.split()} == set(LEGS)


def test_legs_run_tests_that_exist() -> None:
    for path in (*TESTS_ON_POSTGRESQL, *IN_BUCKET):
        assert (ROOT / path).exists(), path
    for path, names in TESTS_ON_POSTGRESQL.items():
        for name in names:
            assert f"def test_{name}(" in (ROOT / path).read_text(), f"{path}: {name}"


def test_no_file_names_this_machine_or_a_registry() -> None:
    # Spelt so that this file does not find itself.
    places = rb"(?<!\w)/(?:wor[k]|roo[t]|hom[e]/\w+)/"
    registries = rb"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.|deb\.debia[n]\.org"
    unwanted = re.compile(places + rb"|" + registries)
    # Paths of pages in database fixtures begin with "/home/" too.
    files = [path for path in list_tracked_files() if path.exists() and path.suffix != ".sql"]
    found = [path.name for path in files if unwanted.search(path.read_bytes())]
    assert found == []


def test_paths_in_the_documentation_exist() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links {target}"


def test_requirements_are_hashed_and_name_no_index() -> None:
    for name in ("requirements.txt", "requirements-container.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pinned = len(re.findall(r"^[a-z0-9._-]+(?:\[[a-z0-9,._-]+\])?==", text, re.MULTILINE))
        assert pinned > 20
        assert len(re.findall(r"--hash=sha256:", text)) >= pinned
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_fonts_come_with_their_licences() -> None:
    for font in (ROOT / "static/fonts").glob("*.woff2"):
        assert "SIL OPEN FONT LICENSE" in font.with_suffix(".OFL.txt").read_text().upper()


def test_no_file_is_too_large() -> None:
    large = [
        path for path in list_tracked_files() if path.exists() and path.stat().st_size > 2_000_000
    ]
    assert large == []
