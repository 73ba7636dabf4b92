/**
 * Some bits for each of very many ids (whole numbers up to 2^53). Ids come in runs, so the bits of 32
 * neighbours share a page, and pages are found by a hash of their number: a run of ids costs about a byte each,
 * scattered ones about 50. (A JavaScript Set ends at 2^24 entries and takes ten times as long.)
 */
export interface IdFlags {
  /** The bits of an id; 0 when none were set. */
  get(id: number): number;
  /** Sets bits, and returns those that were set before. Throws RangeError on anything but a whole number up to 2^53. */
  add(id: number, bits: number): number;
  /** Calls back for every id that has bits, in no particular order. */
  forEach(each: (id: number, bits: number) => void): void;
}

const pageBits = 5;
const pageSize = 1 << pageBits;

export function idFlags(): IdFlags {
  let flags = new Uint8Array(64 * pageSize);
  let pageNumbers = new Float64Array(64);
  /** Page index + 1 by hash, 0 where free. Twice as large as the number of pages at least. */
  let table = new Uint32Array(128);
  let pages = 0;

  /** The slot of the table that holds this page, or the free one where it belongs. */
  const slotOf = (page: number): number => {
    const mask = table.length - 1;
    let slot = hash(page) & mask;
    for (;;) {
      const entry = table[slot] as number;
      if (entry === 0 || pageNumbers[entry - 1] === page) return slot;
      slot = (slot + 1) & mask;
    }
  };

  const grow = () => {
    flags = larger(flags, new Uint8Array(flags.length * 2));
    pageNumbers = larger(pageNumbers, new Float64Array(pageNumbers.length * 2));
    table = new Uint32Array(table.length * 2);
    for (let i = 0; i < pages; i++) table[slotOf(pageNumbers[i] as number)] = i + 1;
  };

  return {
    get(id) {
      const page = Math.floor(id / pageSize);
      const entry = table[slotOf(page)] as number;
      return entry === 0 ? 0 : (flags[(entry - 1) * pageSize + (id - page * pageSize)] as number);
    },
    add(id, bits) {
      if (!Number.isSafeInteger(id) || id < 0)
        throw new RangeError(`expected an id from 0 to 2^53 - 1, got ${id}`);
      const page = Math.floor(id / pageSize);
      let slot = slotOf(page);
      if (table[slot] === 0) {
        if (pages === pageNumbers.length) {
          grow();
          slot = slotOf(page);
        }
        pageNumbers[pages] = page;
        table[slot] = ++pages;
      }
      const at = ((table[slot] as number) - 1) * pageSize + (id - page * pageSize);
      const before = flags[at] as number;
      flags[at] = before | bits;
      return before;
    },
    forEach(each) {
      for (let at = 0; at < pages * pageSize; at++) {
        const bits = flags[at] as number;
        if (bits !== 0)
          each((pageNumbers[at >>> pageBits] as number) * pageSize + (at & (pageSize - 1)), bits);
      }
    },
  };
}

/** Spreads neighbouring page numbers over the table (the finaliser of MurmurHash3). */
function hash(page: number): number {
  let h = (page >>> 0) ^ Math.imul(Math.floor(page / 4294967296), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function larger<A extends Uint8Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
