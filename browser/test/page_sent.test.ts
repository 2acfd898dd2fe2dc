import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf } from "../src/page/sent.ts";

test("a request is shown as HTTP writes it", () => {
  const text = bytesOf({
    ask: "evaluation",
    to: "https://evaluate.example.org:8443",
    method: "POST",
    path: "/v1/evaluate",
    headers: [["Content-Type", "application/json"]],
    body: '{"epoch": 1, "elements": []}',
  });
  assert.equal(
    text,
    "POST /v1/evaluate HTTP/1.1\r\nHost: evaluate.example.org:8443\r\nContent-Type: application/json\r\n\r\n" +
      '{"epoch": 1, "elements": []}',
  );
});
