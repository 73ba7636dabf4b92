import type { ExpectationResult, RunRecord } from '../../lab/run/record.ts';
import type { FinishedRun } from '../data/suite-json.ts';

/**
 * JUnit's XML, as CI servers read it: a test suite for each run, a test case for each expectation (for a run
 * that failed or came to no expectation, one case for the run). The format has no standard; this keeps to what
 * https://github.com/testmoapp/junitxml lists as common.
 */
export function junitXml(runs: readonly FinishedRun[]): string {
  const suites = runs.map(suiteOf);
  const all = suites.flatMap((suite) => suite.cases);
  const totals = attributes({
    name: 'failover-lab',
    ...countsOf(all),
    time: timeOf(runs.map((run) => run.record)),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals}>\n${suites.map((suite) => suite.xml).join('')}</testsuites>\n`;
}

interface Case {
  name: string;
  end: 'passed' | 'failure' | 'error' | 'skipped';
  message: string;
  text: string;
}

function suiteOf({ dir, record }: FinishedRun): { xml: string; cases: Case[] } {
  const { scenario, variant, timing, speed = 1, seed } = record;
  const name = `${scenario.name}/${variant}`;
  const cases = casesOf(record);
  const time = timeOf([record]);
  const head = attributes({
    name,
    ...countsOf(cases),
    time,
    timestamp: record.startedAt,
    file: scenario.file,
  });
  const facts = {
    seed,
    timing,
    speed,
    backend: record.backend,
    dir,
    outcome: record.outcome,
    ...record.versions,
  };
  const properties = Object.entries(facts).map(
    ([key, value]) => `      <property ${attributes({ name: key, value: String(value) })}/>\n`,
  );
  const checks = record.checks.map((check) => `${check.name}: ${check.verdict}: ${check.summary}`);
  // The run is measured as a whole: its time stands at its first case, so that a sum over the cases is right.
  const bodies = cases.map((each, i) => caseXml(each, name, scenario.file, i === 0 ? time : '0.000'));
  return {
    cases,
    xml: `  <testsuite ${head}>\n    <properties>\n${properties.join('')}    </properties>\n${bodies.join('')}    <system-out>${escapeXml(
      [record.reason, ...checks].join('\n'),
    )}</system-out>\n  </testsuite>\n`,
  };
}

function casesOf(record: RunRecord): Case[] {
  const again = `seed ${record.seed}\nrun it again: ${record.commands.replay}\njudge it again: ${record.commands.check}`;
  const whole = (end: Case['end']): Case => ({ name: 'the run', end, message: record.reason, text: again });
  if (record.outcome === 'lab-failed') return [whole('error')];
  const cases = record.expectations.map((each) => expectationCase(each, again));
  const isShown = {
    'as-expected': true,
    unexpected: cases.some((each) => each.end === 'failure'),
    inconclusive: cases.some((each) => each.end === 'skipped'),
  }[record.outcome];
  // An outcome that no expectation accounts for must not look green.
  if (!isShown) cases.push(whole(record.outcome === 'unexpected' ? 'failure' : 'skipped'));
  return cases.length > 0 ? cases : [whole('passed')];
}

function expectationCase(each: ExpectationResult, again: string): Case {
  const bounds = Object.entries(each.figures ?? {}).map(([path, { min, max }]) =>
    [path, min === undefined ? '' : `≥ ${min}`, max === undefined ? '' : `≤ ${max}`]
      .filter(Boolean)
      .join(' '),
  );
  return {
    name: [each.check, each.verdict === 'any' ? '' : `is ${each.verdict}`, ...bounds]
      .filter(Boolean)
      .join(', '),
    end: ({ yes: 'passed', no: 'failure', undecided: 'skipped' } as const)[each.met],
    message: each.found,
    text: `expected because ${each.because}\n${again}`,
  };
}

function caseXml({ name, end, message, text }: Case, classname: string, file: string, time: string): string {
  const head = `    <testcase ${attributes({ name, classname, file, time })}`;
  if (end === 'passed') return `${head}/>\n`;
  return `${head}>\n      <${end} ${attributes({ message })}>${escapeXml(text)}</${end}>\n    </testcase>\n`;
}

function countsOf(cases: readonly Case[]) {
  const of = (end: Case['end']) => cases.filter((each) => each.end === end).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function timeOf(records: readonly RunRecord[]): string {
  return (
    records.reduce((sum, record) => sum + (record.realDurationMs ?? record.durationMs), 0) / 1000
  ).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join(' ');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 cannot hold most control characters in any form: they are shown as their code. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
    .replace(/[^\P{Cc}\n\t]|[\uFFFE\uFFFF]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`);
}
