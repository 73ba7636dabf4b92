import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { LabError } from '../common/errors.ts';

/**
 * A lab clock: a file that each process of a lab maps (lab-clock.c), and that says how the machine's clock becomes the
 * lab's. Times in nanoseconds.
 */
export interface ClockSettings {
  /** The machine's monotonic clock … */
  rawNs: bigint;
  /** … when the lab's showed this. */
  monotonicNs: bigint;
  /** Lab time per real time, in thousandths. */
  speed: bigint;
  /** The lab's monotonic time from which the time of day is counted … */
  sinceNs: bigint;
  /** … when it was this, since 1970. */
  wallNs: bigint;
  /** By how much the time of day goes on per lab time, in billionths: 1e9 is right, 0 is frozen. */
  rate: bigint;
}

const MAGIC = 0x314b434f4c42414cn; // "LABLOCK1"
const LENGTH = 64;
const SEQUENCE = { at: 8, length: 8 };
const FIELDS_AT = 16;
const fields = ['rawNs', 'monotonicNs', 'speed', 'sinceNs', 'wallNs', 'rate'] as const;

/** Settings of a clock that shows what the machine's clocks show now, and goes `speed` times as fast. */
export function clockFromNow(speed: number): ClockSettings {
  const rawNs = process.hrtime.bigint();
  const wallNs = BigInt(Date.now()) * 1_000_000n;
  return {
    rawNs,
    monotonicNs: rawNs,
    speed: BigInt(Math.round(speed * 1000)),
    sinceNs: rawNs,
    wallNs,
    rate: 1_000_000_000n,
  };
}

/** The bytes of a clock's file. */
export function clockBytes(settings: ClockSettings): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeBigUInt64LE(MAGIC, 0);
  for (const [i, field] of fields.entries()) bytes.writeBigInt64LE(settings[field], FIELDS_AT + i * 8);
  return bytes;
}

/** Throws LabError when the file holds no clock. */
export function readClock(file: string): ClockSettings {
  const bytes = readFileSync(file);
  if (bytes.length < LENGTH || bytes.readBigUInt64LE(0) !== MAGIC)
    throw new LabError(`expected a lab clock in ${file}, got ${bytes.length} other bytes`);
  const entries = fields.map((field, i) => [field, bytes.readBigInt64LE(FIELDS_AT + i * 8)]);
  return Object.fromEntries(entries) as unknown as ClockSettings;
}

/** Sets an existing clock; whoever reads it meanwhile sees either the old settings or the new ones. One writer only. */
export function setClock(file: string, settings: ClockSettings): void {
  const { at, length } = SEQUENCE;
  const fd = openSync(file, 'r+');
  try {
    const sequence = readFileSync(file).readBigUInt64LE(at);
    const next = (value: bigint) => {
      const bytes = Buffer.alloc(length);
      bytes.writeBigUInt64LE(value);
      writeSync(fd, bytes, 0, length, at);
    };
    next(sequence + 1n);
    writeSync(fd, clockBytes(settings), FIELDS_AT, LENGTH - FIELDS_AT, FIELDS_AT);
    next(sequence + 2n);
  } finally {
    closeSync(fd);
  }
}
