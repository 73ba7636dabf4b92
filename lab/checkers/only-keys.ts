import type { History, Operation } from '../history/operation.ts';

/** The part of a history that concerns these keys; all of it when none are given. */
export function onlyKeys(history: History, keys: readonly string[] | undefined): History {
  if (keys === undefined) return history;
  const wanted = new Set(keys);
  const { operations } = history;
  function* iterate(): Generator<Operation> {
    for (const operation of operations) if (wanted.has(operation.key)) yield operation;
  }
  return {
    clients: history.clients,
    operations: {
      [Symbol.iterator]: iterate,
      get length() {
        let length = 0;
        for (const { key } of operations) if (wanted.has(key)) length++;
        return length;
      },
    },
    finalReads: history.finalReads.filter(({ key }) => wanted.has(key)),
  };
}
