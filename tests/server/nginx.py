"""nginx, if installed: alone as a measure of speed, and as a proxy in front of the site."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from ..subprocesses import ROOT, free_port
from .live_server import Server

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
MAIN_CONFIG = """
daemon off; pid nginx.pid; error_log stderr; worker_processes 2; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type application/octet-stream;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  {server}
}}
"""
STATIC_CONFIG = """
sendfile on; tcp_nopush on;
server {{ listen 127.0.0.1:{port}; root {root}; location = /healthz {{ return 200; }} }}
"""


def start(folder: Path, server: str, port: int) -> Server:
    """Start nginx with the `server` block in `folder`."""
    assert NGINX
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN_CONFIG.format(server=server, user=user))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return Server(command, port, folder / "nginx.log")


def create_certificate(folder: Path, name: str) -> None:
    """Write `fullchain.pem` for the host `name`, signed by itself, and `privkey.pem`."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"]
    files = ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run([*command, *files], cwd=folder, check=True, capture_output=True)


def start_static(root: Path) -> Server:
    """Start an nginx that only serves the files in `root`."""
    port = free_port()
    return start(root, STATIC_CONFIG.format(port=port, root=root), port)


def start_proxy(site: Server) -> Server:
    """Start an nginx with docs/deploy/nginx.conf, without TLS, in front of `site`."""
    folder, port = site.log.parent, free_port()
    shipped = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    shipped = re.sub(r"ssl_.*;|server 10\.0\.0\.12.*;|listen \[::\].*;", "", shipped)
    for name, here in {
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "listen 443 ssl": f"listen 127.0.0.1:{port}",
        "www.example.org": "localhost",
        "10.0.0.11:8000": f"127.0.0.1:{site.port}",
    }.items():
        assert name in shipped
        shipped = shipped.replace(name, here)
    return start(folder, shipped, port)
