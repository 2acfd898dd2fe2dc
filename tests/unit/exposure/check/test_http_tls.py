"""Https: only who has the right certificate is asked."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from floodmark.exposure.check import BadCertificates, HttpSource, ServerFailed, check
from floodmark.exposure.check.certificates import verifying

from .published import EMAIL, NOW, ROOT
from .server import serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
TODAY = datetime.now(UTC)


def subject(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def certificate(folder, host="127.0.0.1", until=TODAY + timedelta(days=1)):
    """A self-signed certificate for a host, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made up")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY - timedelta(days=2))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([subject(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    (folder / "trusted.pem").write_bytes(made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def asked(server):
    return check(EMAIL, source=server.address, root_key=ROOT.public, clock=lambda: NOW)


def test_a_certificate_that_the_environment_trusts_is_accepted(published, tmp_path, monkeypatch):
    with serving(published, tls=certificate(tmp_path)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        assert asked(server).found
        assert len(server.requests) == 6


@pytest.mark.parametrize("wrong", ["untrusted", "for another host", "expired"])
def test_any_other_certificate_is_refused_before_anything_is_asked(published, tmp_path, monkeypatch, wrong):
    host = "127.0.0.2" if wrong == "for another host" else "127.0.0.1"
    until = TODAY - timedelta(days=1) if wrong == "expired" else TODAY + timedelta(days=1)
    with serving(published, tls=certificate(tmp_path, host, until)) as server:
        if wrong != "untrusted":
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        with pytest.raises(ServerFailed) as refused:
            asked(server)
        assert "certificate" in refused.value.message
        assert server.requests == []


NAME = "check.example.org"


@pytest.fixture
def named(monkeypatch):
    """A name that is no loopback name, of a server on this machine: what a client knows of it is that of a far one."""
    resolve = socket.getaddrinfo

    def resolved(host, *rest, **options):
        known = (NAME, NAME.encode())
        return resolve("127.0.0.1" if host in known else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)

    def address(server):
        return server.address.replace("127.0.0.1", NAME)

    return address


def test_a_server_elsewhere_is_asked_when_its_certificate_is_for_its_name(
    published, tmp_path, monkeypatch, named
):
    with serving(published, tls=certificate(tmp_path, NAME)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        assert check(EMAIL, source=named(server), root_key=ROOT.public, clock=lambda: NOW).found
        assert len(server.requests) == 6


@pytest.mark.parametrize("wrong", ["untrusted", "for another name", "for its number alone", "expired"])
def test_a_server_elsewhere_is_asked_nothing_with_any_other_certificate(
    published, tmp_path, monkeypatch, named, wrong
):
    host = {"for another name": "other.example.org", "for its number alone": "127.0.0.1"}.get(wrong, NAME)
    until = TODAY + timedelta(days=-1 if wrong == "expired" else 1)
    with serving(published, tls=certificate(tmp_path, host, until)) as server:
        if wrong != "untrusted":
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        with pytest.raises(ServerFailed) as refused:
            check(EMAIL, source=named(server), root_key=ROOT.public, clock=lambda: NOW)
        assert "certificate" in refused.value.message
        assert server.requests == []


@pytest.mark.parametrize("proxied", [False, True])
@pytest.mark.parametrize("address", [f"https://{NAME}", "https://127.0.0.1:1", "http://127.0.0.1:1"])
def test_every_way_to_a_server_verifies_by_one_context(monkeypatch, address, proxied):
    made = []

    def kept():
        made.append(verifying())
        return made[-1]

    monkeypatch.setattr("floodmark.exposure.check.bounded.verifying", kept)
    if proxied:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with closing(HttpSource(address)) as source:
        client = source._source._server._client
        ways = [client._transport, *filter(None, client._mounts.values())]
        assert [way._pool._ssl_context for way in ways] == made * len(ways)
        assert len(ways) == 1 + (proxied and NAME in address)
    assert [(one.verify_mode, one.check_hostname) for one in made] == [(ssl.CERT_REQUIRED, True)]


@pytest.mark.parametrize("address", [f"https://{NAME}", "http://127.0.0.1:1"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("SSL_CERT_FILE", None),
        ("SSL_CERT_FILE", b""),
        ("SSL_CERT_FILE", b"ada@example.org\n"),
        ("SSL_CERT_FILE", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("SSL_CERT_DIR", None),
        ("SSL_CERT_DIR", b""),
    ],
)
def test_certificates_that_cannot_be_read_are_said_with_the_variable_that_names_them(
    tmp_path, monkeypatch, address, name, content
):
    path = tmp_path / "certificates"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(name, str(path))
    with pytest.raises(BadCertificates) as refused:
        HttpSource(address)
    assert (refused.value.exit_code, name in refused.value.message) == (2, True)
    assert str(path) not in refused.value.message + refused.value.hint


def test_a_file_for_secrets_that_cannot_be_opened_is_said_with_its_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "absent" / "secrets"))
    with pytest.raises(BadCertificates, match="what SSLKEYLOGFILE names"):
        verifying()


def test_a_folder_of_certificates_is_read_among_others_that_are_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_DIR", os.pathsep.join([str(tmp_path / "absent"), str(tmp_path)]))
    assert verifying().verify_mode == ssl.CERT_REQUIRED


def test_the_secrets_of_a_connection_are_written_nowhere(published, tmp_path, monkeypatch):
    log = tmp_path / "secrets"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    with serving(published, tls=certificate(tmp_path)) as server:
        assert asked(server).found
    assert [line for line in log.read_bytes().splitlines() if not line.startswith(b"#")] == []
