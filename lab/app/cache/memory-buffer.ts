import type { VersionedPrice } from './product-table.ts';
import { newest, type Persist, type WriteBuffer } from './write-buffer.ts';

/** In the process: fast, and what has not been flushed dies with it. */
export function memoryBuffer(persist: Persist): WriteBuffer {
  let waiting: VersionedPrice[] = [];
  return {
    stream: null,
    get length() {
      return waiting.length;
    },
    add: (price) => void waiting.push(price),
    async flush() {
      const batch = newest(waiting);
      if (batch.length === 0) return;
      waiting = [];
      try {
        await persist(batch);
      } catch (error) {
        waiting = [...batch, ...waiting];
        throw error;
      }
    },
  };
}
