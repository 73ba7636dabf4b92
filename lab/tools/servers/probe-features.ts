import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { LabError, messageOf } from '../../common/errors.ts';
import { freePort } from '../../common/free-port.ts';
import { until } from '../../common/until.ts';
import { leashed } from '../run-command.ts';
import { type Asked, features, showsFeature } from './features.ts';

/** Which features a server has, by their names. */
export type FeatureSet = Readonly<Record<string, boolean>>;

const HOST = '127.0.0.1';
const READY_MS = 5000;

/**
 * Asks a server's binary what it offers: starts it alone, as a node of a cluster and as a Sentinel, on free ports of this
 * machine's loopback, gives each command of features.ts, and ends all three. Takes a fifth of a second.
 * Throws LabError when one of them does not come up.
 */
export async function probeFeatures(
  redisServer: string,
  environment: NodeJS.ProcessEnv,
): Promise<FeatureSet> {
  const dir = mkdtempSync(join(tmpdir(), 'lab-features-'));
  const running: Running[] = [];
  try {
    const [alone, node, bus, watcher] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const begin = (name: Asked, port: number, lines: readonly string[], args: readonly string[] = []) => {
      const file = join(dir, `${port}.conf`);
      writeFileSync(file, [`port ${port}`, `bind ${HOST}`, `dir ${dir}`, ...lines, ''].join('\n'));
      const begun = start(redisServer, [file, ...args], name, port, environment);
      running.push(begun);
      return begun;
    };
    const asked: Readonly<Record<Asked, Running>> = {
      server: begin('server', alone, ['save ""']),
      'cluster node': begin('cluster node', node, [
        'save ""',
        'cluster-enabled yes',
        `cluster-config-file ${node}.nodes`,
        `cluster-port ${bus}`,
      ]),
      sentinel: begin('sentinel', watcher, [`sentinel monitor lab ${HOST} ${alone} 1`], ['--sentinel']),
    };
    await Promise.all(running.map(ready));
    const found = await Promise.all(
      features.map(async (feature) => {
        const [command = '', ...args] = feature.command;
        const answer = await asked[feature.asked].client
          .call(command, ...args)
          .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
        return [feature.name, showsFeature(feature, answer)] as const;
      }),
    );
    return Object.fromEntries(found);
  } finally {
    for (const { client, child } of running) {
      client.disconnect();
      child.kill('SIGKILL');
    }
    await Promise.all(running.map(({ ended }) => ended));
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Running {
  name: Asked;
  client: Redis;
  child: ChildProcess;
  ended: Promise<void>;
}

/** It dies with us, however we die. */
function start(
  redisServer: string,
  args: readonly string[],
  name: Asked,
  port: number,
  environment: NodeJS.ProcessEnv,
): Running {
  const [file, argv] = leashed(redisServer, args, environment);
  const child = spawn(file, argv, { env: environment, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const client = new Redis({
    host: HOST,
    port,
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    commandTimeout: 2000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 10,
  });
  client.on('error', () => {});
  return { name, client, child, ended };
}

async function ready({ name, client, child }: Running): Promise<void> {
  await until(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new LabError(
          `${child.spawnfile} ended as a ${name} with ${child.exitCode ?? child.signalCode}`,
        );
      return (await client.ping()) === 'PONG';
    },
    { what: `a ${name} to answer`, withinMs: READY_MS, everyMs: 10, fatal: LabError },
  ).catch((error: unknown) => {
    throw new LabError(`what the server offers could not be asked: ${messageOf(error)}`, { cause: error });
  });
}
