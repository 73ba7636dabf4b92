import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findScenarios } from './catalogue.ts';

/** A whole scenario; a case replaces or adds lines. */
const GOOD = `import { addToSet, at, checks, cluster, defineScenario, faults, schedule, sentinel, standalone, systems, versionedRegisters } from 'failover-lab';
const good = {
  name: 'mine', title: 'Mine', claim: 'It holds.', advice: 'Do it.',
  variants: { vulnerable: 'without', hardened: 'with' },
  settings: [{ name: 'x', vulnerable: '0', hardened: '1' }],
};
const experiment = () => ({
  topology: sentinel(),
  workloads: [addToSet({ name: 'writers', on: 'host-1', clients: 1, rate: { perSecond: 10 } })],
  nemesis: schedule(at(0).inject(faults.kill('primary'))),
  checks: [checks.set()],
  expect: [{ check: 'set', verdict: 'valid', because: 'nothing is lost' }],
});
`;
/** Exports the good scenario with these fields over it; `e` is its good experiment. */
const withFields = (fields: string) =>
  `${GOOD}export default { ...good, experiment: () => experiment(), ...{ ${fields} } };`;
const withExperiment = (fields: string) => withFields(`experiment: () => ({ ...experiment(), ${fields} })`);

/** The good experiment with a cluster and these fields over it. */
const inCluster = (fields: string) => withExperiment(`topology: cluster(), ${fields}`);
/** It with a fault. */
const faulty = (fault: string, topology = 'sentinel()') =>
  withExperiment(`topology: ${topology}, nemesis: schedule(at(0).inject(faults.${fault}))`);
const writers = (fields: string) => `workloads: [addToSet({ name: 'writers', on: 'host-1', ${fields} })]`;

