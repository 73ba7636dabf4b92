import type { HistoryStore } from './history-store.ts';

/** Takes one line out of `bytes` into the history; false when it is not an operation in the writer's own spelling. */
export type RowParser = (bytes: Buffer, start: number, end: number) => boolean;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const zero = 0x30;

/**
 * A parser for operation lines exactly as the writer spells them, several times as fast as JSON.parse: it makes
 * no object and decodes each different text once. Whatever looks unusual (escapes, spaces, exponents, damage)
 * it leaves alone and answers false; JSON.parse then decides.
 */
export function rowParser(store: HistoryStore): RowParser {
  const known = new Map<number, { bytes: Buffer; index: number }>();
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  let fine = true;

  const expect = (byte: number) => {
    if (bytes[at++] !== byte) fine = false;
  };

  const integer = (): number => {
    const begin = at;
    let value = 0;
    let digit = (bytes[at] as number) - zero;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = (bytes[++at] as number) - zero;
    }
    if (at === begin || value > Number.MAX_SAFE_INTEGER) fine = false;
    return value;
  };

  /** A number with at most three decimals: the quotient of two whole numbers is rounded as the decimal would be. */
  const time = (): number => {
    const whole = integer();
    if (bytes[at] !== 0x2e) return whole;
    const begin = ++at;
    const fraction = integer();
    const digits = at - begin;
    if (digits > 3) fine = false;
    const us = digits === 3 ? fraction : digits === 2 ? fraction * 10 : fraction * 100;
    return (whole * 1000 + us) / 1000;
  };

  const isNull = (): boolean => {
    if (bytes[at] !== 0x6e) return false;
    at++;
    expect(0x75);
    expect(0x6c);
    expect(0x6c);
    return true;
  };

  const text = (end: number): number => {
    expect(quote);
    const begin = at;
    let hash = 0;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === quote) break;
      if (byte === backslash || byte < 0x20) fine = false;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const length = at - begin;
    expect(quote);
    if (!fine) return 0;
    const found = known.get(hash);
    if (found !== undefined && found.bytes.length === length && same(found.bytes, begin)) return found.index;
    const index = store.intern(bytes.toString('utf8', begin, begin + length));
    // Of two texts with one hash the first keeps the place; the second is decoded each time.
    if (found === undefined)
      known.set(hash, { bytes: Buffer.from(bytes.subarray(begin, begin + length)), index });
    return index;
  };

  const same = (other: Buffer, begin: number): boolean => {
    for (let i = 0; i < other.length; i++) if (other[i] !== bytes[begin + i]) return false;
    return true;
  };

  const outcomeIndex = new Map([
    [store.intern('ok'), 0],
    [store.intern('fail'), 1],
    [store.intern('info'), 2],
  ]);

  return (from, start, end) => {
    bytes = from;
    at = start;
    fine = true;
    expect(0x5b);
    const client = integer();
    expect(comma);
    const f = text(end);
    expect(comma);
    const key = text(end);
    expect(comma);
    const value = isNull() ? null : integer();
    expect(comma);
    const invoked = time();
    expect(comma);
    const completed = time();
    expect(comma);
    const outcome = outcomeIndex.get(text(end));
    expect(comma);
    const node = isNull() ? 0 : text(end);
    expect(comma);
    const error = isNull() ? 0 : text(end);
    let redirects = 0;
    if (bytes[at] === comma) {
      at++;
      redirects = integer();
    }
    let redirectedBy = 0;
    if (redirects > 0 && bytes[at] === comma) {
      at++;
      redirectedBy = text(end);
    }
    expect(0x5d);
    if (!fine || at !== end || outcome === undefined || client >= store.clients.length) return false;
    store.addRow(client, f, key, value, invoked, completed, outcome, node, error, redirects, redirectedBy);
    return true;
  };
}
