"""Which servers' certificates are believed: those that stem from whom the environment, or else Mozilla, trusts.

`SSL_CERT_FILE` names a file of certificates, and `SSL_CERT_DIR` folders of them, as for any program that uses OpenSSL.
The secrets of a connection are written nowhere, whatever `SSLKEYLOGFILE` says.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import ClassVar

import httpx

from floodmark.errors import UsageError

FILE, FOLDERS, SECRETS = "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"


class BadCertificates(UsageError):
    """A variable of the environment names certificates that cannot be read; nothing was sent."""

    slug: ClassVar[str] = "bad-certificates"
    hint = "Name a file of certificates in PEM form, or a folder of them; or take the variable away."


def verifying() -> ssl.SSLContext:
    """A context that connects to nobody but who has a certificate for the very name that was asked for.

    Raises:
        BadCertificates: the environment names certificates that cannot be read.

    Examples:
        >>> context = verifying()
        >>> context.verify_mode.name, context.check_hostname, context.keylog_filename
        ('CERT_REQUIRED', True, None)
    """
    file, folders = os.environ.get(FILE), os.environ.get(FOLDERS)
    # OpenSSL looks into folders when it needs to, and says nothing of one that is not there.
    if folders and not file and not any(Path(one).is_dir() for one in folders.split(os.pathsep)):
        raise _unreadable(FOLDERS)
    try:
        context = httpx.create_ssl_context()
    except OSError:  # of which ssl.SSLError is one; neither says which file
        raise _unreadable(*(name for name in (FILE, FOLDERS, SECRETS) if os.environ.get(name))) from None
    # Python's default context, on which httpx builds, heeds SSLKEYLOGFILE; None ends that (typeshed knows str alone).
    context.keylog_filename = None  # type: ignore[assignment]
    return context


def _unreadable(*names: str) -> BadCertificates:
    what = f"what {' or '.join(names)} names" if names else "the certificates of the package certifi"
    return BadCertificates(f"TLS cannot be set up with {what}.")
