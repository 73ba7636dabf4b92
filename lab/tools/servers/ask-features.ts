import { Redis } from 'ioredis';
import { LabError, messageOf } from '../../common/errors.ts';
import { until } from '../../common/until.ts';
import { ASKED_HOST, type AskedPorts } from './asked-servers.ts';
import { type Asked, features, showsFeature } from './features.ts';

/** Which features a server has, by their names. */
export type FeatureSet = Readonly<Record<string, boolean>>;

const READY_MS = 5000;

/**
 * Gives the command of each feature to the server that it is asked of. `mustRun` throws LabError once one has ended.
 * LabError when one of them does not come up.
 */
export async function askFeatures(
  ports: AskedPorts,
  mustRun: (name: Asked) => void = () => {},
): Promise<FeatureSet> {
  const clients = new Map(
    Object.entries(ports).map(([name, port]): [Asked, Redis] => [name as Asked, clientOf(port)]),
  );
  try {
    await Promise.all([...clients].map(([name, client]) => ready(name, client, mustRun)));
    const found = await Promise.all(
      features.map(async (feature) => {
        const [command = '', ...args] = feature.command;
        const answer = await clients
          .get(feature.asked)
          ?.call(command, ...args)
          .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
        return [feature.name, showsFeature(feature, answer)] as const;
      }),
    );
    return Object.fromEntries(found);
  } finally {
    for (const client of clients.values()) client.disconnect();
  }
}

function clientOf(port: number): Redis {
  const client = new Redis({
    host: ASKED_HOST,
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
  return client;
}

async function ready(name: Asked, client: Redis, mustRun: (name: Asked) => void): Promise<void> {
  await until(
    async () => {
      mustRun(name);
      return (await client.ping()) === 'PONG';
    },
    { what: `a ${name} to answer`, withinMs: READY_MS, everyMs: 10, fatal: LabError },
  ).catch((error: unknown) => {
    throw new LabError(`what the server offers could not be asked: ${messageOf(error)}`, { cause: error });
  });
}
