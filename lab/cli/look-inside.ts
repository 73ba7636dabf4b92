import { readFileSync } from 'node:fs';
import path from 'node:path';
import { prng } from '../common/prng.ts';
import { RUN_LABEL } from '../docker/labels.ts';
import { nodeAddresses } from '../hosts/node-address.ts';
import { type AddressBook, addressBook } from '../mesh/address-book.ts';
import { variantContext } from '../scenario/variants.ts';
import { TIMINGS } from '../topology/timing.ts';
import type { RunUnderWay } from './execute-run.ts';
import type { Machine } from './machine.ts';
import type { PlannedRun } from './plan-runs.ts';
import { shellWord } from './shell-word.ts';

/**
 * How to look inside a run that was kept, a line each: commands to paste into another shell of the same user.
 */
export function lookInside(
  plan: PlannedRun,
  { place, scratch }: Machine,
  { pid, container }: Pick<RunUnderWay, 'pid' | 'container'>,
): string[] {
  const { nodes } = topologyOf(plan);
  const book = addressBook(nodes, nodeAddresses[place.backend]);
  if (place.backend === 'containers') return lookIntoContainers(book, container ?? '');
  const first = pid === undefined ? null : firstProcessOf(pid);
  if (first === null)
    return ['  (the sandbox’s first process was not found, so there is no command to enter it)'];
  const user = place.mode === 'user' ? ' --user --preserve-credentials' : '';
  const enter = `nsenter --target ${first}${user} --mount --net --pid`;
  const inHost = (host: string) => `nsenter --net=${shellWord(path.join(scratch, 'ns', host))}`;
  const redis = nodes.find((node) => node.kind === 'redis');
  const example = redis === undefined ? null : book.node(redis.name);
  return [
    '  To look inside, from another shell of the same user:',
    `    the whole sandbox, past all faults:  ${enter} bash`,
    ...(example === null
      ? []
      : [
          `    ${example.name}, past all faults:  ${enter} redis-cli -h ${example.direct} -p ${example.ports.client} INFO replication`,
          `    a host, behind its proxy:  ${enter} ${inHost(example.host)} bash`,
          `    ${example.name} from ${example.host}:  ${enter} ${inHost(example.host)} redis-cli -h ${example.announced} -p ${example.ports.client} PING`,
        ]),
    ...nodeLines(book),
  ];
}

function nodeLines(book: AddressBook): string[] {
  const width = Math.max(...book.nodes.map((node) => node.name.length));
  return [
    '    nodes (host, address through the mesh, address past it):',
    ...book.nodes.map(
      (node) =>
        `      ${node.name.padEnd(width)}  ${node.host}  ${node.announced}:${node.ports.client}  ${node.direct}:${node.ports.client}`,
    ),
  ];
}

/** The containers' names end in numbers that only the daemon knows. */
function lookIntoContainers(book: AddressBook, lab: string): string[] {
  const of = (name: string) => `$(docker ps -q -f name=^${lab}-${name}-[0-9]+$)`;
  const redis = book.nodes.find((node) => node.kind === 'redis');
  return [
    '  To look inside, from another shell:',
    `    all containers:  docker ps -f label=${RUN_LABEL}=${lab}`,
    ...(redis === undefined
      ? []
      : [
          `    ${redis.name}, on its host:  docker exec -it ${of(redis.name)} redis-cli -h ${redis.announced} -p ${redis.ports.client} INFO replication`,
        ]),
    ...nodeLines(book),
  ];
}

/** The sandbox's first process, seen from outside, whose parent is `pid`; null where the kernel does not tell. */
export function firstProcessOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0] || null;
  } catch {
    return null;
  }
}

/** The same topology as the run's own: made with the same seed. */
function topologyOf({ scenario, variant, timing, seed }: PlannedRun) {
  const random = prng(seed).fork('experiment');
  const context = { ...variantContext(variant), timing: TIMINGS[timing], random };
  return scenario.experiment(context).topology.plan();
}
