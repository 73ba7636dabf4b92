import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseRunDocument } from '../../reports/data/parse-run-document.ts';
import { documentOf, textOf } from '../../reports/data/run-document.ts';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { LabError } from '../common/errors.ts';
import type { RunEvent } from '../run/events.ts';
import type { RunJob } from '../run/job.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { failedRecord } from './failed-record.ts';
import { recorded } from './recorded.ts';

const splitBrain = {
  name: 'split-brain',
  title: 'Split brain',
  claim: 'c',
  advice: '',
  settings: [],
  variants: { vulnerable: 'v', hardened: 'h' },
} as unknown as Scenario;
const startedAt = new Date('2026-01-05T09:30:00.000Z');
const killed = new LabError('the run’s process ended by SIGKILL');
const phase = (name: string, at: number): RunEvent => ({ type: 'phase', name, at });
const event = (at: number, source: string, kind: string): RunEvent => ({
  type: 'event',
  event: { at, source, kind, text: kind },
});

function jobIn(history: string | null): RunJob {
  const dir = mkdtempSync(path.join(tmpdir(), 'lab-died-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  if (history !== null) writeFileSync(path.join(dir, 'history.jsonl'), history);
  return {
    dir,
    variant: 'vulnerable',
    timing: 'fast',
    seed: 1,
    server: { product: 'redis', version: '7.0.15', features: null },
    versions: {},
    commands: { replay: 'r', check: 'c' },
    shownFile: 'f',
  } as RunJob;
}

const history = [
  '{"format":"failover-lab history","version":1,"columns":["client","f","key","value","invoked","completed","outcome","node","error"]}',
  '{"client":0,"name":"beside/1","group":"beside","host":"a"}',
  '[0,"add","k",1,3000,3001,"ok","redis-1",null]',
  '[0,"add","k",2,3100,3101,"info",null,"timeout"]',
  '[0,"add","k",3,32',
].join('\n');

describe('failedRecord', () => {
  it('of a run that told nothing is empty, and its report says so in its first line', () => {
    const record = failedRecord(
      jobIn(null),
      splitBrain,
      { events: [], last: null, startedAt, backend: 'namespaces' },
      killed,
    );
    expect(record).toMatchObject({ outcome: 'lab-failed', durationMs: 0, hosts: [], clients: [] });
    const page = renderReport(parseRunDocument(textOf(documentOf(record)), 'run.json'));
    expect(page).toMatch(
      /<main><header><p class="partial" role="note"><b>This report is partial<\/b>: the run’s process ended by SIGKILL/,
    );
  });

  it('has what was told last, what was heard since, and what its clients had recorded, up to a torn line', async () => {
    const last = {
      ...splitBrainSample(),
      checks: [],
      durationMs: 4000,
      seen: {
        ...splitBrainSample().seen,
        durationMs: 4000,
        roles: [
          { node: 'redis-1', role: 'primary' as const, from: 600, to: 4000 },
          { node: 'redis-2', role: 'replica' as const, from: 650, to: 4000 },
        ],
      },
    };
    const events = [
      phase('provision', 0),
      phase('disturb', 3100),
      event(4790, 'redis-2', 'promotion'),
      event(5000, 'sentinel-2', '+switch-master'),
    ];
    const job = jobIn(history);
    const heard = failedRecord(job, splitBrain, { events, last, startedAt, backend: 'namespaces' }, killed);
    const record = { ...heard, ...(await recorded(job.dir, heard)) };
    expect(record.durationMs).toBe(5000);
    expect(record.hosts).toEqual(last.hosts);
    expect(record.phases.at(-1)).toEqual({ name: 'disturb', from: 3100, to: 5000 });
    expect(record.seen.roles).toEqual([
      { node: 'redis-1', role: 'primary', from: 600, to: 5000 },
      { node: 'redis-2', role: 'replica', from: 650, to: 4790 },
      { node: 'redis-2', role: 'primary', from: 4790, to: 5000 },
    ]);
    expect(record.errors).toEqual({ timeout: 1 });
    expect(record.series.groups[0]?.writesBy?.['redis-1']?.[30]).toBe(1);
    expect(renderReport(documentOf(record))).toContain('redis-1 and redis-2 both believe to be primary');
  });
});
