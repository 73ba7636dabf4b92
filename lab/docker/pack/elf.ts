import { closeSync, openSync, readSync } from 'node:fs';
import { LabError } from '../../common/errors.ts';

/** What the head of an executable says of itself. */
export interface Elf {
  /** The processor by the name that images use. */
  arch: 'amd64' | 'arm64';
  /** The program that loads it and its libraries; null for one that needs none. */
  interpreter: string | null;
}

const PT_INTERP = 3;
const machines: Readonly<Record<number, Elf['arch']>> = { 62: 'amd64', 183: 'arm64' };

/** Reads a 64-bit little-endian ELF file's head. Undefined when the file is none; LabError for another processor. */
export function readElf(path: string): Elf | undefined {
  const file = openSync(path, 'r');
  try {
    const at = (position: number, length: number) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, position));
    };
    const head = at(0, 64);
    if (head.length < 64 || head.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined;
    const arch = machines[head.readUInt16LE(18)];
    if (arch === undefined)
      throw new LabError(
        `expected a program for x86-64 or arm64, got machine ${head.readUInt16LE(18)}: ${path}`,
      );
    const size = head.readUInt16LE(54);
    const table = at(Number(head.readBigUInt64LE(32)), size * head.readUInt16LE(56));
    for (let offset = 0; offset + size <= table.length; offset += size) {
      if (table.readUInt32LE(offset) !== PT_INTERP) continue;
      const name = at(Number(table.readBigUInt64LE(offset + 8)), Number(table.readBigUInt64LE(offset + 32)));
      return { arch, interpreter: name.toString('utf8').replace(/\0+$/, '') };
    }
    return { arch, interpreter: null };
  } finally {
    closeSync(file);
  }
}
