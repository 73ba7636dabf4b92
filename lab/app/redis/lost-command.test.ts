import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { TestServers } from '../../workload/test-servers.ts';
import { isLostCommand } from './lost-command.ts';

const servers = new TestServers();
afterAll(() => servers.end());

/** Subscribes, loses the connection, and is told to disconnect when it subscribes again. */
const script = (port: number) => `
  import { Redis } from 'ioredis';
  import { isLostCommand } from '${path.join(import.meta.dirname, 'lost-command.ts')}';
  process.on('unhandledRejection', (reason) => console.log(isLostCommand(reason), reason.message));
  const redis = new Redis({ port: ${port}, retryStrategy: () => 1 });
  redis.on('error', () => {});
  await redis.subscribe('a');
  redis.on('ready', () => {
    redis.disconnect();
    redis.stream.destroy();
  });
  redis.stream.destroy();
`;

test('what ioredis loses when it subscribes again is known as that', async () => {
  const { port } = await servers.redis();
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script(port)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: import.meta.dirname,
    timeout: 10_000,
  });
  expect(stdout).toBe('true Connection is closed.\n');
});

test('anything else is not', () => {
  expect(isLostCommand(new Error('Connection is closed'))).toBe(false);
  expect(isLostCommand('Connection is closed.')).toBe(false);
  expect(isLostCommand(new TypeError('undefined is not a function'))).toBe(false);
});
