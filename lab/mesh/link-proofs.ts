import { monotonicMs, sleep } from '../common/clock.ts';
import { real } from '../common/lab-speed.ts';
import { type Link, linkName } from './link.ts';
import { LinkProbe, type ProbeAddress, pingOnce } from './link-probe.ts';

/** What was seen when a change to links was proved. */
export interface LinkProof {
  proved: boolean;
  text: string;
}

/** Ways to reach what a link joins. */
export interface Paths {
  /** Over the link itself, as processes on its observer do. */
  relay(link: Link): ProbeAddress;
  /** The link's node, past the mesh. */
  direct(link: Link): ProbeAddress;
  /** The observer's Toxiproxy itself, on a path without faults. */
  sidecar(observer: string): ProbeAddress;
}

/** Silence counts as proof after so many round trips on paths without faults, one after the other, … */
const ROUND_TRIPS = 3;
/** … and this long at least. */
const LEAST_SILENCE_MS = real(10);
/** A node that hangs has no round trips to wait for. */
const CONTROL_WITHIN_MS = real(250);

/** The links that answer a ping although the same hosts' and nodes' answers on a path without faults have long come. */
export async function answering(
  probes: readonly LinkProbe[],
  links: readonly Link[],
  paths: Paths,
): Promise<string[]> {
  const answered = new Set<string>();
  for (const [index, probe] of probes.entries()) {
    const link = links[index % links.length];
    if (link) void probe.ping().then(() => answered.add(linkName(link)));
  }
  const observers = new Set(links.map((link) => link.observer));
  // One of its ports is enough: the same process answers on all of them.
  const nodes = new Map(links.map((link) => [link.node, link]));
  const controls = [...[...observers].map(paths.sidecar), ...[...nodes.values()].map(paths.direct)];
  await Promise.all([sleep(LEAST_SILENCE_MS), ...controls.map(roundTrips)]);
  return [...answered];
}

async function roundTrips(address: ProbeAddress): Promise<void> {
  const probe = new LinkProbe(address);
  const all = async () => {
    for (let i = 0; i < ROUND_TRIPS; i++) await probe.ping();
  };
  await within(all(), CONTROL_WITHIN_MS);
  probe.close();
}

/** Waits until every link whose node answers directly also answers through the mesh. */
export async function proveAlive(links: readonly Link[], paths: Paths, withinMs: number): Promise<LinkProof> {
  const deadline = monotonicMs() + withinMs;
  let left = [...links];
  let toDead = 0;
  for (;;) {
    const answers = await Promise.all(
      left.map(async (link) => {
        const [through, past] = await Promise.all([
          pingOnce(paths.relay(link), 250),
          pingOnce(paths.direct(link), 250),
        ]);
        if (through === null && past === null) toDead++;
        return through !== null || past === null;
      }),
    );
    left = left.filter((_, index) => !answers[index]);
    if (left.length === 0) {
      const dead = toDead === 0 ? '' : `; ${counted(toDead)} to nodes that are down or hang`;
      return { proved: true, text: `${counted(links.length - toDead)} answering again${dead}` };
    }
    if (monotonicMs() > deadline) {
      return { proved: false, text: `still silent: ${left.map(linkName).join(', ')}` };
    }
  }
}

/** "1 link", "10 links". */
export function counted(links: number): string {
  return links === 1 ? '1 link' : `${links} links`;
}

/** What a promise yields, or null when that takes longer than `ms` or fails. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  return Promise.race([promise.catch(() => null), sleep(ms).then(() => null)]);
}
