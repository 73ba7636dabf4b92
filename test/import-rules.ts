import type { Import } from './imports.ts';

/** What the files of one place may import besides each other. */
interface Rule {
  /** Places whose values may be imported. */
  values: readonly string[];
  /** Places of which only types may be imported. */
  types?: readonly string[];
  /** The only packages it may import; undefined: any. */
  packages?: readonly string[];
}

const everything = [
  'lab/common',
  'lab/history',
  'lab/checkers',
  'lab/tools',
  'lab/docker',
  'lab/hosts',
  'lab/time',
  'lab/mesh',
  'lab/topology',
  'lab/services',
  'lab/faults',
  'lab/nemesis',
  'lab/workload',
  'lab/probes',
  'lab/scenario',
  'lab/run',
];

/**
 * Who may import whom. A place is a folder or a file; of several that fit, the longest counts. Checkers know no
 * network and no clock, so that old runs can be judged again; faults know nothing of schedules, the nemesis
 * nothing of proxies and hosts; only the command line knows the reports; the application knows nothing of the lab.
 */
export const rules: Readonly<Record<string, Rule>> = {
  'lab/common': { values: [] },
  'lab/history': { values: ['lab/common'] },
  'lab/checkers': { values: ['lab/common', 'lab/history'], packages: [] },
  'lab/tools': { values: ['lab/common'] },
  'lab/time': { values: ['lab/common'], packages: [] },
  'lab/docker': { values: ['lab/common', 'lab/tools'] },
  'lab/hosts': { values: ['lab/common', 'lab/time', 'lab/docker'] },
  'lab/mesh': { values: ['lab/common', 'lab/hosts'] },
  'lab/topology': { values: ['lab/common', 'lab/hosts', 'lab/mesh'], types: ['lab/run/record.ts'] },
  // Of the application only what its settings are: it is reached over the network.
  'lab/services': {
    values: [
      'lab/common',
      'lab/hosts',
      'lab/mesh',
      'lab/topology',
      'lab/tools/lock.ts',
      'lab/app/config.ts',
      'lab/app/database/schema.ts',
      'lab/app/database/seed.ts',
    ],
  },
  'lab/faults': { values: ['lab/common', 'lab/time', 'lab/hosts', 'lab/mesh', 'lab/topology'] },
  'lab/nemesis': { values: ['lab/common', 'lab/history', 'lab/faults', 'lab/probes'] },
  'lab/workload': { values: ['lab/common', 'lab/history'] },
  'lab/probes': { values: ['lab/common', 'lab/history', 'lab/mesh', 'lab/topology'] },
  'lab/scenario': {
    values: [
      'lab/common',
      'lab/checkers',
      'lab/time',
      'lab/nemesis',
      'lab/services',
      'lab/topology',
      'lab/workload',
    ],
    types: ['lab/run/record.ts'],
  },
  'lab/run': { values: everything.filter((place) => place !== 'lab/tools') },
  'lab/app': { values: [] },
  // It starts nothing: it says in a Compose file what the lab would start.
  'lab/compose': {
    values: ['lab/common', 'lab/docker', 'lab/mesh', 'lab/topology', 'lab/services', 'lab/workload'],
    types: ['lab/app/config.ts'],
    packages: ['yaml'],
  },
  'lab/cli': { values: [...everything, 'reports'] },
  'lab/index.ts': { values: [...everything, 'lab/cli/run-scenario.ts'] },
  'lab/testing.ts': { values: ['lab/cli/run-scenario.ts', 'lab/scenario'], types: ['lab/run/record.ts'] },
  reports: {
    values: ['lab/common'],
    types: ['lab/history', 'lab/checkers', 'lab/run/record.ts', 'lab/run/events.ts', 'lab/run/order.ts'],
  },
  scenarios: { values: [], packages: ['failover-lab'] },
};

/** Tests and what only they use may reach anywhere. */
const isForTests = (file: string) => /(\.test|\.cases)\.ts$|(^|\/)(test|fake)-[^/]+\.ts$/.test(file);

/** What breaks the rules, a line each. */
export function violations(imports: readonly Import[]): string[] {
  return imports.flatMap((each) => {
    const place = placeOf(each.from);
    const rule = rules[place];
    if (rule === undefined || isForTests(each.from)) return [];
    const why = each.to === null ? packageRefusal(each, rule) : refusal(each, each.to, place, rule);
    return why === null ? [] : [`${each.from}:${each.line}: ${place} must not import ${why}`];
  });
}

function refusal({ isType }: Import, to: string, place: string, rule: Rule): string | null {
  if (isIn(to, place) || rule.values.some((allowed) => isIn(to, allowed))) return null;
  if (!(rule.types ?? []).some((allowed) => isIn(to, allowed))) return to;
  return isType ? null : `values of ${to}, only types`;
}

function packageRefusal({ specifier }: Import, { packages }: Rule): string | null {
  if (packages === undefined || specifier.startsWith('node:')) return null;
  return packages.includes(specifier) ? null : `the package ${specifier}`;
}

function placeOf(file: string): string {
  const fitting = Object.keys(rules).filter((place) => isIn(file, place));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? '';
}

function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

/** Files that import each other in a ring, as "a → b → a"; what is only a type, or is loaded lazily, makes no ring. */
export function cycles(imports: readonly Import[]): string[] {
  const edges = Map.groupBy(
    imports.filter((each) => each.to !== null && !each.isType && !each.isLazy),
    (each) => each.from,
  );
  const found = new Set<string>();
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) return void found.add([...trail.slice(at), file].join(' → '));
    if (done.has(file)) return;
    for (const { to } of edges.get(file) ?? []) if (to !== null) walk(to, [...trail, file]);
    done.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return [...found];
}
