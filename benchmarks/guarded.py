"""A no-op ASGI application for benchmarks/guard_middleware.py, bare or with the guard around it.

    python benchmarks/guarded.py bare|shadow|acting|lasting FOLDER

`bare` is the application alone. The others have GuardMiddleware around it, with the profile `signal` at five levels, an
account in a header and a phone number in each path: in shadow, acting, and acting with budgets that outlast a kill.
All have seen 400,000 lookups before.
"""

from __future__ import annotations

import gc
import random
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

import uvicorn

from floodmark.guard import Actor, Guard, GuardMiddleware, MappedLookup, Policy
from floodmark.guard.budgets import Budgets
from floodmark.guard.logs import Mapping
from floodmark.guard.reduction import Reduced
from floodmark.identifiers.digests import DigestKey

MAPPING = """
[[endpoints]]
name = "users/show"
method = "GET"
path = "/v1/users/{identifier}"
kind = "phone"
hit = {status = 200}
"""
HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"2")],
}
USED = 400_000  # lookups that a guard has seen before
BODY = {"type": "http.response.body", "body": b"ok"}


async def nothing(scope, receive, send):
    """The least that answers."""
    await send(HEAD)
    await send(BODY)


def application(side: str, folder: Path):
    """The application of one side."""
    if side == "bare":
        return nothing
    policy = replace(Policy(), shadow=side == "shadow")
    lasts = side == "lasting"
    budgets = Budgets.open(folder, policy.limits, at=time.time()) if lasts else Budgets(policy.limits)
    guard = Guard(policy, DigestKey(bytes(32)), budgets)
    _use(budgets)
    return GuardMiddleware(nothing, guard, MappedLookup(Mapping.parse(MAPPING), {"account": "x-account"}))


def _use(budgets: Budgets) -> None:
    """What a guard looks like after a while: the system gives memory as it is touched, which takes time but once."""
    draw = random.Random(1)
    for _ in range(USED // 100):
        actor = Actor(*(draw.getrandbits(64) for _ in range(8)))
        budgets.take(
            time.time(), actor, "users/show", [Reduced(draw.getrandbits(64), 1, 1) for _ in range(100)]
        )


def main() -> None:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    app = application(sys.argv[1], Path(sys.argv[2]))
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(app, http="httptools", loop="uvloop", ws="none", lifespan="off", log_config=None)
    config.access_log = False
    print(f"Listening at http://127.0.0.1:{bound.getsockname()[1]}", file=sys.stderr, flush=True)
    uvicorn.Server(config).run([bound])


if __name__ == "__main__":
    main()
