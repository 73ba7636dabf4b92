import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { messageOf } from '../lab/common/errors.ts';
import { until } from '../lab/common/until.ts';
import { openDaemon } from '../lab/docker/daemon.ts';
import { exercisesIn, isShown, marked, type Step } from './playground-exercises.ts';
import { type PlaygroundShell, playgroundShell } from './playground-shell.ts';
import { documentText } from './snippets.ts';

const guide = documentText('docs/playground.md');
const docker = inject('docker');
let shell: PlaygroundShell | undefined;
let missing = 'missing' in docker ? docker.missing : '';

beforeAll(async () => {
  if ('missing' in docker) return;
  shell = await playgroundShell(docker.host).catch((error: unknown) => {
    missing = messageOf(error);
    process.stderr.write(`the playground's tests are skipped: ${missing}\n`);
    return undefined;
  });
  // The project is there already, as it is being tested.
  await shell?.run(marked(guide, 'setup').replace('npm ci\n', ''));
}, 180_000);

afterAll(async () => {
  await shell?.run('docker compose --profile load down -v --timeout 1').finally(() => shell?.close());
}, 60_000);

test('all of it is healthy', async ({ skip }) => {
  if (shell === undefined) return skip(missing);
  const lines = (await shell.run(`docker compose ps --format '{{.Service}} {{.Health}}'`)).trim().split('\n');
  expect(lines.filter((line) => !line.endsWith(' healthy'))).toEqual([]);
  expect(lines).toHaveLength(26);
});

for (const { title, steps } of exercisesIn(guide)) {
  test(title, { timeout: 180_000 }, async ({ skip }) => {
    if (shell === undefined) return skip(missing);
    for (const step of steps) await followed(shell, step);
  });
}

test('nothing is left of it', async ({ skip }) => {
  if (shell === undefined || 'missing' in docker) return skip(missing);
  await shell.run(marked(guide, 'end'));
  const { docker: daemon } = await openDaemon({ DOCKER_HOST: docker.host });
  const filters = { label: ['com.docker.compose.project=failover-lab'] };
  expect(await daemon.listContainers({ all: true, filters })).toEqual([]);
  expect(await daemon.listNetworks({ filters })).toEqual([]);
  expect((await daemon.listVolumes()).Volumes ?? []).toEqual([]);
});

/** Does what a reader does, and sees what a reader is to see. */
async function followed({ run }: PlaygroundShell, { script, again, shown }: Step): Promise<void> {
  let printed = await run(script);
  if (shown === null) return;
  const seen = () => isShown(printed, shown);
  if (again && !seen()) {
    const look = async () => {
      printed = await run(script);
      return seen();
    };
    // What was seen instead says more than that the time is up.
    await until(look, { what: script, withinMs: 60_000, everyMs: 200 }).catch(() => {});
  }
  expect(seen(), `${script}\nexpected:\n${shown}\ngot:\n${printed}`).toBe(true);
}
