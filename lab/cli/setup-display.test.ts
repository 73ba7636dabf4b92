import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { setupDisplay } from './setup-display.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) };
}

it('writes plain lines outside a terminal, without a download’s every step', () => {
  const stream = sink(false);
  const display = setupDisplay(stream);
  display.show({ kit: 'k6', state: 'working', text: 'fetching x' });
  display.show({ kit: 'k6', state: 'working', text: 'fetching x: 1.0 of 9.0 MB' });
  display.show({ kit: 'k6', state: 'failed', text: 'release: refused' });
  display.show({ kit: 'k6', state: 'working', text: 'go install' });
  vi.advanceTimersByTime(16_000);
  display.show({ kit: 'k6', state: 'done', text: 'k6 1.8.1' });
  display.end();
  vi.advanceTimersByTime(60_000);
  expect(stream.written).toHaveLength(5);
  expect(stream.written.slice(0, 3)).toEqual([
    'k6: fetching x\n',
    'k6: release: refused\n',
    'k6: go install\n',
  ]);
  expect(stream.written[3]).toMatch(/^still at work: k6: go install/);
  expect(stream.written[4]).toMatch(/^k6: got k6 1.8.1 /);
});

it('keeps one line in a terminal, not wider than it, and takes it away', () => {
  const stream = sink(true);
  const display = setupDisplay(stream);
  display.show({ kit: 'k6', state: 'working', text: 'a long text '.repeat(20) });
  vi.advanceTimersByTime(1000);
  expect(stream.written).toHaveLength(5);
  for (const line of stream.written) expect(line.replace('\r\x1b[2K', '').length).toBeLessThan(60);
  expect(stream.written.join('')).not.toContain('\n');
  display.end();
  expect(stream.written.at(-1)).toBe('\r\x1b[2K');
});

it('writes nothing when nothing happens', () => {
  const stream = sink(true);
  setupDisplay(stream).end();
  expect(stream.written).toEqual([]);
});
