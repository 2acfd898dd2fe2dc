"""Https: only who has the right certificate is asked."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from floodmark.exposure.check import ServerFailed, check

from .published import EMAIL, NOW, ROOT
from .server import serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
TODAY = datetime.now(UTC)


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
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False
        )
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
