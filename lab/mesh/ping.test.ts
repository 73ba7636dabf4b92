import { describe, expect, it } from 'vitest';
import type { Spoken } from './address-book.ts';
import { pingOf } from './ping.ts';

/** How many answers are counted when `text` comes back in pieces of this size, and how many are asked for. */
function counted(kind: Spoken, bytes: number, text: string, size: number): string {
  const ping = pingOf(kind, 0, bytes);
  if (ping === null) return 'no ping';
  let answers = 0;
  for (let at = 0; at < text.length; at += size) answers += ping.count(text.slice(at, at + size));
  return `${answers} of ${ping.answers}`;
}

const part = (length: number) => `$${length}\r\n${'x'.repeat(length)}\r\n`;
const http = (status: string) => `HTTP/1.1 ${status}\r\ncontent-length: 2\r\n\r\n{}`;

describe.each([1, 7, 1000, 1e6])('in pieces of %i bytes', (size) => {
  it('Redis answers, or refuses', () => {
    expect(counted('redis', 0, '+PONG\r\n', size)).toBe('1 of 1');
    expect(counted('sentinel', 0, '-NOAUTH Authentication required.\r\n', size)).toBe('1 of 1');
    expect(counted('redis', 0, '+PONG', size)).toBe('0 of 1');
    expect(counted('redis', 20_000, part(16_000) + part(4000), size)).toBe('2 of 2');
    expect(counted('redis', 20_000, part(16_000) + part(4000).slice(0, 3000), size)).toBe('1 of 2');
    expect(counted('redis', 20_000, '-NOAUTH a\r\n-NOAUTH a\r\n', size)).toBe('2 of 2');
  });

  it('a node of a cluster answers on its bus', () => {
    const pong = `RCmb${'\0'.repeat(2252)}`;
    expect(counted('bus', 0, pong, size)).toBe('1 of 1');
    expect(counted('bus', 5000, pong.repeat(3), size)).toBe('3 of 3');
    expect(counted('bus', 5000, pong.repeat(2), size)).toBe('2 of 3');
    expect(counted('bus', 0, '-ERR\r\n', size)).toBe('0 of 1');
  });

  it('an HTTP server answers, whatever it says', () => {
    expect(counted('app', 0, http('404 Not Found'), size)).toBe('1 of 1');
    expect(counted('app', 20_000, http('200 OK').repeat(3), size)).toBe('3 of 3');
    expect(counted('app', 20_000, http('200 OK').repeat(2), size)).toBe('2 of 3');
  });
});

it('PostgreSQL answers three different questions, none of them of more than 9,000 bytes', () => {
  const codes = [0, 1, 2, 3].map((turn) => pingOf('postgres', turn, 0)?.data.readInt32BE(4));
  expect(codes).toEqual([80877103, 80877104, 196608, 196608]);
  expect(counted('postgres', 0, 'N', 1)).toBe('1 of 1');
  expect(counted('postgres', 0, '', 1)).toBe('0 of 1');
  expect(pingOf('postgres', 0, 9000)?.data.length).toBeGreaterThan(9000);
  expect(counted('postgres', 9001, 'N', 1)).toBe('no ping');
});

it('carries as many bytes as it is asked for', () => {
  for (const kind of ['redis', 'app', 'postgres', 'bus'] as const) {
    expect(pingOf(kind, 0, 8000)?.data.length).toBeGreaterThan(8000);
  }
  expect(pingOf('app', 0, 100_000)?.data.length).toBeGreaterThan(100_000);
});
