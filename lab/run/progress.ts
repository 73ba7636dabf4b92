import { real } from '../common/lab-speed.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import type { RunningTopology } from '../topology/topology.ts';
import type { Load } from './02-warm-up.ts';
import type { RunContext } from './context.ts';
import { missingWrites } from './missing-writes.ts';
import type { Progressed } from './progressed.ts';

const EVERY_MS = real(200);

/** Tells reporters several times a second where the run stands, until it is disposed of. */
export function reportProgress(
  context: RunContext,
  state: Progressed,
  load: Load,
  nemesis: Nemesis,
): Disposable {
  const sets = context.experiment.workloads.filter((workload) => workload.kind === 'set');
  let lost: number | null = null;
  let counting = false;
  const count = async (topology: RunningTopology) => {
    if (counting) return;
    counting = true;
    lost = await missingWrites(topology, load, sets);
    counting = false;
  };
  let last = { at: context.clock.now(), ok: load.tally().ok };
  const timer = setInterval(() => {
    const at = context.clock.now();
    const { ok, fail, info } = load.tally();
    const opsPerSecond = Math.round(((ok - last.ok) * 1000) / (at - last.at));
    last = { at, ok };
    if (state.provisioned !== null) void count(state.provisioned.topology);
    context.emit({
      type: 'progress',
      progress: {
        at,
        phase: state.phases.at(-1)?.name ?? '',
        faults: nemesis.inForce(),
        opsPerSecond: Math.max(0, opsPerSecond),
        ok,
        fail,
        info,
        lost,
      },
    });
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
