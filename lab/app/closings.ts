import type { FastifyInstance } from 'fastify';

/** How long a part may take to close when the time of the shutdown is up already. */
const LAST_MS = 250;

/** A graceful shutdown: what is to be done, and doing it. */
export interface Closings {
  add(close: () => Promise<void>): void;
  /** Runs once, however often it is called; never throws, and is over soon after `shutdownMs`. */
  run(): Promise<void>;
}

/** First the server stops accepting and finishes its requests, then each registered closing runs, the last one first. */
export function closings(server: FastifyInstance, shutdownMs: number): Closings {
  const registered: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;
  const close = async () => {
    const deadline = performance.now() + shutdownMs;
    const left = () => Math.max(LAST_MS, deadline - performance.now());
    const requests = await within(shutdownMs, server.close());
    if (requests !== null) server.log.warn({ reason: requests }, 'requests were cut off');
    server.server.closeAllConnections();
    for (const each of registered.reverse()) {
      const reason = await within(left(), each());
      if (reason !== null) server.log.warn({ reason }, 'closing failed');
    }
  };
  return {
    add: (each) => void registered.push(each),
    run() {
      running ??= close();
      return running;
    },
  };
}

/** Why it was not done within so long; null when it was. */
async function within(ms: number, done: PromiseLike<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, ms, `not done within ${Math.round(ms)} ms`);
  });
  const well = Promise.resolve(done).then(
    () => null,
    (error: unknown) => String(error),
  );
  const reason = await Promise.race([well, late]);
  clearTimeout(timer);
  return reason;
}
