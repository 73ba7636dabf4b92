import { monotonicMs, sleep } from '../common/clock.ts';
import { type Link, linkName } from './link.ts';
import { type LinkProbe, type ProbeAddress, pingOnce } from './link-probe.ts';

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
  /** Resolves when the observer's Toxiproxy has answered on a path without faults. */
  observerAnswers(observer: string): Promise<unknown>;
}

/** Silence counts as proof after three of the control path's round trips, and this long at least. */
const LEAST_SILENCE_MS = 10;

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
  const sentAt = monotonicMs();
  const observers = [...new Set(links.map((link) => link.observer))];
  const nodes = new Map(links.map((link) => [`${link.node} ${link.port}`, link]));
  await Promise.all([
    ...observers.map((name) => within(paths.observerAnswers(name), 1000)),
    ...[...nodes.values()].map((link) => pingOnce(paths.direct(link), 250)),
  ]);
  await sleep(Math.max(LEAST_SILENCE_MS, 3 * (monotonicMs() - sentAt)));
  return [...answered];
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
