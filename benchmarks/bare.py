"""The peer of benchmarks/serve.py: the same uvicorn with two routes that do the least that can be done.

    python benchmarks/bare.py FILE_WITH_ONE_ANSWER

`/multiply` multiplies as often as one evaluation with its proof has to (RFC 9497: four multiplications of a point and
one of the base) and answers as many bytes as Floodmark does. Any other path answers with the file.
"""

from __future__ import annotations

import secrets
import socket
import sys
from pathlib import Path

import rbcl
import uvicorn

SHARE = b"0" * 243  # what a share of one element is in JSON
KEY = rbcl.crypto_core_ristretto255_scalar_random()
POINTS = 4


def application(answer: bytes):
    """The two routes."""
    point = rbcl.crypto_core_ristretto255_from_hash(secrets.token_bytes(64))

    async def app(scope, receive, send):
        if scope["path"] == "/multiply":
            await receive()
            for _ in range(POINTS):
                rbcl.crypto_scalarmult_ristretto255(KEY, point)
            rbcl.crypto_scalarmult_ristretto255_base(KEY)
            body, kind = SHARE, b"application/json"
        else:
            body, kind = answer, b"application/octet-stream"
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def main() -> None:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    app = application(Path(sys.argv[1]).read_bytes())
    config = uvicorn.Config(app, http="httptools", loop="uvloop", ws="none", lifespan="off", log_config=None)
    config.access_log = False
    print(f"Listening at http://127.0.0.1:{bound.getsockname()[1]}", file=sys.stderr, flush=True)
    uvicorn.Server(config).run([bound])


if __name__ == "__main__":
    main()
