import type { RunInfo } from '../reporters/reporter.ts';

/** A run that has just begun, for tests and to look at. */
export const sampleRun: RunInfo = {
  type: 'run-started',
  scenario: 'split-brain',
  title: 'Split brain',
  claim: 'A claim',
  variant: 'vulnerable',
  timing: 'fast',
  speed: 1,
  seed: 7,
  dir: '/nowhere/run-1',
  phases: ['provision', 'disturb'],
};
