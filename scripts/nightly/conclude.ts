/**
 * What a nightly job does when its shards have ended: makes one report of their runs, holds it against the nights before,
 * keeps the history, and opens, updates or closes the one issue about claims that came out otherwise.
 *
 *     node scripts/nightly/conclude.ts --site DIR [--branch failover-nights] FOLDER…
 *
 * FOLDERs hold run folders. DIR gets index.html over the nights and tonight/ with every report. The history lies in a branch
 * of the repository in the working directory. The environment is GitHub's: without GITHUB_TOKEN there is no issue. Exit
 * code: 1 when something has changed, 2 for bad usage, 3 when this itself failed.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mergeCommand } from '../../lab/cli/merge-command.ts';
import { trendCommand } from '../../lab/cli/trend-command.ts';
import { messageOf, UsageError } from '../../lab/common/errors.ts';
import type { Trend } from '../../reports/nights/trend.ts';
import { keepTicket } from './claims-ticket.ts';
import { fetchHistory, keepHistory } from './history-branch.ts';

async function conclude(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      site: { type: 'string' },
      branch: { type: 'string', default: 'failover-nights' },
      remote: { type: 'string', default: 'origin' },
    },
  });
  if (values.site === undefined) throw new UsageError('expected --site DIR, where the pages go');
  if (positionals.length === 0) throw new UsageError('expected folders with runs, got none');
  const site = path.resolve(values.site);
  const tonight = path.join(site, 'tonight');
  const branch = { repository: process.cwd(), remote: values.remote, branch: values.branch };
  const history = path.join(site, 'nights.sqlite');
  const json = path.join(site, 'trend.json');

  const streams = { stdout: process.stdout, stderr: process.stderr };
  await mergeCommand(positionals, { out: tonight }, streams);
  // Every operation of every run is too much for a site; the shards' own folders keep it.
  for (const run of readdirSync(tonight))
    if (statSync(path.join(tonight, run)).isDirectory())
      rmSync(path.join(tonight, run, 'history.jsonl'), { force: true });
  const before = await fetchHistory(branch, history);
  const said: string[] = [];
  const stdout = { write: (text: string) => said.push(text) > 0 && process.stdout.write(text) };
  const code = await trendCommand(
    [tonight],
    { history, json, html: path.join(site, 'index.html'), label: env.GITHUB_SHA?.slice(0, 12) ?? '' },
    { ...streams, stdout },
  );
  await keepHistory(branch, history, before);
  if (env.GITHUB_STEP_SUMMARY !== undefined)
    appendFileSync(
      env.GITHUB_STEP_SUMMARY,
      `### Tonight beside the nights before\n\n~~~\n${said.join('')}~~~\n`,
    );

  const {
    GITHUB_TOKEN: token,
    GITHUB_REPOSITORY: name,
    GITHUB_API_URL: api = 'https://api.github.com',
  } = env;
  if (token !== undefined && name !== undefined) {
    const { claims } = JSON.parse(readFileSync(json, 'utf8')) as Trend;
    process.stdout.write(`issue: ${await keepTicket({ api, name, token }, claims, reportUrl(env))}\n`);
  }
  return code;
}

/** The page of the job, which links to what it published. */
function reportUrl({
  GITHUB_SERVER_URL,
  GITHUB_REPOSITORY,
  GITHUB_RUN_ID,
  REPORT_URL,
}: NodeJS.ProcessEnv): string {
  return REPORT_URL ?? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

try {
  process.exitCode = await conclude(process.argv.slice(2), process.env);
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = error instanceof UsageError || error instanceof TypeError ? 2 : 3;
}
