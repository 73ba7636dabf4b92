import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../common/errors.ts';
import { freePort } from '../../common/free-port.ts';
import { leashed } from '../run-command.ts';
import { askFeatures, type FeatureSet } from './ask-features.ts';
import { type AskedServer, askedServers } from './asked-servers.ts';
import type { Asked } from './features.ts';

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
  const running = new Map<Asked, Running>();
  try {
    const [server, node, bus, sentinel] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const ports = { server, 'cluster node': node, sentinel };
    for (const [name, asked] of Object.entries(askedServers(ports, bus, dir)))
      running.set(name as Asked, start(redisServer, asked, environment));
    return await askFeatures(ports, (name) => mustRun(name, running.get(name)?.child));
  } finally {
    for (const { child } of running.values()) child.kill('SIGKILL');
    await Promise.all([...running.values()].map(({ ended }) => ended));
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Running {
  child: ChildProcess;
  ended: Promise<void>;
}

/** It dies with us, however we die. */
function start(
  redisServer: string,
  { file, text, args }: AskedServer,
  environment: NodeJS.ProcessEnv,
): Running {
  writeFileSync(file, text);
  const [program, argv] = leashed(redisServer, args, environment);
  const child = spawn(program, argv, { env: environment, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return { child, ended };
}

function mustRun(name: Asked, child: ChildProcess | undefined): void {
  const how = child?.exitCode ?? child?.signalCode ?? null;
  if (how !== null) throw new LabError(`${child?.spawnfile} ended as a ${name} with ${how}`);
}
