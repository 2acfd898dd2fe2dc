/** The page `/`: from what somebody types to what was found, with nothing loaded once that is known. */

import { check, type Checked } from "../protocol/check.ts";
import { capable } from "./capable.ts";
import { pageData, type PageData } from "./data.ts";
import { byId, shown } from "./dom.ts";
import { Progress } from "./progress.ts";
import { showRefusal } from "./refusal.ts";
import { showResult } from "./result.ts";
import type { Asking } from "./sent.ts";
import { Typed, type AskedHere } from "./typed.ts";
import { Words } from "./words.ts";

function start(data: PageData): void {
  const words = new Words(data.locale);
  const announce = (text: string) => (byId("announcer").textContent = text);
  const typed = new Typed(data, announce, forget);
  const source = data.source ?? location.origin;
  const servers = { source, evaluator: data.evaluator ?? location.origin };
  let running: AbortController | null = null;
  let seen: Checked["snapshot"] | undefined;
  /** What was asked about and failed, and its buckets: a server that fails on purpose is to learn nothing by it. */
  let failed: { readonly data: string; readonly drawn: readonly number[] } | null = null;

  async function run(one: AskedHere): Promise<void> {
    const stopping = (running = new AbortController());
    busy(true);
    const progress = new Progress(data, words, announce);
    const identifier = one.data.join();
    const asking: Asking = { kind: one.kind, shown: one.shown, national: one.national, ...servers };
    try {
      const checked = await check({
        ...servers,
        rootKey: bytes(data.rootKey),
        data: one.data,
        seen,
        drawn: failed?.data === identifier ? failed.drawn : undefined,
        onDraw: (drawn) => {
          if (running === stopping) failed = { data: identifier, drawn };
        },
        signal: stopping.signal,
        onSend: (sent) => progress.sent(sent),
      });
      if (running !== stopping) return; // the page was left meanwhile
      seen = checked.snapshot;
      failed = null;
      showResult(checked, asking, data, words, again);
    } catch (error) {
      if (running === stopping) showRefusal(error, data, words);
    } finally {
      if (running === stopping) {
        running = null;
        progress.end();
        busy(false);
        announce("");
      }
    }
  }

  function submit(): void {
    if (running !== null) return;
    forget();
    const one = typed.asked();
    if (one !== null) void run(one);
  }

  function again(): void {
    forget();
    typed.clear();
    typed.focus();
  }

  /** Take the last answer from the screen: it is not one to what is typed now. */
  function forget(): void {
    byId("result").replaceChildren();
    shown(byId("result"), false);
    shown(byId("refusal"), false);
  }

  function busy(is: boolean): void {
    typed.busy = is;
    byId("check").setAttribute("aria-busy", String(is));
    byId<HTMLButtonElement>("go").setAttribute("aria-disabled", String(is));
    shown(byId("stop"), is);
  }

  byId("check").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  byId("retry").addEventListener("click", submit);
  byId("stop").addEventListener("click", () => running?.abort());
  addEventListener("beforeprint", () => {
    for (const one of byId("result").querySelectorAll<HTMLDetailsElement>(".advice details")) one.open = true;
  });
  // Somebody else may come to this device and go back to this page: it is to be found as it was before anything was typed.
  addEventListener("pagehide", () => {
    running?.abort();
    running = null;
    shown(byId("progress"), false);
    busy(false);
    failed = null;
    forget();
    typed.reset();
  });
  byId<HTMLFieldSetElement>("fields").disabled = false;
  byId("check").dataset["ready"] = "";
}

function bytes(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

if (capable()) start(pageData()); // else the page says by itself that this browser is too old
