"""Mail goes out through a real mail server, over TLS, and a failure says nothing of the recipient."""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.notices.sending import Message, NotSent, PerhapsSent, SmtpSender
from floodmark.notices.sending.mail import canonical_address, mail, mailbox

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

CODE = Message("Your code", "Here it is:\n\n    K7QM-3XRP\n.\nÖ\n")
ADA = "ada@example.org"
LONG = 60.0  # seconds after which a test has failed


class Box:
    """A handler that keeps what it takes, and answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.drop_at = ""
        self.has_it: Callable[[], object] = lambda: None

    def _answer(self, server: SMTP, step: str, usual: str) -> str:
        if step == self.drop_at:
            assert server.transport is not None
            server.transport.abort()
        return self.answers.get(step, usual)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  # aiosmtpd's name
        envelope.mail_from = address
        envelope.mail_options = options
        return self._answer(server, "MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # aiosmtpd's name
        envelope.rcpt_tos.append(address)
        return self._answer(server, "RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd's name
        if self.answers.get("DATA") == "never":
            self.has_it()
            await asyncio.sleep(30)
        self.taken.append(envelope)
        return self._answer(server, "DATA", "250 taken")

    def only(self) -> email.message.EmailMessage:
        [envelope] = self.taken
        return email.message_from_string(envelope.content.decode(), policy=email.policy.SMTPUTF8)


class OnAnyPort(Controller):
    """A mail server in a thread, on a port that the system chooses."""

    def _create_server(self):
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listening, ssl=self.ssl_context)

    def close(self) -> None:
        """Ends when every connection has: a handshake that fails is still being ended when the client has left."""

        async def closing() -> None:
            closed = asyncio.ensure_future(self.server.wait_closed())
            await asyncio.sleep(
                0
            )  # Python 3.11 waits for connections only where the waiting began before the close
            self.server.close()
            await closed

        asyncio.run_coroutine_threadsafe(closing(), self.loop).result(30)
        self.stop(no_assert=True)


@contextmanager
def serving(box: Box, **settings: object) -> Iterator[int]:
    """A mail server on this machine; its port."""
    controller = OnAnyPort(box, hostname="127.0.0.1", ready_timeout=LONG, **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.close()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does what `talk` does with the first connection, and nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(LONG)

        def serve() -> None:
            with suppress(OSError):  # from a client that has left, or never came
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(LONG)
                    talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)  # whoever has not come by now does not come
            thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1 that nobody else signed, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def tls(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def plain(port: int, **settings: object) -> SmtpSender:
    return SmtpSender(
        "127.0.0.1",
        "notices@example.org",
        "Example CERT",
        port=port,
        tls="none",
        **({"time_out": LONG} | settings),
    )


def test_the_message_arrives_with_its_headers_and_every_line_of_its_text():
    box = Box()
    with serving(box) as port:
        plain(port).send(ADA, CODE)
    [envelope] = box.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("notices@example.org", [ADA])
    message = box.only()
    assert message["From"] == "Example CERT <notices@example.org>"
    assert message["To"] == ADA
    assert message["Subject"] == "Your code"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")
    assert abs(message["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=5)
    assert message.get_content().replace("\r\n", "\n") == CODE.text


def test_nothing_names_this_machine(monkeypatch):
    for name in ("gethostname", "getfqdn"):  # its own name may be so short that it stands in any text
        monkeypatch.setattr(socket, name, lambda *of: "quagmire.example.net")
    box = Box()
    with serving(box) as port:
        plain(port).send(ADA, CODE)
    [envelope] = box.taken
    assert b"quagmire" not in envelope.content


def test_starttls_and_log_in(tls, certificate):
    box, seen = Box(), []

    def log_in(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=True)

    with serving(
        box, tls_context=tls, require_starttls=True, authenticator=log_in, auth_required=True
    ) as port:
        sender = SmtpSender(
            "127.0.0.1",
            "notices@example.org",
            "Example CERT",
            port=port,
            user="notices",
            password="pässword".encode(),
            ca=certificate,
        )
        sender.send(ADA, CODE)
    assert len(box.taken) == 1
    assert seen == [(b"notices", "pässword".encode(), True)]
    assert "ssword" not in repr(sender)


def test_tls_from_the_first_byte(tls, certificate):
    box = Box()
    with serving(box, ssl_context=tls) as port:
        SmtpSender(
            "127.0.0.1", "notices@example.org", "Example CERT", port=port, tls="tls", ca=certificate
        ).send(ADA, CODE)
    assert len(box.taken) == 1


def test_on_this_machine_a_certificate_need_not_be_known(tls):
    box = Box()
    with serving(box, tls_context=tls) as port:
        SmtpSender("127.0.0.1", "notices@example.org", "Example CERT", port=port).send(ADA, CODE)
    assert len(box.taken) == 1


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_certificate_that_stems_from_nobody_trusted_is_refused(tls, tmp_path, how):
    other = tmp_path / "other.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another authority")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(2).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    other.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    box = Box()
    with serving(box, **({"tls_context": tls} if how == "starttls" else {"ssl_context": tls})) as port:
        sender = SmtpSender("127.0.0.1", "notices@example.org", "Example CERT", port=port, tls=how, ca=other)
        with pytest.raises(NotSent, match="certificate is not trusted"):
            sender.send(ADA, CODE)
    assert not box.taken


def test_a_server_without_starttls_gets_nothing():
    box = Box()
    with serving(box) as port:
        sender = SmtpSender("127.0.0.1", "notices@example.org", "Example CERT", port=port)
        with pytest.raises(NotSent, match="STARTTLS"):
            sender.send(ADA, CODE)
    assert not box.taken


def test_a_wrong_password_is_said_with_the_number_alone(tls):
    def refuse(server, session, envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        return AuthResult(success=False, handled=False, message="535 5.7.8 no such user as secret-name")

    with serving(Box(), tls_context=tls, authenticator=refuse) as port:
        sender = SmtpSender(
            "127.0.0.1", "notices@example.org", "CERT", port=port, user="secret-name", password=b"wrong"
        )
        with pytest.raises(NotSent) as raised:
            sender.send(ADA, CODE)
    assert "refused the user or the password (535)" in raised.value.message
    assert "secret-name" not in raised.value.message


@pytest.mark.parametrize(
    ("step", "answer", "words"),
    [
        ("MAIL", f"550 5.7.1 not for {ADA}", "refused the address that the mail comes from (550)"),
        ("RCPT", f"550 5.1.1 <{ADA}>: no such user", "refused the recipient (550)"),
        ("RCPT", f"450 4.2.1 <{ADA}>: come back later", "refused the recipient (450)"),
        ("DATA", f"554 5.7.1 {ADA} gets no spam", "refused the message (554)"),
    ],
)
def test_a_refusal_is_certain_and_says_nothing_of_the_recipient(step, answer, words, caplog):
    caplog.set_level(logging.DEBUG, logger="floodmark")
    box = Box()
    box.answers[step] = answer
    with serving(box) as port, pytest.raises(NotSent) as raised:
        plain(port).send(ADA, CODE)
    assert raised.value.message == f"The mail server {words}."
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert "ada" not in shown
    assert raised.value.__cause__ is None and raised.value.__context__ is None
    assert not [record for record in caplog.records if record.name.startswith(("floodmark", "aiosmtplib"))]


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_connection_that_breaks_before_the_message_sent_nothing(step):
    box = Box()
    box.drop_at = step
    with serving(box) as port, pytest.raises(NotSent):
        plain(port).send(ADA, CODE)


def test_a_connection_that_breaks_with_the_message_may_have_sent_it():
    box = Box()
    box.drop_at = "DATA"
    with serving(box) as port, pytest.raises(PerhapsSent) as raised:
        plain(port).send(ADA, CODE)
    assert raised.value.__context__ is None
    assert len(box.taken) == 1  # it did


def test_a_server_that_never_says_that_it_took_the_message_may_have(monkeypatch):
    box, timeout = Box(), asyncio.timeout
    box.answers["DATA"] = "never"

    def over_when_it_has_it(seconds):
        made, loop = timeout(seconds), asyncio.get_running_loop()
        box.has_it = lambda: loop.call_soon_threadsafe(lambda: made.reschedule(loop.time()))
        return made

    monkeypatch.setattr(asyncio, "timeout", over_when_it_has_it)
    with serving(box) as port, pytest.raises(PerhapsSent):
        plain(port).send(ADA, CODE)


def silent(connection: socket.socket) -> None:
    connection.recv(1)  # until the client gives up


def trickling(connection: socket.socket) -> None:
    """A greeting of which there is always one more line: no single wait ever takes long."""
    while True:  # until the client gives up
        connection.sendall(b"220-still there\r\n")
        threading.Event().wait(0.05)


@pytest.mark.parametrize("talk", [silent, trickling])
def test_a_server_that_hangs_is_given_up(talk):
    with talking(talk) as port, pytest.raises(NotSent, match=r"in time|could not be reached"):
        plain(port, time_out=0.5).send(ADA, CODE)


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"554 go away, ada@example.org\r\n",
        b"\x00\xff\r\n",
        b"999999 \r\n",
        b"2" * 100_000,
        b"220\r\n\r\n",
    ],
)
def test_a_server_that_is_none_sends_nothing(greeting):
    def talk(connection: socket.socket) -> None:
        connection.sendall(greeting)

    with talking(talk) as port, pytest.raises(NotSent) as raised:
        plain(port, time_out=2.0).send(ADA, CODE)
    assert "ada" not in raised.value.message


def test_where_nobody_listens_nothing_is_sent():
    with socket.socket() as taken:  # so that nobody else listens there either
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent, match="could not be reached"):
            plain(taken.getsockname()[1]).send(ADA, CODE)


def test_a_name_that_does_not_resolve_is_a_server_that_cannot_be_reached():
    sender = SmtpSender("a" * 70 + ".invalid", "notices@example.org", "Example CERT")  # no label is that long
    with pytest.raises(NotSent, match="could not be reached"):
        sender.send(ADA, CODE)


def test_a_local_part_in_any_script_needs_smtputf8():
    box = Box()
    to = "名前@xn--bcher-kva.example"
    with serving(box, enable_SMTPUTF8=True) as port:
        plain(port).send(to, CODE)
    assert box.taken[0].rcpt_tos == [to]
    assert "SMTPUTF8" in box.taken[0].mail_options
    assert box.only()["To"].addresses[0].addr_spec == to
    assert box.only().get_content().replace("\r\n", "\n") == CODE.text
    with serving(box, enable_SMTPUTF8=False) as port, pytest.raises(NotSent, match="SMTPUTF8"):
        plain(port).send(to, CODE)


@pytest.mark.parametrize("to", ["a..b@example.org", ".a@example.org", "a.@example.org"])
def test_dots_that_only_a_quoted_local_part_may_have_are_quoted(to):
    box = Box()
    with serving(box) as port:
        plain(port).send(to, CODE)
    local, _, domain = to.rpartition("@")
    assert mailbox(to) == f'"{local}"@{domain}'
    assert box.taken[0].rcpt_tos == [to]  # this server takes the quotes off
    assert box.only()["To"].addresses[0].username == local


@pytest.mark.parametrize(
    "to",
    [
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org> SIZE=1",
        "ada@example.org, eve@example.org",
        "Ada <ada@example.org>",
        "ada@bücher.example",
        "ADA@example.org",
        "ada",
        "",
    ],
)
def test_what_is_not_in_canonical_form_goes_nowhere(to):
    with pytest.raises(NotSent, match="canonical form"):
        plain(9).send(to, CODE)


@given(st.text(max_size=20), st.sampled_from('ab\r\n\t <>,;:"()[]\\|`.%!é\u2028\u0085\x00') | st.characters())
@settings(max_examples=200)
def test_no_address_smuggles_a_header_in(text, character):
    form = canonical_address(f"{text}{character}{text}@example.org")
    if form is None:
        return
    raw = mail(form, "notices@example.org", "Example CERT", Message("Your code", "K7QM-3XRP\n"))
    head, _, body = raw.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        *(b"From To Subject Date Message-ID Auto-Submitted Content-Type".split()),
        b"Content-Transfer-Encoding",
        b"MIME-Version",
    ]
    assert body == b"K7QM-3XRP\r\n"
    parsed = email.message_from_string(raw.decode(), policy=email.policy.SMTPUTF8)
    [address] = parsed["To"].addresses
    assert f"{address.username}@{address.domain}" == form


@pytest.mark.parametrize(
    ("host", "changed", "words"),
    [
        ("mail.example.org", {"tls": "none"}, "unencrypted"),
        ("127.0.0.1.example.org", {"tls": "none"}, "unencrypted"),
        ("mail example org", {}, "name of the mail server"),
        ("mail.example.org\r\n", {}, "name of the mail server"),
        ("", {}, "name of the mail server"),
        ("localhost", {"sender": "Example CERT <notices@example.org>"}, "comes from"),
        ("localhost", {"sender": "a@example.org\nBcc: b@example.org"}, "comes from"),
        ("localhost", {"name": "Example\r\nBcc: eve@example.org"}, "one line"),
        ("localhost", {"user": "notices"}, "user and a password"),
        ("localhost", {"password": b"secret"}, "user and a password"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_once(host, changed, words):
    with pytest.raises(UsageError, match=words):
        SmtpSender(host, **({"sender": "notices@example.org", "name": "Example CERT"} | changed))


def test_a_sender_in_another_form_is_brought_to_the_canonical_one():
    assert SmtpSender("localhost", "Notices@Bücher.example", "CERT").sender == "notices@xn--bcher-kva.example"


def test_a_file_of_certificates_that_is_none_is_said(tmp_path):
    (tmp_path / "none.pem").write_text("no certificate")
    for name in ("none.pem", "missing.pem"):
        sender = SmtpSender("127.0.0.1", "notices@example.org", "CERT", port=9, ca=tmp_path / name)
        with pytest.raises(NotSent, match="certificates cannot be read"):
            sender.send(ADA, CODE)
