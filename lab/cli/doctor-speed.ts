import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findScenarios } from '../scenario/catalogue.ts';
import { executeRun } from './execute-run.ts';
import { prepareMachine } from './machine.ts';
import { type PlannedRun, planRuns } from './plan-runs.ts';
import type { Streams } from './setup.ts';

/** From the highest on: each takes its part of a minute of lab time, so the slow ones are the long ones. */
const SPEEDS = [50, 20, 10, 5, 2];
/** A failover with stock periods, with clients: what a speed is for. */
const SCENARIO = 'split-brain';

/**
 * `lab doctor --speed`: the highest speed at which this machine, with what else it does now, keeps up with the lab's clock.
 * Returns 0, or 4 where none of them holds. Throws LabError where the lab can have no clock of its own.
 */
export async function doctorSpeedCommand({ stdout }: Streams): Promise<number> {
  const scenarios = await findScenarios([SCENARIO]);
  const machine = await prepareMachine({ application: false, labClock: 'needed' });
  const root = mkdtempSync(path.join(tmpdir(), 'failover-lab-doctor-'));
  try {
    for (const speed of SPEEDS) {
      const options = { variants: ['hardened'], timing: 'production', speed, seed: 1, repeat: 1 } as const;
      const [plan] = planRuns(scenarios, options) as [PlannedRun];
      const dir = path.join(root, String(speed));
      mkdirSync(dir);
      const { checks, outcome, reason } = await executeRun(plan, machine, {
        dir,
        keep: false,
        onEvent: () => {},
      }).record;
      const pace = checks.find(({ spec }) => spec.checker === 'pace');
      const holds = pace?.verdict === 'valid' && outcome !== 'lab-failed';
      stdout.write(`speed ${speed}: ${holds ? 'holds' : 'does not hold'}: ${pace?.summary ?? reason}\n`);
      if (!holds) continue;
      stdout.write(
        `The highest speed that holds here is ${speed}: lab run --timing production --speed ${speed}\n`,
      );
      return 0;
    }
    stdout.write('No speed holds here: production timing takes its time.\n');
    return 4;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
