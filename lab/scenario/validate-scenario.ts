import { createChecker } from '../checkers/checkers.ts';
import { messageOf, UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import type { Comparison } from '../run/record.ts';
import { servicesPlan } from '../services/services-plan.ts';
import { validateAppSpec } from '../services/validate-app-spec.ts';
import { isSpeed, SPEEDS } from '../time/speed.ts';
import { TIMINGS } from '../topology/timing.ts';
import { validateWorkload } from '../workload/validate.ts';
import type { Experiment, Scenario } from './scenario.ts';
import { shown } from './shown.ts';
import { stackLine } from './stack-line.ts';
import { validateDifferences, validateExpectations } from './validate-expectations.ts';
import { validateForTopology } from './validate-for-topology.ts';
import { BASE_VARIANTS, experimentOf, variantsOf } from './variants.ts';

const FIELDS = [
  'name',
  'title',
  'claim',
  'headline',
  'variants',
  'mitigations',
  'compare',
  'advice',
  'settings',
  'timings',
  'speed',
  'experiment',
];
const EXPERIMENT_FIELDS = [
  'topology',
  'app',
  'workloads',
  'clientHosts',
  'nemesis',
  'checks',
  'expect',
  'differs',
  'load',
  'settleWithinMs',
];
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Checks what a scenario's file exports by default, both variants' experiments included. UsageError names the
 * file, the place, what was expected and what came.
 */
export function validateScenario(value: unknown, file: string): Scenario {
  const wrong = (where: string, expected: string, got: unknown): never => {
    throw new UsageError(`${file}: ${where}: expected ${expected}, got ${shown(got)}`);
  };
  if (typeof value !== 'object' || value === null) {
    return wrong('default export', 'a scenario (export default defineScenario({ … }))', value);
  }
  const fields = value as Record<string, unknown>;
  onlyKnownFields(`${file}: a scenario`, fields, FIELDS);
  for (const field of ['name', 'title', 'claim', 'advice'] as const) {
    if (typeof fields[field] !== 'string' || fields[field] === '') wrong(field, 'a text', fields[field]);
  }
  if (!KEBAB.test(String(fields.name))) wrong('name', 'kebab-case', fields.name);
  if (!Array.isArray(fields.settings)) wrong('settings', 'a list of settings', fields.settings);
  for (const [index, setting] of (fields.settings as unknown[]).entries()) {
    if (!isSetting(setting)) wrong(`settings[${index}]`, 'the texts { name, vulnerable, hardened }', setting);
  }
  const timings = fields.timings ?? ['fast'];
  if (
    !Array.isArray(timings) ||
    timings.length === 0 ||
    timings.some((name) => !Object.hasOwn(TIMINGS, name))
  )
    wrong('timings', `a list of ${Object.keys(TIMINGS).join(' and ')}`, timings);
  const speed = fields.speed ?? 1;
  if (!isSpeed(speed)) wrong('speed', SPEEDS, speed);
  if (typeof fields.experiment !== 'function') wrong('experiment', 'a function', fields.experiment);
  const variants = fields.variants as Record<string, unknown> | undefined;
  for (const variant of BASE_VARIANTS) {
    if (typeof variants?.[variant] !== 'string')
      wrong(`variants.${variant}`, 'a sentence', variants?.[variant]);
  }
  const mitigations = fields.mitigations ?? {};
  if (!isRecord(mitigations)) wrong('mitigations', 'sentences by name', mitigations);
  for (const [name, text] of Object.entries(mitigations as object)) {
    if (!KEBAB.test(name)) wrong('mitigations', 'kebab-case names', name);
    if (typeof text !== 'string' || text === '') wrong(`mitigations.${name}`, 'a sentence', text);
  }
  const compare = fields.compare ?? [];
  if (!Array.isArray(compare) || !compare.every(isComparison))
    wrong('compare', 'a list of the texts { check, figure, label, unit }', compare);
  // Every field has been looked at; the cast says so.
  const scenario = value as Scenario;
  for (const variant of variantsOf(scenario)) {
    try {
      validateExperiment(experimentOf(scenario, variant), scenario.compare ?? []);
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${file}: ${variant}: ${error.message}`);
      throw new UsageError(
        `${file}: experiment(${variant}) failed: ${messageOf(error)}${stackLine(error, file)}`,
        { cause: error },
      );
    }
  }
  return scenario;
}

function validateExperiment(experiment: Experiment, compare: readonly Comparison[]): void {
  const wrong = (where: string, expected: string, got: unknown): never => {
    throw new UsageError(`${where}: expected ${expected}, got ${shown(got)}`);
  };
  if (typeof experiment !== 'object' || experiment === null) wrong('experiment', 'an object', experiment);
  if (experiment instanceof Promise) wrong('experiment', 'an object', 'a promise: it must not be async');
  onlyKnownFields('an experiment', experiment, EXPERIMENT_FIELDS);
  if (typeof experiment.topology?.plan !== 'function')
    wrong('topology', 'a topology such as sentinel()', experiment.topology);
  if (experiment.app !== undefined) validateAppSpec(experiment.app, experiment.topology.plan());
  if (!Array.isArray(experiment.workloads) || experiment.workloads.length === 0) {
    wrong('workloads', 'at least one workload', experiment.workloads);
  }
  const names = new Set<string>();
  for (const [index, workload] of experiment.workloads.entries()) {
    validateWorkload(workload, `workloads[${index}]`);
    if (names.has(workload.name)) wrong(`workloads[${index}].name`, 'a name of its own', workload.name);
    names.add(workload.name);
    if (workload.kind === 'load' && experiment.app === undefined)
      wrong('app', `an application for the users of ${workload.name}`, experiment.app);
  }
  const registers = experiment.workloads.flatMap((one) => (one.kind === 'registers' ? [one] : []));
  for (const { name, keysOf } of registers) {
    if (keysOf === undefined || registers.some((one) => one.name === keysOf)) continue;
    const message = `workload ${name}: keysOf: there is no workload of registers ${JSON.stringify(keysOf)}`;
    throw new UsageError(
      withNearest(
        message,
        keysOf,
        registers.map((one) => one.name),
      ),
    );
  }
  if (!Array.isArray(experiment.nemesis?.lines)) wrong('nemesis', 'a schedule(…)', experiment.nemesis);
  if (!Array.isArray(experiment.checks) || experiment.checks.length === 0)
    wrong('checks', 'at least one check', experiment.checks);
  const checks = experiment.checks.map((spec) => createChecker(spec).name);
  const twice = checks.find((name, index) => checks.indexOf(name) !== index);
  if (twice !== undefined) wrong('checks', 'names of their own (options.name)', `two checks called ${twice}`);
  for (const { check } of compare) {
    if (checks.includes(check)) continue;
    throw new UsageError(withNearest(`compare: there is no check ${JSON.stringify(check)}`, check, checks));
  }
  validateExpectations('expect', experiment.expect, checks);
  validateDifferences(experiment.differs ?? [], checks);
  const plan = experiment.topology.plan();
  const hosts = [...plan.hosts, ...servicesPlan(experiment.app).hosts, ...(experiment.clientHosts ?? [])].map(
    (host) => host.name,
  );
  for (const workload of experiment.workloads) {
    if (!hosts.includes(workload.on) && !/^(client|load)/.test(workload.on)) {
      throw new UsageError(
        withNearest(
          `workload ${workload.name}: there is no host ${JSON.stringify(workload.on)}`,
          workload.on,
          hosts,
        ),
      );
    }
  }
  validateForTopology(experiment);
}

function onlyKnownFields(what: string, value: object, known: readonly string[]): void {
  for (const field of Object.keys(value)) {
    if (known.includes(field)) continue;
    throw new UsageError(withNearest(`${what} has no field ${JSON.stringify(field)}`, field, known));
  }
}

function isSetting(value: unknown): boolean {
  const setting = (value ?? {}) as Record<string, unknown>;
  return ['name', ...BASE_VARIANTS].every((field) => typeof setting[field] === 'string');
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

function isComparison(value: unknown): boolean {
  const comparison = (value ?? {}) as Record<string, unknown>;
  return ['check', 'figure', 'label', 'unit'].every((field) => typeof comparison[field] === 'string');
}
