"""nginx with a configuration of examples/nginx, at ports and with files of a test."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from .certificates import certificate

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "nginx"
NEEDED = "the tests of examples/nginx need nginx: tools/setup-system installs it"
MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;  # as Debian's nginx.conf has one, which the example has to switch off
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


Made = TypeVar("Made")


@dataclass(frozen=True)
class Nginx:
    """nginx that runs.

    Attributes:
        address: of the site, https.
        plain: of the one that sends people there, http.
        certificate: file with its certificate.
        folder: with its logs.
    """

    address: str
    plain: str
    certificate: Path
    folder: Path


def free_port() -> int:
    """A port of this machine at which nobody listens now; somebody may before we do."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def program() -> str:
    """Where nginx is, which for others than root is in no path on Debian."""
    found = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.fail(NEEDED)
    return found


def substituted(text: str, places: dict[str, str]) -> str:
    """A configuration with other ports and paths; each has to be there."""
    for there, instead in places.items():
        text, times = re.subn(there, instead, text)
        assert times, f"the example has no {there}"
    return text


def configured(name: str, folder: Path, public: Path, upstream: str | None) -> Nginx:
    """Write the configuration, and all that it needs, to a folder."""
    public_key, private_key = certificate(folder)
    tls, plain = free_port(), free_port()
    places = {
        r"listen \[::\]:.*": "",
        r"listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        r"ssl_certificate  .*": f"ssl_certificate {public_key};",
        r"ssl_certificate_key .*": f"ssl_certificate_key {private_key};",
        r"/var/log/nginx": str(folder),
        r"/srv/floodmark/public": str(public),
        r"(leaks|buckets)\.example\.org": f"127.0.0.1:{tls}",
    }
    if upstream is not None:
        places |= {
            r"listen 80;": f"listen 127.0.0.1:{plain};",
            r"127\.0\.0\.1:8080": upstream.removeprefix("http://"),
        }
    site = substituted((EXAMPLES / name).read_text(), places)
    # A server's name has no port; the address to which plain HTTP leads has.
    (folder / "site.conf").write_text(re.sub(r"(server_name 127\.0\.0\.1):\d+", r"\1", site))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    return Nginx(f"https://127.0.0.1:{tls}", f"http://127.0.0.1:{plain}", public_key, folder)


def accepted(found: Nginx) -> str:
    """What nginx says of the configuration; nothing when it is content."""
    command = [program(), "-t", "-q", "-p", str(found.folder), "-c", str(found.folder / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else done.stderr and f"warned: {done.stderr}"


@contextmanager
def running(name: str, folder: Path, public: Path, upstream: str | None = None) -> Iterator[Nginx]:
    """nginx with this example, for as long as the block runs.

    Args:
        name: of the file in examples/nginx.
        folder: for everything that it writes.
        public: what was published.
        upstream: address of the server behind it.
    """
    with started(folder, lambda: configured(name, folder, public, upstream)) as found:
        yield found


@contextmanager
def started(folder: Path, configure: Callable[[], Made]) -> Iterator[Made]:
    """nginx in a folder, for as long as the block runs.

    Args:
        folder: where nginx.conf is, which puts nginx.pid and error.log there.
        configure: writes it, with other ports each time; done again where somebody has taken one of them meanwhile.
    """
    while True:
        made = configure()
        process = subprocess.Popen([program(), "-p", str(folder), "-c", str(folder / "nginx.conf")])
        if _listens(process, folder):
            break
    try:
        yield made
    finally:
        process.terminate()
        process.wait(timeout=60)


def _listens(process: subprocess.Popen[bytes], folder: Path) -> bool:
    """Whether nginx comes to listen at its ports; then it writes its number down. Else they were another's."""
    number, log = folder / "nginx.pid", folder / "error.log"
    while not (number.exists() and number.read_text()):
        if process.poll() is not None:
            said = log.read_text()
            assert "Address already in use" in said, said
            log.unlink()
            return False
        time.sleep(0.02)
    return True
