import type { ClientOptions } from 'failover-lab';

/**
 * ioredis options of a client that notices what happens to its server; worth copying. It follows an announced
 * switch, gives up on a server or a Sentinel that is silent, leaves one that says READONLY, and is told to connect again
 * when ioredis has ended it (the scenario `ended-client` shows why).
 */
export const attentive: ClientOptions = {
  failoverDetector: true,
  connectTimeout: 1000,
  commandTimeout: 500,
  socketTimeout: 1000,
  disconnectTimeout: 200,
  sentinelCommandTimeout: 500,
  maxRetriesPerRequest: 1,
  retryDelay: { minMs: 50, maxMs: 500, jitter: 0.5 },
  sentinelRetryDelay: { minMs: 50, maxMs: 500, jitter: 0.5 },
  reconnectOnError: { codes: ['READONLY'], action: 'reconnect-and-resend' },
  connectAgainAfterEndMs: 100,
};

/** The same for the table of settings that differ. */
export const attentiveSettings = [
  { name: 'ioredis: failoverDetector', vulnerable: 'false (default)', hardened: 'true' },
  { name: 'ioredis: commandTimeout', vulnerable: 'none (default)', hardened: '500' },
  { name: 'ioredis: socketTimeout', vulnerable: 'none (default)', hardened: '1000' },
  { name: 'ioredis: connectTimeout', vulnerable: '10000 (default)', hardened: '1000' },
  { name: 'ioredis: disconnectTimeout', vulnerable: '2000 (default)', hardened: '200' },
  { name: 'ioredis: sentinelCommandTimeout', vulnerable: 'none (default)', hardened: '500' },
  { name: 'ioredis: maxRetriesPerRequest', vulnerable: '20 (default)', hardened: '1' },
  {
    name: 'ioredis: retryStrategy, sentinelRetryStrategy',
    vulnerable: 'backs off to 5 s, to 1 s (default)',
    hardened: '(times) => Math.min(500, 50 * 2 ** (times - 1)) * (1 + Math.random() / 2)',
  },
  {
    name: 'ioredis: reconnectOnError',
    vulnerable: 'none (default)',
    hardened: '(error) => error.message.startsWith("READONLY") ? 2 : false',
  },
  {
    name: "ioredis: redis.on('end', …)",
    vulnerable: 'nothing',
    hardened: '() => setTimeout(() => redis.connect().catch(() => {}), 100)',
  },
];
