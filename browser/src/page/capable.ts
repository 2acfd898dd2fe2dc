/** Whether this browser has all that a check needs, its answer included: else nothing is to be sent. */

/** Parts of a browser by the name of what holds them; all have been there since the browsers that the check is made for. */
const NEEDED: readonly (readonly [string, string])[] = [
  ["", "AbortController"],
  ["", "BigInt"],
  ["", "ReadableStream"],
  ["", "fetch"],
  ["Intl", "ListFormat"],
  ["Intl", "PluralRules"],
  ["Intl", "NumberFormat"],
  ["Intl", "DateTimeFormat"],
  ["Array.prototype", "at"],
  ["Element.prototype", "replaceChildren"],
  ["Object", "hasOwn"],
  ["String.prototype", "replaceAll"],
  ["crypto", "getRandomValues"],
];

/** @param there - the global object */
export function capable(there: object = globalThis): boolean {
  return NEEDED.every(([holder, name]) => {
    const path = [...holder.split("."), name].filter((part) => part !== "");
    return path.reduce<unknown>((whole, part) => (whole as Record<string, unknown> | undefined)?.[part], there) !== undefined;
  });
}
