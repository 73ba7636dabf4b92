import { Redis } from 'ioredis';
import { monotonicMs } from '../common/clock.ts';
import { LabError, messageOf } from '../common/errors.ts';
import type { FinalRead } from '../history/operation.ts';
import { keysOf } from './keys-of.ts';
import type { RedisWorkload } from './workload.ts';

/** Which node is read, and how it is reached from the lab. */
export interface FinalReadOptions {
  node: string;
  host: string;
  port: number;
  /** What it asks for, if anything. */
  username?: string;
  password?: string;
  /** `monotonicMs()` at the run's start. */
  startOfRunMs: number;
  /** Milliseconds for each answer. Default 10 000. */
  timeoutMs?: number;
}

/** Members asked for at once: some milliseconds of the server's time. */
const scanCount = 5000;

/**
 * Reads every key of a workload from one node. Run it when nothing writes any more. Throws LabError when the
 * node does not answer, or when a key holds something that the workload cannot have written.
 */
export async function finalRead(workload: RedisWorkload, options: FinalReadOptions): Promise<FinalRead[]> {
  const { node, host, port, username, password, startOfRunMs, timeoutMs = 10_000 } = options;
  const { subject, keys } = keysOf(workload);
  const redis = readConnection({ host, port, username, password }, timeoutMs);
  let lastError: unknown;
  redis.on('error', (error) => {
    lastError = error;
  });
  try {
    const reads: FinalRead[] = [];
    for (const key of keys) {
      const values = await valuesOf(redis, subject, key);
      reads.push({ subject, key, node, at: monotonicMs() - startOfRunMs, values });
    }
    return reads;
  } catch (cause) {
    const why = lastError === undefined ? messageOf(cause) : messageOf(lastError);
    throw new LabError(
      `the final read of workload "${workload.name}" from ${node} (${host}:${port}) failed: ${why}`,
      {
        cause,
      },
    );
  } finally {
    redis.disconnect();
  }
}

/** A connection for one reading, which is not tried again when it breaks. */
export function readConnection(
  {
    host,
    port,
    username,
    password,
  }: { host: string; port: number; username?: string | undefined; password?: string | undefined },
  timeoutMs: number,
): Redis {
  return new Redis({
    ...{ host, port, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...{ connectTimeout: timeoutMs, commandTimeout: timeoutMs },
  });
}

/** What a key holds. `before` is called before each command. LabError when it is no whole number. */
export function valuesOf(
  redis: Redis,
  subject: FinalRead['subject'],
  key: string,
  before: () => void = () => {},
): Promise<number[]> {
  return subject === 'set' ? members(redis, key, before) : single(redis, key, before);
}

/** SSCAN gives every member that is there throughout, some of them twice; and does not hold the server up as SMEMBERS does. */
async function members(redis: Redis, key: string, before: () => void): Promise<number[]> {
  const found = new Set<number>();
  let cursor = '0';
  do {
    before();
    const [next, batch] = await redis.sscan(key, cursor, 'COUNT', scanCount);
    for (const member of batch) found.add(wholeNumber(member, key));
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}

async function single(redis: Redis, key: string, before: () => void): Promise<number[]> {
  before();
  const value = await redis.get(key);
  return value === null ? [] : [wholeNumber(value, key)];
}

function wholeNumber(text: string, key: string): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value)) return value;
  throw new LabError(`expected a whole number in ${key}, got ${JSON.stringify(text)}`);
}
