import type { LostWrites } from './checker.ts';
import { collectFindings } from './findings.ts';

/** Lost writes that one check keeps at most, row by row. */
export const lostLimit = 10_000;

export interface Lost {
  at: number;
  cause: string;
  client: string;
  node: string | null;
  key: string;
  value: number;
}

/** Collects lost writes as compact rows, an even selection where there are more than `limit`. */
export function lostWrites(limit: number = lostLimit): { add(lost: Lost): void; table(): LostWrites } {
  const kept = collectFindings(limit);
  let total = 0;
  return {
    add(lost) {
      total++;
      kept.offer(lost.at, lost.cause, () => ({ ...lost, kind: 'lost', text: '' }));
    },
    table() {
      const names = { clients: placesOf(), nodes: placesOf(), keys: placesOf(), causes: placesOf() };
      const rows = kept
        .list()
        .map(({ at, client = '', node = null, key = '', cause = '', value = 0 }): number[] => [
          at,
          names.clients.of(client),
          node === null ? -1 : names.nodes.of(node),
          names.keys.of(key),
          names.causes.of(cause),
          value,
        ]);
      const { clients, nodes, keys, causes } = names;
      return {
        total,
        clients: clients.all(),
        nodes: nodes.all(),
        keys: keys.all(),
        causes: causes.all(),
        rows,
      };
    },
  };
}

/** Gives each name a place, in the order in which they come. */
function placesOf() {
  const places = new Map<string, number>();
  return {
    of(name: string): number {
      const place = places.get(name) ?? places.size;
      places.set(name, place);
      return place;
    },
    all: () => [...places.keys()],
  };
}