const cases: Record<string, [text: string, message: string | RegExp]> = {
  good: [withFields(''), 'ok mine'],
  'only-javascript.scenario.js': [withFields(''), 'ok mine'],
  'no default export': [
    `${GOOD}export { good };`,
    'default export: expected a scenario (export default defineScenario({ … })), got nothing',
  ],
  'not an object': [
    'export default 42;',
    'default export: expected a scenario (export default defineScenario({ … })), got 42',
  ],
  'syntax error': [
    'export default {\n  name: "x",\n  title "y",\n};',
    /cannot be loaded: .*\(at syntax-error\.scenario\.ts:3\)/,
  ],
  'unsupported syntax': [
    'enum A { B }\nexport default A;',
    /enum is not supported.*\(at unsupported-syntax\.scenario\.ts:1\)/,
  ],
  'unknown import': [
    "import { nothing } from 'failover-lab';\nexport default nothing;",
    /does not provide an export named 'nothing'/,
  ],
  'missing module': [
    "import x from './not-there.ts';\nexport default x;",
    /Cannot find module .*not-there\.ts/,
  ],
  'throws while loading': [
    'const x = null;\nexport default x.y;',
    /cannot be loaded: .*null.*\(at throws-while-loading\.scenario\.ts:2:18\)/,
  ],
  'wrong field': [withFields('titel: "x"'), 'a scenario has no field "titel"; did you mean "title"?'],
  'no title': [withFields('title: ""'), 'title: expected a text, got ""'],
  'bad name': [withFields('name: "My Scenario"'), 'name: expected kebab-case, got "My Scenario"'],
  'variant missing': [
    withFields('variants: { vulnerable: "x" }'),
    'variants.hardened: expected a sentence, got nothing',
  ],
  'with a mitigation': [
    withFields(
      "mitigations: { lease: 'one fills' }, compare: [{ check: 'set', figure: 'lost', label: 'lost', unit: '' }], experiment: ({ variant, hardened, mitigation }) => { if (mitigation !== (variant === 'only-lease' ? 'lease' : null) || (hardened && mitigation)) throw new Error('wrong ' + variant); return experiment(); }",
    ),
    'ok mine',
  ],
  'mitigation without words': [
    withFields('mitigations: { lease: "" }'),
    'mitigations.lease: expected a sentence, got ""',
  ],
  'mitigation badly named': [
    withFields('mitigations: { "The lease": "x" }'),
    'mitigations: expected kebab-case names, got "The lease"',
  ],
  'mitigation fails': [
    withFields(
      'mitigations: { lease: "x" }, experiment({ mitigation }) { if (mitigation) throw new Error("no idea"); return experiment(); }',
    ),
    /experiment\(only-lease\) failed: no idea/,
  ],
  'comparison wrong': [
    withFields('compare: [{ check: "set" }]'),
    /compare: expected a list of the texts \{ check, figure, label, unit \}/,
  ],
  'comparison of nothing': [
    withFields('compare: [{ check: "sett", figure: "lost", label: "lost", unit: "" }]'),
    'compare: there is no check "sett"; did you mean "set"?',
  ],
  'settings wrong': [
    withFields('settings: [{ name: "x", vulnerable: 0 }]'),
    /settings\[0\]: expected the texts/,
  ],
  'timings wrong': [
    withFields('timings: ["slow"]'),
    'timings: expected a list of fast and production, got ["slow"]',
  ],
  'experiment is no function': [withFields('experiment: {}'), 'experiment: expected a function, got {}'],
  'experiment throws': [
    withFields('experiment() { throw new Error("no idea"); }'),
    /experiment\(vulnerable\) failed: no idea \(at experiment-throws\.scenario\.ts:\d+:\d+\)/,
  ],
  'experiment fails hardened': [
    withFields('experiment({ hardened }) { if (hardened) throw new Error("no idea"); return experiment(); }'),
    /experiment\(hardened\) failed: no idea/,
  ],
  'experiment async': [
    withFields('experiment: async () => experiment()'),
    /vulnerable: experiment: expected an object, got .*must not be async/,
  ],
  'experiment field': [
    withExperiment('workload: []'),
    'vulnerable: an experiment has no field "workload"; did you mean "workloads"?',
  ],
  'topology wrong': [
    withExperiment('topology: {}'),
    'topology: expected a topology such as sentinel(), got {}',
  ],
  'topology refused': [
    withExperiment('topology: sentinel({ quorum: 9 })'),
    /sentinel\(\): quorum: expected at most the number of sentinels/,
  ],
  'no workload': [withExperiment('workloads: []'), 'workloads: expected at least one workload, got []'],
  'unknown host': [
    withExperiment("workloads: [addToSet({ name: 'w', on: 'hots-1', clients: 1 })]"),
    'there is no host "hots-1"; did you mean "host-1"?',
  ],
  'same workload twice': [
    withExperiment('workloads: [...experiment().workloads, ...experiment().workloads]'),
    'workloads[1].name: expected a name of its own, got "writers"',
  ],
  'keys of nobody': [
    withExperiment(
      "workloads: [versionedRegisters({ name: 'w' }), versionedRegisters({ name: 'r', keysOf: 'v', readShare: 1 })]",
    ),
    'workload r: keysOf: there is no workload of registers "v"; did you mean "w"?',
  ],
  'no schedule': [withExperiment('nemesis: []'), 'nemesis: expected a schedule(…), got []'],
  'unknown check': [withExperiment("checks: [{ checker: 'sett', options: {} }]"), /checker "sett"/],
  'check option': [withExperiment("checks: [checks.set({ gruop: 'x' })]"), /gruop/],
  'same check twice': [withExperiment('checks: [checks.set(), checks.set()]'), /two checks called set/],
  'unknown expectation': [
    withExperiment("expect: [{ check: 'sett', verdict: 'valid', because: 'x' }]"),
    'expect: there is no check "sett"; did you mean "set"?',
  ],
  'verdict wrong': [
    withExperiment("expect: [{ check: 'set', verdict: 'good', because: 'x' }]"),
    'expect[0].verdict: expected valid, invalid, any, got "good"',
  ],
  'no reason': [
    withExperiment("expect: [{ check: 'set', verdict: 'valid' }]"),
    'expect[0].because: expected a reason in words, got nothing',
  ],
  'nothing expected': [withExperiment('expect: []'), 'expect: expected at least one expectation, got []'],
  'cluster good': [
    inCluster(
      `${writers("keySlots: { tag: 'foo', slot: 12182 }, redis: { maxRedirections: 1 }")}, checks: [checks.set(), checks.slotCoverage(), checks.redirects()],
      nemesis: schedule(at(0).inject(faults.moveSlots({ slots: [7], to: 'primary of slot 16383' }))
        .inject(faults.kill(['primary of key a b', 'replicas of node redis-1', 'a minority of primaries', 'zone:east']))
        .inject(faults.flap(faults.isolate('node:redis-6', { port: 'bus' }), { onMs: 1, offMs: 1 })))`,
    ).replace('cluster()', "cluster({ zones: { east: ['host-2'] } })"),
    'ok mine',
  ],
  'cluster too small': [
    withExperiment('topology: cluster({ primaries: 2 })'),
    /cluster\(\): primaries: expected a whole number from 3 to 50, got 2/,
  ],
  'cluster with too few hosts': [
    withExperiment('topology: cluster({ hosts: 3, replicas: 3 })'),
    /cluster\(\): replicas: expected at most 2 for each primary on 3 hosts/,
  ],
  'cluster with a hole': [
    withExperiment(
      "topology: cluster({ slots: { 'redis-1': [[0, 9]], 'redis-2': [[11, 99]], 'redis-3': [[100, 16383]] } })",
    ),
    /cluster\(\): slots: expected an owner for every slot, got none for slot 10/,
  ],
  'cluster with slots twice': [
    withExperiment(
      "topology: cluster({ slots: { 'redis-1': [[0, 9]], 'redis-2': [[9, 99]], 'redis-3': [[100, 16383]] } })",
    ),
    /slot 9 of redis-1 and of redis-2; a slot has one owner/,
  ],
  'key in another slot': [
    inCluster(writers("keySlots: { tag: 'foo', slot: 1 }")),
    /keySlots.slot: the key "writers:\{foo\}:0" is in slot 12182, not in slot 1/,
  ],
  'cluster fault without cluster': [
    faulty("clusterFailover('a replica')"),
    'cluster-failover: expected a cluster (topology: cluster()), got Sentinels (topology: sentinel())',
  ],
  'slots moved without cluster': [
    faulty(
      "moveSlots({ slots: [1], to: 'node:redis-2' })",
      'systems({ a: sentinel(), b: standalone() }, { shareHosts: true })',
    ),
    'move-slots: expected a cluster (topology: cluster()), got a: Sentinels (topology: sentinel()), b: a single server (topology: standalone())',
  ],
  'slots deleted without cluster': [faulty('deleteSlots([1])'), 'delete-slots: expected a cluster'],
  'bus cut without cluster': [
    faulty("isolate('primary', { port: 'bus' })"),
    'isolate: expected a cluster (topology: cluster()), got Sentinels',
  ],
  'flapping bus without cluster': [
    faulty("flap(faults.cut({ from: 'primary', to: 'replicas', port: 'bus' }), { onMs: 1, offMs: 1 })"),
    'flap: expected a cluster (topology: cluster()), got Sentinels',
  ],
  'Sentinel failover in a cluster': [
    faulty('sentinelFailover()', 'cluster()'),
    'sentinel-failover: expected Sentinels (topology: sentinel()), got a cluster (topology: cluster())',
  ],
  'FAILOVER in a cluster': [
    faulty(
      "coordinatedFailover({ system: 'b' })",
      'systems({ a: sentinel(), b: cluster() }, { shareHosts: true })',
    ),
    'coordinated-failover: expected Sentinels (topology: sentinel()) or a single server (topology: standalone()), got b: a cluster',
  ],
  'target of a cluster without one': [
    faulty("kill('primary of slot 1')"),
    'kill: target "primary of slot 1": expected a cluster (topology: cluster()), got Sentinels',
  ],
  'primaries without cluster': [
    faulty(
      "kill('a minority of primaries')",
      'systems({ a: standalone(), b: cluster() }, { shareHosts: true })',
    ),
    'kill: target "a minority of primaries": expected a cluster (topology: cluster()), got a: a single server',
  ],
  'Sentinels of a cluster': [
    faulty("pause('a sentinel')", 'cluster()'),
    'pause: target "a sentinel": expected Sentinels (topology: sentinel()), got a cluster',
  ],
  'slot too high': [
    faulty("kill('primary of slot 16384')", 'cluster()'),
    'kill: target "primary of slot 16384": expected a slot from 0 to 16383, got "16384"',
  ],
  'slot that is none': [
    faulty("kill('replicas of slot x')", 'cluster()'),
    'kill: target "replicas of slot x": expected a slot from 0 to 16383, got "x"',
  ],
  'node misspelt': [
    faulty("kill('a replica of node redsi-1')", 'cluster()'),
    'kill: target "a replica of node redsi-1": the cluster has no node "redsi-1"; did you mean "redis-1"?',
  ],
  'node that is not there': [
    faulty("cut({ from: 'node:redis-1', to: 'node:redis-9' })", 'cluster()'),
    'cut: target: there is no node "redis-9"; did you mean "redis-1"?',
  ],
  'zone that is not there': [
    faulty("split(['zone:east', 'host:host-1'])"),
    'split: target: there is no zone "east": there is none at all',
  ],
  'host that is not there': [
    faulty("crashHost('host:hots-2')"),
    'crash-host: target: there is no host "hots-2"; did you mean "host-2"?',
  ],
  'system that is not there': [
    faulty(
      "kill('primary of cash')",
      'systems({ sessions: sentinel(), cache: standalone() }, { shareHosts: true })',
    ),
    'kill: target: there is no system "cash"; did you mean "cache"?',
  ],
  'system of a single one': [
    faulty("kill('replicas of cache')"),
    'kill: target: there is no system "cache": the topology is a single one',
  ],
  'role misspelt': [
    faulty("kill('primry')"),
    'kill: target: there is no role "primry"; did you mean "primary"?',
  ],
  'node without its kind': [
    faulty("kill('redis-1')"),
    'kill: target: there is no role "redis-1"; did you mean "node:redis-1"?',
  ],
  'clients that are not alone': [
    faulty("reset({ from: 'clients', to: 'primary' })"),
    'reset: target: "clients": expected a host on which only clients run, got none',
  ],
  'apps without application': [
    faulty("kill('an app')"),
    'kill: target: "an app": expected an application (the experiment\'s app), got none',
  ],
  'cluster check without cluster': [
    withExperiment('checks: [checks.set(), checks.slotCoverage()]'),
    'checks[1]: slot-coverage: expected a cluster (topology: cluster()), got 1 primary',
  ],
  'redirects without cluster': [
    withExperiment('topology: standalone(), checks: [checks.set(), checks.redirects()]'),
    'checks[1]: redirects: expected a cluster (topology: cluster())',
  ],
  'cluster option without cluster': [
    withExperiment(writers('redis: { maxRedirections: 1 }')),
    'workloads[0]: redis.maxRedirections: expected only with a cluster, got it with Sentinels',
  ],
  'keySlots without cluster': [
    withExperiment(`topology: standalone(), ${writers("keySlots: { tag: 'foo' }")}`),
    'workloads[0]: keySlots: expected only with a cluster, got it with a single server',
  ],
  'node-redis without cluster': [
    withExperiment(writers("library: 'node-redis'")),
    "workloads[0]: library: 'node-redis': expected only with a cluster, got it with Sentinels",
  ],
  'Sentinel option in a cluster': [
    inCluster(writers('redis: { failoverDetector: true }')),
    'workloads[0]: redis.failoverDetector: expected only with Sentinels, got it with a cluster',
  ],
  'retryDelay in a cluster': [
    inCluster(writers('redis: { retryDelay: { minMs: 1, maxMs: 2 } }')),
    'workloads[0]: redis.retryDelay: expected only with one server or Sentinels (a cluster has clusterRetryDelay and clusterNodeRetryDelay)',
  ],
  'replicas of one server': [
    withExperiment(
      "topology: standalone(), workloads: [versionedRegisters({ name: 'writers', on: 'host-1', readFrom: 'replica' })]",
    ),
    "workloads[0]: readFrom: 'replica': expected only with Sentinels or a cluster, got it with a single server",
  ],
};

