"""docker-compose.yml is valid, hardened, and its commands run without containers too."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .bucket import NAME, run_bucket
from .cache_server import SERVER as CACHE_SERVER
from .schema_cache import copy_schema
from .server.nginx import MAIN_CONFIG, NGINX, create_certificate
from .subprocesses import ROOT, free_port

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if service["image"] == "bhp-site"}
# Of the compose specification, what this file uses, with the types that it allows there.
SERVICE_KEYS: dict[str, type | tuple[type, ...]] = {
    "build": (str, dict),
    "cap_drop": list,
    "command": (str, list),
    "depends_on": (list, dict),
    "env_file": (str, list),
    "environment": (dict, list),
    "healthcheck": dict,
    "image": str,
    "ports": list,
    "profiles": list,
    "read_only": bool,
    "restart": str,
    "security_opt": list,
    "shm_size": (str, int),
    "stop_grace_period": str,
    "tmpfs": (str, list),
    "user": str,
    "volumes": list,
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
UNITS = [*sorted((ROOT / "docs/deploy").glob("bhp-*.*"))]
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period", "disable"}


def wait_until(check: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    """Wait until `check` succeeds while `process` runs."""
    deadline = time.monotonic() + 120
    while not check():
        assert process.poll() is None, "the process has ended"
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_file_has_only_what_the_specification_knows() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"services", "volumes"}
    for name, service in SERVICES.items():
        for key, value in service.items():
            assert isinstance(value, SERVICE_KEYS[key]), f"{name}: {key}"
        assert service.get("healthcheck", {}).keys() <= HEALTH_KEYS
        for needed in service.get("depends_on", {}).values():
            assert needed["condition"] in CONDITIONS
            assert needed.keys() <= {"condition", "required"}
        assert re.fullmatch(r"bhp-site|[\w./-]+:v?\d[\w.-]*", service["image"])
        for item in service.get("environment", {}).values():
            assert isinstance(item, str), f"{name}: quote {item}"


def test_the_demonstration_needs_no_profile() -> None:
    plain = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert plain == {"web", "database", "cache"}
    for name in plain:
        for other, needed in SERVICES[name].get("depends_on", {}).items():
            assert other in plain or needed["required"] is False
    profiles = {tuple(service.get("profiles", ())) for service in SERVICES.values()}
    assert profiles == {(), ("production",)}


def test_no_service_is_root_or_changes_its_image() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"].partition(":")[0] not in ("", "0", "root"), name


def test_our_containers_get_every_variable() -> None:
    for name in OURS:
        assert SERVICES[name]["env_file"] == [{"path": ".env", "required": False}]
    # They must share what is not in .env.
    assert len({str(SERVICES[name]["environment"]) for name in OURS}) == 1
    assert {"web", "web-2", "worker"} <= OURS


def test_a_password_may_have_any_character(tmp_path: Path) -> None:
    password = "p@ss:/w%20rd?#'\"$HOME\\ é"
    given = SERVICES["web"]["environment"]
    assert (
        given["DATABASE_PASSWORD"]
        == SERVICES["database"]["environment"]["POSTGRES_PASSWORD"]
        == "${POSTGRES_PASSWORD:-site}"
    )
    show = "from bhp_site import settings as s; d = s.DATABASES['default']; "
    show += "print(d['USER'], d['HOST'], d['PASSWORD'])"
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DATABASE_PASSWORD": password}
    env |= {"DATABASE_URL": given["DATABASE_URL"], "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"site database {password}\n"


def run_service(name: str, data: Path, **variables: str) -> subprocess.Popen[bytes]:
    """Start the command of a service of ours natively, with `variables` from .env."""
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "SITE_URL": "http://127.0.0.1:8000"}
    program, *arguments = SERVICES[name]["command"]
    assert program == "python"
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=env | variables)


@pytest.mark.long
def test_the_web_container_starts_and_is_healthy(tmp_path: Path) -> None:
    """With the command and the health check of the image, and variables as behind a proxy."""
    assert "command" not in SERVICES["web"]
    image = (ROOT / "Dockerfile").read_text()
    (start,) = re.findall(r"^CMD (\[.+\])$", image, re.MULTILINE)
    (check,) = re.findall(r"^ +CMD (\[.+\])$", image, re.MULTILINE)
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    copy_schema(data / "site.sqlite3")
    given = {
        name: SERVICES["web"]["environment"][name] for name in ("BEHIND_PROXY", "STATIC_COLLECTED")
    }
    env = given | {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(data),
        "STATIC_ROOT": str(tmp_path),
        "PORT": str(free_port()),
        "SITE_URL": "https://www.bhp.test",
        "LOG_FORMAT": "json",
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        site = subprocess.Popen(
            [sys.executable, *json.loads(start)[1:]],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=output,
        )
    command = [sys.executable, *json.loads(check)[1:]]
    try:
        wait_until(lambda: subprocess.run(command, cwd=ROOT, env=env).returncode == 0, site)
        wait_until(lambda: b"Sign in as" in log.read_bytes(), site)
    finally:
        site.terminate()
        assert site.wait(60) == 0
    messages = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    assert any("https://www.bhp.test/admin/" in message for message in messages)


@pytest.mark.sampled(0)
def test_the_bucket_is_created(tmp_path: Path) -> None:
    with run_bucket() as bucket:
        bucket.client.delete_bucket(Bucket=NAME)
        url = f"s3://127.0.0.1:{bucket.port}/{NAME}?region=us-east-1&tls=0"
        secrets = {"AWS_ACCESS_KEY_ID": "site", "AWS_SECRET_ACCESS_KEY": "any/+ 'secret@"}
        for _ in range(2):
            assert run_service("bucket", tmp_path, STORAGE_URL=url, **secrets).wait(120) == 0
        assert [row["Name"] for row in bucket.client.list_buckets()["Buckets"]] == [NAME]


def test_the_worker_shows_signs_of_life(tmp_path: Path) -> None:
    copy_schema(tmp_path / "site.sqlite3")
    program, *arguments = SERVICES["worker"]["healthcheck"]["test"][1:]
    check = [sys.executable, *arguments]
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    assert program == "python"
    assert subprocess.run(check, cwd=ROOT, env=env).returncode == 1
    worker = run_service("worker", tmp_path)
    try:
        wait_until((tmp_path / "worker").exists, worker)
        assert subprocess.run(check, cwd=ROOT, env=env).returncode == 0
    finally:
        worker.terminate()
        worker.wait(60)


@pytest.mark.skipif(not CACHE_SERVER, reason="it needs valkey-server or redis-server")
def test_the_cache_server_takes_its_options(tmp_path: Path) -> None:
    port = free_port()
    options = [*SERVICES["cache"]["command"][1:], "--port", str(port), "--bind", "127.0.0.1"]
    server = subprocess.Popen([str(CACHE_SERVER), *options], cwd=tmp_path)

    def answers() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
                client.sendall(b"PING\r\n")
                return client.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    try:
        wait_until(answers, server)
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.skipif(not NGINX and not os.environ.get("CI"), reason="nginx is not installed")
def test_the_proxy_takes_its_configuration(tmp_path: Path) -> None:
    shell, option, script = SERVICES["proxy"]["command"]
    script = script.replace("$$", "$").replace("/etc/nginx/conf.d/site.conf", "site.conf")
    script = script.replace(" /site.conf", f" {ROOT}/docs/deploy/nginx.conf")
    script = script.replace("exec nginx", f"exec {NGINX} -t -p {tmp_path} -c {tmp_path}/main.conf")
    include = f"include {tmp_path}/site.conf;"
    user = "user root;" if os.getuid() == 0 else ""
    main = MAIN_CONFIG.format(server=include, user=user).replace("daemon off;", "")
    (tmp_path / "main.conf").write_text(main)
    create_certificate(tmp_path, "www.bhp.test")
    # Names of other containers, and the folder of certificates, exist only there.
    script = script.replace("/certificates/", f"{tmp_path}/")
    script = script.replace("/web:8000/", "/127.0.0.1:1/").replace("/web-2:8000/", "/127.0.0.1:2/")
    env = {"PATH": os.environ["PATH"], "SITE_URL": "https://www.bhp.test:443/"}
    done = subprocess.run(
        [shell, option, script], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "site.conf").read_text()
    assert "www.example.org" not in written
    assert "server_name www.bhp.test;" in written
    assert re.findall(r"listen .*;", written) == ["listen 8080;", "listen 8443 ssl;"]
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in written


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_what_systemd_understands(unit: Path, tmp_path: Path) -> None:
    for path in UNITS:
        # Programs and users exist only on a server.
        text = path.read_text().replace("/srv/site/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)
    name = tmp_path / unit.name.replace("@.", "@1.")
    if "@" in unit.name:
        shutil.copyfile(tmp_path / unit.name, name)
    command = ["systemd-analyze", "verify", "--man=no", "--generators=no", str(name)]
    done = subprocess.run(command, capture_output=True, text=True)
    found = [line for line in done.stderr.splitlines() if "bhp-" in line]
    assert found == []


def test_units_start_what_exists() -> None:
    for unit in (ROOT / "docs/deploy").glob("bhp-*.service"):
        command = re.search(r"^ExecStart=/srv/site/\.venv/bin/python (.+)$", unit.read_text(), re.M)
        assert command
        assert command[1].startswith(("-m bhp_site", "manage.py run_worker", "manage.py backup"))


def test_the_example_listens_on_both_protocols_of_the_internet() -> None:
    shipped = (ROOT / "docs/deploy/nginx.conf").read_text()
    for port in ("80", "443 ssl"):
        assert f"listen {port};" in shipped
        assert f"listen [::]:{port};" in shipped
    assert shipped.count("server_tokens off;") == shipped.count("server {") == 2


def test_management_commands_run_with_the_data_folder_as_home(tmp_path: Path) -> None:
    """PostgreSQL's client does not connect if it may not look into the home of root."""
    script = (ROOT / "docs/deploy/bhp-manage").read_text()
    places = {"/etc/bhp-site.env": "env", "/var/lib/bhp-site": "data", "/srv/site": "code"}
    for path, name in places.items():
        script = script.replace(path, str(tmp_path / name))
    (tmp_path / "env").write_text("EMAIL_URL='submission://user:a$b@mail.example.org:587'\n")
    programs = {
        # The user of the site, which does not exist here, is left out.
        "install": 'mkdir -m 700 "$8"',
        "setpriv": 'shift 3; echo "$HOME|$DATA_DIR|$EMAIL_URL|$PWD|$*"',
    }
    for folder in ("bin", "code"):
        (tmp_path / folder).mkdir()
    for name, body in programs.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "HOME": "/root"}
    command = ["sh", "-c", script, "bhp-manage", "restore", "/backup/site"]
    # The second time the data folder is there.
    for _ in range(2):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        data = f"{tmp_path}/data"
        url = "submission://user:a$b@mail.example.org:587"
        program = ".venv/bin/python manage.py restore /backup/site"
        assert done.stdout == f"{data}|{data}|{url}|{tmp_path}/code|{program}\n"
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
