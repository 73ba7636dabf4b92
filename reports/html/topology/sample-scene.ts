import type { Moment, PartState, Place, Scene } from './scene.ts';

/**
 * A cluster as large as the drawing has to bear, for its tests: primaries with a replica each on hosts of their own, the
 * first shard failed over, and clients that write everywhere.
 */
export function largeScene(shards: number): Scene {
  const names = Array.from({ length: shards * 2 }, (_, i) => `redis-${i + 1}`);
  const clients = ['beside', 'elsewhere', 'far'];
  const places: Place[] = [
    ...names.map((name, i): Place => {
      const beside = i === 0 ? [{ name: 'beside', kind: 'clients' as const }] : [];
      return {
        host: `host-${i + 1}`,
        zone: null,
        parts: [{ name, kind: 'redis' }, ...beside],
      };
    }),
    ...clients
      .slice(1)
      .map((name, i): Place => ({ host: `client-${i + 1}`, zone: null, parts: [{ name, kind: 'clients' }] })),
  ];
  const node = (primary: string | null): PartState => ({
    role: primary === null ? 'primary' : 'replica',
    text: primary === null ? `primary · ${names.length}/${names.length} nodes` : `replica of ${primary}`,
    troubled: false,
    to: primary === null ? [] : [primary],
  });
  const moment = (at: number, isMoved: boolean): Moment => {
    const [first = '', replica = ''] = [names[0], names[shards]];
    const primaryOf = (name: string, i: number) =>
      isMoved && name === first
        ? replica
        : i < shards || (isMoved && name === replica)
          ? null
          : (names[i - shards] ?? null);
    const states = names.map((name, i): [string, PartState] => [name, node(primaryOf(name, i))]);
    const to = states.flatMap(([name, { role }]) => (role === 'primary' ? [name] : []));
    const groups = clients.map((name): [string, PartState] => [
      name,
      { role: 'up', text: `writes to ${to.length} nodes, 99/s`, troubled: false, to },
    ]);
    return {
      at,
      changes: [],
      sentence: 's',
      parts: Object.fromEntries([...states, ...groups]),
      broken: [],
      sides: [],
      decisive: null,
    };
  };
  return { places, moments: [moment(0, false), moment(1000, true)] };
}
