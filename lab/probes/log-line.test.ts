import { describe, expect, it } from 'vitest';
import { addressBook } from '../mesh/address-book.ts';
import { parseLogLine, redisEvent, sentinelEvent } from './log-line.ts';

const client = { client: 6379 };
const book = addressBook([
  { name: 'redis-1', kind: 'redis', host: 'host-1', ports: client },
  { name: 'redis-2', kind: 'redis', host: 'host-2', ports: client },
  { name: 'redis-3', kind: 'redis', host: 'host-3', ports: client },
  { name: 'sentinel-1', kind: 'sentinel', host: 'host-1', ports: { client: 26379 } },
]);

const parsed = (text: string) => {
  const line = parseLogLine(text);
  if (line === null) throw new Error(`no log line: ${text}`);
  return line;
};
const ofSentinel = (text: string) => sentinelEvent(parsed(`20:X 21 Nov 2026 01:28:20.037 # ${text}`), book);
const ofRedis = (text: string, level = '*') =>
  redisEvent(parsed(`17:M 21 Nov 2026 01:28:20.037 ${level} ${text}`), book);

describe('a line', () => {
  it('has its time in UTC, its level and its text', () => {
    expect(parsed('4687:X 21 Nov 2026 00:43:59.567 # +sdown master lab 127.1.0.11 6379')).toEqual({
      wallMs: Date.UTC(2026, 10, 21, 0, 43, 59, 567),
      level: '#',
      text: '+sdown master lab 127.1.0.11 6379',
    });
    expect(parsed('1:M 01 Jan 2027 00:00:00.000 * ').text).toBe('');
  });

  it.each([
    '',
    '                _._                                                  ',
    '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***',
    '4687:signal-handler (1700000000) Received SIGTERM scheduling shutdown...',
    '4687:X 21 Nov 2026 00:43:59.567',
    'nsenter: failed to execute /x: No such file or directory',
  ])('%j is none', (text) => {
    expect(parseLogLine(text)).toBeNull();
  });
});

describe("Sentinel's events", () => {
  it('name the node and what it is', () => {
    expect(ofSentinel('+sdown master lab 127.1.0.11 6379')).toEqual({
      kind: '+sdown',
      text: '+sdown master lab redis-1 6379',
      data: { instance: 'master', node: 'redis-1' },
    });
    expect(ofSentinel('+odown master lab 127.1.0.11 6379 #quorum 2/2')).toMatchObject({
      kind: '+odown',
      data: { instance: 'master', node: 'redis-1' },
    });
    expect(ofSentinel('-sdown slave 127.1.0.12:6379 127.1.0.12 6379 @ lab 127.1.0.11 6379')).toEqual({
      kind: '-sdown',
      text: '-sdown slave redis-2:6379 redis-2 6379 @ lab redis-1 6379',
      data: { instance: 'slave', node: 'redis-2' },
    });
    const id = '0c484b960fffa44ad82bbebfaa4707793b0652c6';
    expect(ofSentinel(`+sentinel sentinel ${id} 127.1.0.14 26379 @ lab 127.1.0.11 6379`)).toMatchObject({
      data: { instance: 'sentinel', node: 'sentinel-1' },
    });
  });

  it('name both ends of a switch', () => {
    expect(ofSentinel('+switch-master lab 127.1.0.11 6379 127.1.0.13 6379')).toEqual({
      kind: '+switch-master',
      text: '+switch-master lab redis-1 6379 redis-3 6379',
      data: { node: 'redis-1', newPrimary: 'redis-3' },
    });
  });

  it('may have neither', () => {
    expect(ofSentinel('+vote-for-leader 0c484b960fffa44ad82bbebfaa4707793b0652c6 1')).toMatchObject({
      kind: '+vote-for-leader',
      data: {},
    });
    expect(ofSentinel('+new-epoch 1')).toMatchObject({ kind: '+new-epoch' });
    expect(ofSentinel('+tilt #tilt mode entered')).toMatchObject({ kind: '+tilt' });
    expect(ofSentinel('+sdown master lab 10.9.8.7 6379')?.data).toEqual({ instance: 'master', node: '' });
  });

  it.each(['Sentinel ID is 9f2c', 'Running mode=sentinel, port=26379.', 'Next failover delay: I will not'])(
    '%s is none',
    (text) => {
      expect(ofSentinel(text)).toBeNull();
    },
  );
});

