import { describe, expect, test } from 'vitest';
import { classify, type Written } from './classify.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

const readonly = "READONLY You can't write against a read only replica.";
const codes =
  'NOREPLICAS MASTERDOWN LOADING OOM MISCONF NOAUTH WRONGTYPE BUSY CLUSTERDOWN MOVED NOPERM EXECABORT';

describe('answers of a server', () => {
  test.each(['READONLY', ...codes.split(' ')])(
    '%s refuses: fail, if the command was sent but once',
    (code) => {
      expect(classify(reply(`${code} whatever it says`), 'once')).toEqual({ outcome: 'fail', error: code });
    },
  );

  test('a refusal after a resend says nothing about the first time', () => {
    expect(classify(reply(readonly), 'perhaps')).toEqual({ outcome: 'info', error: 'READONLY-after-resend' });
  });

  test('UNBLOCKED is known, and uncertain', () => {
    const error = reply('UNBLOCKED force unblock from blocking operation, instance state changed');
    expect(classify(error, 'once')).toEqual({ outcome: 'info', error: 'UNBLOCKED' });
  });

  test('an answer that nobody knows is info, with its message', () => {
    expect(classify(reply('ERR something new'), 'once')).toEqual({
      outcome: 'info',
      error: 'unclassified: ERR something new',
    });
  });

  test("the answer to the handshake's command fails what was never written, under a name of its own", () => {
    const expected = { outcome: 'fail', error: 'handshake-NOAUTH' };
    expect(classify(reply('NOAUTH Authentication required.'), 'never')).toEqual(expected);
  });
});

describe("the client's own errors", () => {
  const messages: [string, string][] = [
    ["Stream isn't writeable and enableOfflineQueue options is false", 'not-connected'],
    ['Connection is closed.', 'connection-closed'],
    ['Reached the max retries per request limit (which is 1). Refer to …', 'max-retries'],
    ['All sentinels are unreachable and retry is disabled.', 'sentinels-unreachable'],
    ['Not written in time', 'not-written-in-time'],
    ['The client is closed', 'client-closed'],
    ['Socket closed unexpectedly', 'connection-closed'],
    ["Socket timeout timeout. Expecting data, but didn't receive any in 500ms.", 'socket-timeout'],
    ['Disconnects client', 'connection-dropped'],
  ];
  test.each(messages)('%s: fail only when nothing was written', (message, name) => {
    const outcomes = (['never', 'once', 'perhaps'] as Written[]).map((w) => classify(new Error(message), w));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['fail', 'info', 'info']);
    expect(new Set(outcomes.map(({ error }) => error))).toEqual(new Set([name]));
  });

  test('redirections without end: fail when each node has refused, as when none ever had it', () => {
    const error = new Error(
      'Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down',
    );
    const outcomes = (['never', 'refused', 'once', 'perhaps'] as Written[]).map((w) => classify(error, w));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['fail', 'fail', 'info', 'info']);
    expect(new Set(outcomes.map(({ error }) => error))).toEqual(new Set(['too-many-redirections']));
  });

  test('a timeout that used up the redirections is still a timeout: the command waits to be sent again', () => {
    const error = new Error('Too many Cluster redirections. Last error: Error: Command timed out');
    for (const written of ['never', 'refused', 'once', 'perhaps'] as Written[])
      expect(classify(error, written)).toEqual({ outcome: 'info', error: 'timeout' });
  });

  test('a timeout is info even for what was never written: ioredis may run it later', () => {
    expect(classify(new Error('Command timed out'), 'never')).toEqual({ outcome: 'info', error: 'timeout' });
  });

  test('system errors by their code', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(classify(error, 'once')).toEqual({ outcome: 'info', error: 'reset' });
  });

  test('an error that nobody knows is info, whatever was written, on one short line', () => {
    const { outcome, error } = classify(new Error(`odd\n${'x'.repeat(500)}`), 'never');
    expect(outcome).toBe('info');
    expect(error).toMatch(/^unclassified: odd x+$/);
    expect(error.length).toBeLessThan(140);
  });
});
