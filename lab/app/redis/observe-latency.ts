import type { Command } from 'ioredis';
import type { RedisClient } from '../context.ts';

/** Their answer comes when there is something to answer: no latency. */
const BLOCKING = new Set(['blpop', 'brpop', 'blmove', 'bzpopmin', 'bzpopmax', 'xread', 'xreadgroup', 'wait']);

/** Calls `heard` with the seconds from a command's sending to its answer, once for each command, resent or not. */
export function observeLatency(client: RedisClient, heard: (seconds: number, isOk: boolean) => void): void {
  const seen = new WeakSet<Command>();
  const send = client.sendCommand.bind(client);
  client.sendCommand = ((command: Command, ...rest: []) => {
    if (!seen.has(command) && !BLOCKING.has(command.name)) {
      seen.add(command);
      const start = performance.now();
      const done = (isOk: boolean) => heard((performance.now() - start) / 1000, isOk);
      command.promise.then(
        () => done(true),
        () => done(false),
      );
    }
    return send(command, ...rest);
  }) as typeof client.sendCommand;
}
