import { Agent, get } from 'node:http';
import type { RunClock } from './run-clock.ts';

/** One value that an instance read from the database into the cache. */
export interface Fill {
  instance: string;
  key: string;
  version: number;
  /** Milliseconds since the run's start. */
  at: number;
}

export interface FillProbe {
  readonly fills: readonly Fill[];
  /** Asks once more, and stops asking. */
  stop(): Promise<void>;
}

interface Answer {
  next: number;
  fills: { key: string; version: number; at: number }[];
}

/** Asks each instance what it has filled since the last time. What an instance had not yet told when it was killed is not known. */
export function fillProbe(
  instances: readonly { name: string; host: string; port: number }[],
  clock: RunClock,
  everyMs: number,
): FillProbe {
  const agent = new Agent({ keepAlive: true, maxSockets: instances.length });
  const fills: Fill[] = [];
  const next = new Map<string, number>();
  const asking = new Map<string, Promise<void>>();

  const ask = async ({ name, host, port }: (typeof instances)[number]) => {
    const after = next.get(name) ?? 0;
    const answer = await read({ host, port, path: `/internal/fills?after=${after}`, agent });
    if (answer === null) return;
    // It was started anew and counts from the beginning.
    if (answer.next < after) return void next.set(name, 0);
    next.set(name, answer.next);
    for (const { key, version, at } of answer.fills)
      fills.push({ instance: name, key, version, at: clock.ofWall(at) });
  };
  const askOnce = (instance: (typeof instances)[number]): Promise<void> => {
    const { name } = instance;
    const under = asking.get(name) ?? ask(instance).finally(() => asking.delete(name));
    asking.set(name, under);
    return under;
  };
  const timer = setInterval(() => {
    for (const instance of instances) void askOnce(instance);
  }, everyMs);
  return {
    fills,
    async stop() {
      clearInterval(timer);
      await Promise.all(asking.values());
      await Promise.all(instances.map(ask));
      agent.destroy();
    },
  };
}

/** The answer; null from an instance that is down, busy or too slow. */
function read(target: { host: string; port: number; path: string; agent: Agent }): Promise<Answer | null> {
  return new Promise((resolve) => {
    const request = get({ ...target, timeout: 1000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => resolve(null));
      response.on('end', () =>
        resolve(response.statusCode === 200 ? JSON.parse(Buffer.concat(chunks).toString()) : null),
      );
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}
