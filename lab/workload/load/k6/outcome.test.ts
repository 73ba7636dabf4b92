import { expect, test } from 'vitest';
import { fateOf } from './outcome.ts';

test.each([
  [200, 0, '', 'ok', null],
  [204, 0, '', 'ok', null],
  [401, 1401, '', 'fail', 'http 401'],
  [429, 1429, '', 'fail', 'http 429'],
  [503, 1503, '', 'fail', 'http 503'],
  [504, 1504, '', 'info', 'http 504'],
  [500, 1500, '', 'info', 'http 500'],
  [0, 1212, 'dial: connection refused', 'fail', 'refused'],
  [0, 1220, 'read: connection reset by peer', 'info', 'reset'],
  [0, 1000, 'EOF', 'info', 'reset'],
  [0, 1050, 'request timeout', 'info', 'timeout'],
  [0, 1211, 'dial: i/o timeout', 'info', 'timeout'],
  [0, 1000, 'what\tis\nthis', 'info', 'unclassified: what is this'],
])('status %d, code %d %s: %s %s', (status, error_code, error, outcome, expected) => {
  expect(fateOf({ status, error_code, error })).toEqual({ outcome, error: expected });
});