describe('what a data node tells', () => {
  const request =
    "from 'id=15 addr=198.18.1.3:33154 laddr=198.18.0.11:6379 fd=9 name=sentinel-71f6c749-cmd')";

  it.each([
    ['Redis by REPLICAOF NO ONE', `MASTER MODE enabled (user request ${request}`],
    ['Redis as the target of FAILOVER', `MASTER MODE enabled (failover request ${request}`],
    ['Valkey by REPLICAOF NO ONE', `PRIMARY MODE enabled (user request ${request}`],
    ['Valkey as the target of FAILOVER', `PRIMARY MODE enabled (failover request ${request}`],
  ])('a promotion: %s', (_who, text) => {
    for (const level of ['*', '#']) {
      expect(ofRedis(text, level)).toMatchObject({
        kind: 'promotion',
        text: expect.stringMatching(/^(MASTER|PRIMARY) MODE enabled$/),
      });
    }
  });

  it.each([
    ['by a Sentinel', `REPLICAOF 127.1.0.12:6379 enabled (user request ${request}`],
    ['under the old name', `SLAVE OF 127.1.0.12:6379 enabled (user request ${request}`],
    ['by handing over', 'Failover target 127.1.0.12:6379 is synced, failing over.'],
  ])('becoming a replica %s', (_how, text) => {
    expect(ofRedis(text)).toMatchObject({ kind: 'replica-of', data: { primary: 'redis-2' } });
  });

  it.each([
    'Full resync from master: 1a186d60967bc5d00cc4715b28577d185a841f95:0',
    'Full resync from primary: 1a186d60967bc5d00cc4715b28577d185a841f95:0',
    'Successful partial resynchronization with master.',
    'Partial resynchronization request from 127.1.0.13:6379 accepted. Sending 0 bytes of backlog starting from offset 2410.',
    'MASTER <-> REPLICA sync: Flushing old data',
    'PRIMARY <-> REPLICA sync: Flushing old data',
  ])('a synchronisation: %s', (text) => {
    expect(ofRedis(text)?.kind).toBe('resync');
  });

  it('a replica that has its copy', () => {
    expect(ofRedis('Synchronization with replica 127.1.0.13:6379 succeeded')).toEqual({
      kind: 'replica-online',
      text: 'Synchronization with replica redis-3:6379 succeeded',
      data: { replica: 'redis-3' },
    });
  });

  it('other warnings, with names for addresses', () => {
    expect(ofRedis('Connection with replica 127.1.0.13:6379 lost.', '#')).toEqual({
      kind: 'log',
      text: 'Connection with replica redis-3:6379 lost.',
    });
    expect(ofRedis("Can't save in background: fork: Cannot allocate memory", '#')?.kind).toBe('log');
    expect(ofRedis('Connection with replica 127.1.0.13:6379 lost.', '*')).toBeNull();
  });

  it.each([
    'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
    'oO0OoO0OoO0Oo Valkey is starting oO0OoO0OoO0Oo',
    'Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=18, just started',
    'Valkey version=8.1.4, bits=64, commit=00000000, modified=0, pid=18, just started',
    'Configuration loaded',
    'Server initialized',
    'CONFIG REWRITE executed with success.',
    'WARNING Memory overcommit must be enabled! Without it, a background save may fail.',
    'WARNING overcommit_memory is set to 0! Background save may fail under low memory condition.',
    'WARNING: The TCP backlog setting of 511 cannot be enforced because somaxconn is lower.',
    'WARNING you have Transparent Huge Pages (THP) support enabled in your kernel.',
  ])('nothing at a start: %s', (text) => {
    expect(ofRedis(text, '#')).toBeNull();
  });
});
