import type { RunOutcome } from '../../lab/run/record.ts';
import { worstFirst } from '../data/worst-outcome.ts';
import type { GithubRun } from './github.ts';

/** A workflow command that marks a file on GitHub's pages. Its message may have several lines. */
export function annotation(
  level: 'error' | 'warning',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const named = Object.entries(properties).map(
    ([name, value]) => `${name}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${level} ${named.join(',')}::${escapeData(message)}`;
}

/** As GitHub's own toolkit does (actions/toolkit, packages/core/src/command.ts). */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

const signs: Readonly<Record<RunOutcome, string>> = {
  'as-expected': '✅',
  unexpected: '❌',
  inconclusive: '❔',
  'lab-failed': '💥',
};
/** GitHub drops a step's summary that is longer than 1 MiB. */
const MOST_TROUBLES = 200;
const MOST_REASON = 1000;

/** Scenario × variant, and why runs did not come out as expected, in GitHub's Markdown. */
export function stepSummary(runs: readonly GithubRun[]): string {
  if (runs.length === 0) return '### Failover lab\n\nNo run came to an end.\n';
  const variants = ['vulnerable', 'hardened', ...runs.map(({ variant }) => variant)];
  const columns = [...new Set(variants)].filter((name) => runs.some(({ variant }) => variant === name));
  const rows = [...Map.groupBy(runs, ({ scenario }) => scenario.name)].map(([name, own]) => {
    const cells = columns.map((column) => cell(own.filter(({ variant }) => variant === column)));
    return `| **${inTable(own[0]?.scenario.title ?? name)}**<br>\`${name}\` | ${cells.join(' | ')} |`;
  });
  const troubles = runs.filter(({ outcome }) => outcome !== 'as-expected');
  const left = troubles.length - MOST_TROUBLES;
  return [
    `### Failover lab: ${runs.length - troubles.length} of ${runs.length} runs as expected`,
    '',
    `| scenario | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows,
    '',
    ...troubles.slice(0, MOST_TROUBLES).flatMap(troubleLines),
    ...(left > 0 ? [`… and ${left} more.`, ''] : []),
  ].join('\n');
}

function cell(runs: readonly GithubRun[]): string {
  const counted = worstFirst.flatMap((outcome) => {
    const count = runs.filter((run) => run.outcome === outcome).length;
    return count === 0
      ? []
      : [`${signs[outcome]} ${count === runs.length && count === 1 ? '' : count}`.trim()];
  });
  return counted.join(' ') || '–';
}

function troubleLines({ scenario, variant, outcome, reason, commands }: GithubRun): string[] {
  return [
    `${signs[outcome]} **${inTable(scenario.name)}** ${inTable(variant)}, ${outcome}: ${inTable(reason.slice(0, MOST_REASON))}`,
    '',
    fenced(commands.replay),
    '',
  ];
}

/** Text that is neither HTML nor Markdown, on one line. */
function inTable(text: string): string {
  return text
    .replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign)
    .replace(/[\\`*_{}[\]#|~]/g, (sign) => `\\${sign}`)
    .replace(/\s*\n\s*/g, '<br>');
}

/** A block in a fence that is longer than any in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}
