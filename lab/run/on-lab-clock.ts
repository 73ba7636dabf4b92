import { monotonicMs } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { until } from '../common/until.ts';
import type { TopologyNode } from '../topology/topology.ts';

/** Between two readings of the time, on a machine that is busy; what is further apart is told by different clocks. */
const NEAR_MS = real(100);
/** Clocks are compared when they are so much further apart that nothing else can be meant. */
const APART_TIMES = 3;

/**
 * Makes sure that servers go by the lab's clock, by what they themselves take the time of day for (`server_time_usec` of
 * INFO): one that is linked statically, or asks the kernel itself, never heard of it. `speed` is the lab clock's, which
 * began at the machine's time `startedMs` ago in lab time. Throws LabError, which names the first that does not.
 */
export async function goByLabClock(
  nodes: readonly TopologyNode[],
  { speed, startedAtMs }: { speed: number; startedAtMs: number },
): Promise<void> {
  // At the machine's speed both clocks show the same; a fault that steps one finds out then.
  if (speed === 1) return;
  const apartMs = () => Math.abs(1 - 1 / speed) * (monotonicMs() - startedAtMs);
  const needed = APART_TIMES * NEAR_MS;
  await until(() => apartMs() > needed, {
    what: 'the lab’s clock to be ahead of the machine’s',
    withinMs: 2 * (needed / Math.abs(1 - 1 / speed)) + real(1000),
  });
  await Promise.all(nodes.map((node) => goesByLabClock(node, speed)));
}

async function goesByLabClock(node: TopologyNode, speed: number): Promise<void> {
  const before = Date.now();
  const info = await node.control.info();
  const after = Date.now();
  const shown = Number(/^server_time_usec:(\d+)/m.exec(info)?.[1]) / 1000;
  if (shown >= before - NEAR_MS && shown <= after + NEAR_MS) return;
  const seconds = (unixMs: number) => `${(unixMs / 1000).toFixed(3)} s`;
  throw new LabError(
    `${node.name} does not go by the lab's clock: expected its time of day (server_time_usec of INFO) to be ${seconds(before)} to ${seconds(after)}, got ${Number.isNaN(shown) ? 'none' : seconds(shown)}`,
    {
      details: [
        'a server that is linked statically, or that asks the kernel past its C library, cannot be put on another clock',
        `use a redis-server that is linked dynamically (--redis <path>), or leave --speed ${speed} away`,
      ],
    },
  );
}
