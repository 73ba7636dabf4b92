import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import type { Directives } from '../topology/directives.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault, Proof } from './fault.ts';
import { namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

/** Sets redis.conf directives at run time (`CONFIG SET`). Each must change something. The heal sets the old values. */
export function setConfig(target: Targets, directives: Directives): Fault {
  const wanted = Object.entries(directives).map(([name, value]): [string, string] => [
    name,
    [value].flat().join(' '),
  ]);
  const shown = wanted.map(([name, value]) => `${name} ${value === '' ? '""' : value}`).join(', ');
  return {
    name: 'set-config',
    text: `set ${shown} on ${inWords(target)}`,
    aims: [target],
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const names = wanted.map(([name]) => name);
      const before = await Promise.all(nodes.map((node) => settings(node, names)));
      const set = (values: readonly (readonly [string, string][])[]) =>
        Promise.all(nodes.map((node, i) => setAll(node, values[i] ?? [])));
      let proof: Proof;
      try {
        await set(nodes.map(() => wanted));
        const after = await Promise.all(nodes.map((node) => settings(node, names)));
        proof = changes(nodes, before, after);
      } catch (error) {
        await set(before).catch(() => {});
        proof = { proved: false, text: messageOf(error) };
      }
      return {
        text: `set ${shown} on ${namesOf(nodes)}`,
        targets: nodes.map((node) => node.name),
        proof,
        heal: once(async () => {
          await set(before);
          const now = await Promise.all(nodes.map((node) => settings(node, names)));
          const proved = JSON.stringify(now) === JSON.stringify(before);
          return { proved, text: `${namesOf(nodes)} ${proved ? 'as before' : 'not as before'}` };
        }),
      };
    },
  };
}

async function setAll({ control }: TopologyNode, values: readonly [string, string][]): Promise<void> {
  for (const [name, value] of values) await control.config('SET', name, value);
}

/** As Redis writes them: `5mb` comes back as bytes. */
function settings({ control }: TopologyNode, names: readonly string[]): Promise<[string, string][]> {
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const [, value = ''] = (await control.config('GET', name)) as string[];
      return [name, value];
    }),
  );
}

function changes(
  nodes: readonly TopologyNode[],
  before: readonly (readonly [string, string][])[],
  after: readonly (readonly [string, string][])[],
): Proof {
  const lines = nodes.flatMap((node, i) =>
    (after[i] ?? []).map(([name, value], j) => {
      const old = before[i]?.[j]?.[1] ?? '';
      return { changed: old !== value, text: `${node.name}: ${name} "${old}" → "${value}"` };
    }),
  );
  return {
    proved: lines.length > 0 && lines.every((line) => line.changed),
    text: lines.map((line) => line.text).join(', '),
  };
}