/** Node itself loads scenarios, not a test runner's transformation of it; so this loads them in a Node of their own. */
const LOADER = `
const { loadScenario } = await import(process.argv[1]);
const results = {};
for (const file of process.argv.slice(2)) {
  results[file] = await loadScenario(file).then(
    ({ scenario }) => 'ok ' + scenario.name,
    (error) => error.name + ': ' + error.message,
  );
}
console.log(JSON.stringify(results));`;

let directory: string;
let results: Record<string, string>;
const fileOf = (name: string) =>
  path.join(directory, name.includes('.') ? name : `${name.replaceAll(' ', '-')}.scenario.ts`);

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'lab-scenarios-'));
  for (const [name, [text]] of Object.entries(cases)) writeFileSync(fileOf(name), text);
  const module = new URL('./load-scenario.ts', import.meta.url).href;
  const args = ['--input-type=module', '-e', LOADER, module, ...Object.keys(cases).map(fileOf)];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  results = JSON.parse(output) as Record<string, string>;
}, 30_000);
afterAll(() => rmSync(directory, { recursive: true }));

describe('a scenario', () => {
  it.each(Object.entries(cases))('file: %s', (name, [, message]) => {
    const result = results[fileOf(name)] ?? '';
    if (message instanceof RegExp) expect(result).toMatch(message);
    else if (message.startsWith('ok')) expect(result).toBe(message);
    else expect(result).toContain(message);
    if (!result.startsWith('ok')) expect(result).toContain(`UsageError: ${fileOf(name)}: `);
  });
});

it('that is not there has a nearest name or none', async () => {
  await expect(findScenarios(['split-brian'])).rejects.toThrow(
    'there is no scenario "split-brian"; did you mean "split-brain"?',
  );
  await expect(findScenarios(['./nowhere/x.scenario.ts'])).rejects.toThrow(
    /there is no file .*x\.scenario\.ts/,
  );
});
