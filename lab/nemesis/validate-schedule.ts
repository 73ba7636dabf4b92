import { type PlannedWorld, validateAims } from '../faults/validate-aims.ts';
import type { Schedule } from './schedule.ts';

/** Refuses a schedule with a fault that this world has nothing for; see `validateAims`. Throws UsageError. */
export function validateSchedule({ lines }: Schedule, world: PlannedWorld): void {
  for (const { steps } of lines)
    for (const step of steps) if (step.do === 'inject') validateAims(step.fault, world);
}
