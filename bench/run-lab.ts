import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SuiteJson, SuiteRun } from '../reports/data/suite-json.ts';

const BIN = path.join(import.meta.dirname, '../lab/cli/bin.mjs');

/** `lab run` with these arguments, in a folder that is removed: what came of each run. Its exit code does not matter here. */
export async function runLab(args: readonly string[]): Promise<readonly SuiteRun[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
  const json = path.join(dir, 'runs.json');
  const all = [BIN, 'run', ...args, '--out', dir, '--json', json];
  try {
    await new Promise<void>((resolve) => {
      execFile(process.execPath, all, { maxBuffer: 1 << 26 }, () => resolve());
    });
    return (JSON.parse(readFileSync(json, 'utf8')) as SuiteJson).runs;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
