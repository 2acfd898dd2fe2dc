/** Where a server is: an https address, or http on this machine. */

import { Refusal } from "./refusal.ts";

const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;

/** The address below which `v1/` lies, without a slash at its end. */
export function baseOf(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new Refusal("bad-address", "no address");
  }
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!secure || url.username || url.password || /[?#]/.test(address)) {
    throw new Refusal("bad-address", "no https address without user name, query and fragment");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
