import type { RunDocument } from '../../data/run-document.ts';

/** Something that two runs did not have in common before anything happened. */
export interface ConditionDifference {
  what: string;
  /** In the first and in the second run; `–` where it was not there. */
  values: readonly [string, string];
}

/** Variant, timing, seed, versions, topology, schedule, and each process' configuration, directive by directive. */
export function conditionDifferences(first: RunDocument, second: RunDocument): ConditionDifference[] {
  const [ours, theirs] = [conditionsOf(first), conditionsOf(second)];
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].flatMap((what) => {
    const values = [ours.get(what) ?? '–', theirs.get(what) ?? '–'] as const;
    return values[0] === values[1] ? [] : [{ what, values }];
  });
}

/** What differs from run to run by itself. */
const OF_EACH_RUN = /^(sentinel myid|dir |logfile |pidfile |unixsocket )/;

function conditionsOf(run: RunDocument): Map<string, string> {
  const {
    scenario,
    variant,
    timing,
    seed,
    versions,
    topology,
    schedule,
    processes,
    backend,
    speed = 1,
  } = run;
  const known = new Map<string, string>([
    ['scenario', scenario.name],
    ['variant', variant],
    ['timing', timing],
    ['seed', String(seed)],
    ['speed', String(speed)],
    ['backend', backend],
    ['topology', topology],
    ['schedule', schedule.join('; ')],
    ...Object.entries(versions).map(([name, version]): [string, string] => [`version of ${name}`, version]),
  ]);
  for (const { name, configuration } of processes)
    for (const [what, value] of settingsIn(configuration)) known.set(`${name}: ${what}`, value);
  return known;
}

/** A server's file, directive by directive; clients' and the application's JSON, value by value: `wait.replicas`. */
function settingsIn(configuration: string): Map<string, string> {
  try {
    return new Map(leaves(JSON.parse(configuration), ''));
  } catch {
    return directivesIn(configuration);
  }
}

function leaves(value: unknown, path: string): [string, string][] {
  if (value === null || typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** One that stands several times has all of its values. */
function directivesIn(configuration: string): Map<string, string> {
  const known = new Map<string, string>();
  for (const line of configuration.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#') || OF_EACH_RUN.test(line)) continue;
    const [directive = '', ...rest] = line.split(' ');
    const before = known.get(directive);
    known.set(directive, before === undefined ? rest.join(' ') : `${before}; ${rest.join(' ')}`);
  }
  return known;
}
