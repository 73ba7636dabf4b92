import { describe, expect, it } from 'vitest';
import { LabError } from '../../lab/common/errors.ts';
import { parseRunDocument } from './parse-run-document.ts';
import { textOf } from './run-document.ts';
import { emptySample, hardenedSample, labFailedSample, splitBrainSample } from './sample.ts';
import { clusterSample } from './sample-cluster.ts';

/** The sample's JSON with one field, named by its path, set to `value` or removed. */
function broken(path: (string | number)[], value?: unknown): string {
  const root: unknown = JSON.parse(textOf(splitBrainSample()));
  const parent = path
    .slice(0, -1)
    .reduce((at: unknown, key) => Reflect.get(at as object, key), root) as object;
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return JSON.stringify(root);
}

function complaint(text: string): string {
  try {
    parseRunDocument(text);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return (error as LabError).message;
  }
  return 'it was accepted';
}

describe('parseRunDocument', () => {
  it.each([splitBrainSample, hardenedSample, labFailedSample, emptySample, clusterSample])(
    'gives back %o',
    (sample) => {
      expect(parseRunDocument(textOf(sample()))).toEqual(sample());
    },
  );

  it('says that a text is not JSON, and of which file', () => {
    expect(() => parseRunDocument('{"format": ', 'old/run.json')).toThrow(
      /^old\/run\.json: expected JSON, got 11 characters/,
    );
    expect(complaint('')).toMatch(/^run\.json: expected JSON, got an empty file/);
  });

  it.each(['null', '[]', '42', '{}', '{"format":"other"}'])('refuses %s as not ours', (text) => {
    expect(complaint(text)).toMatch(/not the document of a run: expected "format": "failover-lab\/run", got/);
  });

  it('refuses another version before it complains of anything else', () => {
    expect(complaint('{"format":"failover-lab/run","version":2}')).toBe(
      'run.json: version: expected 1, got 2',
    );
    expect(complaint('{"format":"failover-lab/run"}')).toBe('run.json: version: expected 1, got nothing');
  });

  it.each([
    [
      ['checks', 2, 'verdict'],
      'fine',
      'checks[2].verdict: expected "valid" | "invalid" | "unknown", got "fine"',
    ],
    [['checks', 0, 'summary'], undefined, 'checks[0].summary: expected a string, got nothing'],
    [
      ['seen', 'faults', 0, 'provedAt'],
      'soon',
      'seen.faults[0].provedAt: expected a number | null, got "soon"',
    ],
    [
      ['checks', 0, 'figures', 'lostByCause'],
      { x: 'y' },
      'checks[0].figures.lostByCause: expected a number | null | an object, got an object',
    ],
    [['errors', 'a "b"\nc'], [], 'errors["a \\"b\\"\\nc"]: expected a number, got an array of 0'],
    [['hosts'], 3, 'hosts: expected an array, got 3'],
    [['extra'], 3, 'extra: expected no such field, got 3'],
    [['seen', 'roles', 1, 'role'], 'boss', /^seen\.roles\[1\]\.role: expected "primary" \| .* got "boss"$/],
  ] as const)('names what, and where: %j', (path, value, message) => {
    const said = complaint(broken([...path], value)).replace('run.json: ', '');
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});
