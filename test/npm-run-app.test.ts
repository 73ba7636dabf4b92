import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../lab/common/free-port.ts';
import { until } from '../lab/common/until.ts';

const SCRIPT = join(import.meta.dirname, '../scripts/app.ts');

async function start() {
  const [port, redisPort] = [await freePort(), await freePort()];
  const args = [SCRIPT, '--port', String(port), '--redis-port', String(redisPort), '--users', '20'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await until(() => output.includes('Ctrl-C'), { what: 'the application', withinMs: 60_000 });
  return { child, output, redisPort, url: `http://127.0.0.1:${port}`, servers: childrenOf(child.pid ?? 0) };
}

test('logs in as it says, is audited, and Ctrl-C ends everything', async () => {
  const { child, output, redisPort, url, servers } = await start();
  expect(output).toContain(`${url}/login`);
  const login = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"user": 17, "password": "password-17"}',
  });
  expect(login.status).toBe(200);
  const audit = spawn(process.execPath, [
    SCRIPT,
    'memory-audit',
    '--redis',
    `127.0.0.1:${redisPort}`,
    '--json',
  ]);
  let text = '';
  audit.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(audit, 'close');
  expect(JSON.parse(text).owners).toContainEqual(expect.objectContaining({ owner: 'sessions', keys: 2 }));
  expect(servers.length).toBeGreaterThanOrEqual(2);
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[0]).toBe(0);
  await until(() => !servers.some(isAlive), { what: 'its servers to end', withinMs: 10_000 });
}, 120_000);

test('after SIGKILL nothing of it runs on', async () => {
  const { child, servers } = await start();
  expect(servers.length).toBeGreaterThanOrEqual(2);
  child.kill('SIGKILL');
  await until(() => servers.every((pid) => !isAlive(pid)), { what: 'its servers to end', withinMs: 10_000 });
}, 120_000);

/** Processes whose parent it is. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.[1] === String(parent));
}

/** A zombie runs no more. */
const isAlive = (pid: number) => ![undefined, 'Z', 'X'].includes(statOf(pid)?.[0]);

/** State, parent: what follows the name, which may hold anything. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
