import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRunDocument } from '../data/parse-run-document.ts';
import type { RunDocument } from '../data/run-document.ts';
import { hardenedSample, splitBrainSample } from '../data/sample.ts';
import { htmlReporter } from './html.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import { type Multiplexer, multiplexer } from './multiplexer.ts';
import { runJsonReporter } from './run-json.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'reporters-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const read = (...path: string[]) => readFileSync(join(out, ...path), 'utf8');
const finish = (fanOut: Multiplexer, dir: string, record: RunDocument) =>
  fanOut.forRun()({ type: 'run-ended', dir: join(out, dir), record });

describe('the reporters that write files', () => {
  it('leave a run folder that can be read, and an index that leads to it', async () => {
    const html = htmlReporter(join(out, 'index.html'));
    const fanOut = multiplexer([runJsonReporter(), html, junitReporter(join(out, 'junit.xml'))]);
    finish(fanOut, 'run 1', splitBrainSample());
    expect(read('run 1', 'report.html')).not.toContain('result: outcome');
    finish(fanOut, 'run-2', hardenedSample());
    expect(await fanOut.end()).toEqual([]);
    expect(parseRunDocument(read('run 1', 'run.json'))).toEqual(splitBrainSample());
    expect(read('run 1', 'junit.xml')).toContain('split-brain/vulnerable');
    expect(read('junit.xml').match(/<testsuite /g)).toHaveLength(2);
    expect(read('index.html')).toContain('href="run%201/report.html"');
    expect(html.path()).toBe(join(out, 'index.html'));
    for (const dir of ['run 1', 'run-2']) expect(read(dir, 'report.html')).toContain('result: outcome');
    expect(readdirSync(join(out, 'run-2')).sort()).toEqual(['junit.xml', 'report.html', 'run.json']);
  });

  it('name the only report when there was one run', async () => {
    const html = htmlReporter(join(out, 'index.html'));
    const fanOut = multiplexer([runJsonReporter(), html]);
    finish(fanOut, 'one', splitBrainSample());
    await fanOut.end();
    expect(html.path()).toBe(join(out, 'one', 'report.html'));
  });

  it('write --json anew after each run, and also without any', async () => {
    const file = join(out, 'deep', 'suite.json');
    const fanOut = multiplexer([jsonReporter(file)]);
    finish(fanOut, 'a', splitBrainSample());
    expect(JSON.parse(read('deep', 'suite.json')).runs).toHaveLength(1);
    finish(fanOut, 'b', hardenedSample());
    await fanOut.end();
    const { runs } = JSON.parse(read('deep', 'suite.json'));
    expect(runs.map((run: { variant: string }) => run.variant)).toEqual(['vulnerable', 'hardened']);
    await multiplexer([jsonReporter(join(out, 'none.json'))]).end();
    expect(JSON.parse(read('none.json'))).toEqual({ runs: [] });
  });

  it('say which file could not be written, and keep the others', async () => {
    writeFileSync(join(out, 'file'), '');
    const said: string[] = [];
    const reporters = [jsonReporter(join(out, 'file', 'suite.json')), junitReporter(join(out, 'junit.xml'))];
    const fanOut = multiplexer(reporters, (line) => void said.push(line));
    finish(fanOut, 'a', splitBrainSample());
    await fanOut.end();
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`cannot write ${join(out, 'file', 'suite.json')}`);
    expect(existsSync(join(out, 'junit.xml'))).toBe(true);
  });
});
