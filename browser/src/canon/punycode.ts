/** Punycode (RFC 3492), as strict as Python's codec. */

const [BASE, LEAST, MOST, SKEW, DAMP, FIRST_BIAS, FIRST_POINT] = [36, 1, 26, 38, 700, 72, 0x80];
const LAST_POINT = 0x10ffff;

/** @param label of mapped characters, at least one of them beyond ASCII */
export function encode(label: string): string {
  const points = Array.from(label, (one) => one.codePointAt(0)!);
  const basic = points.filter((one) => one < FIRST_POINT);
  let text = String.fromCodePoint(...basic) + (basic.length ? "-" : "");
  let [delta, bias, done] = [0, FIRST_BIAS, basic.length];
  for (let point = FIRST_POINT; done < points.length; point++) {
    const next = points.reduce((least, one) => (one >= point ? Math.min(least, one) : least), Infinity);
    delta += (next - point) * (done + 1);
    point = next;
    for (const one of points) {
      if (one < point) delta++;
      if (one !== point) continue;
      text += digits(delta, bias);
      bias = adapted(delta, done + 1, done === basic.length);
      delta = 0;
      done++;
    }
    delta++;
  }
  return text;
}

/** @param text behind `xn--`, in lower case; null where it is not Punycode */
export function decode(text: string): string | null {
  const cut = text.lastIndexOf("-");
  const points = Array.from(text.slice(0, Math.max(cut, 0)), (one) => one.codePointAt(0)!);
  let [point, position, bias, at] = [FIRST_POINT, -1, FIRST_BIAS, cut + 1];
  for (let first = true; at < text.length; first = false) {
    let [delta, weight] = [0, 1];
    for (let step = BASE; ; step += BASE) {
      const digit = value(text.charCodeAt(at++));
      // A delta beyond every code point stays beyond, however the text goes on.
      if (digit < 0 || delta > Number.MAX_SAFE_INTEGER / BASE) return null;
      delta += digit * weight;
      const limit = threshold(step, bias);
      if (digit < limit) break;
      weight *= BASE - limit;
    }
    position += delta + 1;
    point += Math.floor(position / (points.length + 1));
    if (point > LAST_POINT) return null;
    position %= points.length + 1;
    points.splice(position, 0, point);
    bias = adapted(delta, points.length, first);
  }
  return String.fromCodePoint(...points);
}

function digits(delta: number, bias: number): string {
  let [text, rest] = ["", delta];
  for (let step = BASE; ; step += BASE) {
    const limit = threshold(step, bias);
    if (rest < limit) return text + digit(rest);
    text += digit(limit + ((rest - limit) % (BASE - limit)));
    rest = Math.floor((rest - limit) / (BASE - limit));
  }
}

function threshold(step: number, bias: number): number {
  return Math.min(MOST, Math.max(LEAST, step - bias));
}

function adapted(delta: number, count: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / count);
  let steps = 0;
  for (; rest > ((BASE - LEAST) * MOST) / 2; steps += BASE) rest = Math.floor(rest / (BASE - LEAST));
  return steps + Math.floor((BASE * rest) / (rest + SKEW));
}

function digit(number: number): string {
  return "abcdefghijklmnopqrstuvwxyz0123456789".charAt(number);
}

/** Of a digit's character code, -1 of another's and of NaN behind the end. */
function value(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 26 : -1;
}
