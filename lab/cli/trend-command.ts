import { existsSync } from 'node:fs';
import path from 'node:path';
import { NightStore } from '../../reports/nights/night-store.ts';
import { renderNights } from '../../reports/nights/render-nights.ts';
import { hasMoved, type Trend, trendOf } from '../../reports/nights/trend.ts';
import { trendLines } from '../../reports/nights/trend-lines.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { messageOf, UsageError } from '../common/errors.ts';
import { makeDirectory } from './make-directory.ts';
import { runsIn } from './runs-in.ts';
import type { Streams } from './setup.ts';
import { stateDirectory } from './state-directory.ts';

/** The options of `lab trend`, parsed. */
export interface TrendOptions {
  history?: string;
  label?: string;
  html?: string;
  json?: string;
}

/**
 * `lab trend`: adds the runs in these folders to the history as one night, and says what tonight, the latest night, has
 * that those before had not. Returns 1 when a claim came out otherwise or a figure changed, else 0.
 * UsageError for folders without runs, a history that is none, and no night at all.
 */
export async function trendCommand(
  folders: readonly string[],
  options: TrendOptions,
  { stdout }: Streams,
): Promise<number> {
  const file = path.resolve(options.history ?? path.join(stateDirectory(process.env), 'nights.sqlite'));
  const documents = runsIn(folders).map(({ document }) => document);
  if (documents.length === 0 && !existsSync(file))
    throw new UsageError(`expected folders with runs, or a history with nights; there is nothing at ${file}`);
  using store = open(file);
  const added = store.add(documents, options.label);
  const nights = store.nights();
  const tonight = nights.at(-1);
  if (tonight === undefined)
    throw new UsageError(`expected folders with runs, or a history with nights, got none in ${file}`);
  const order = nights.map(({ id }) => id);
  const trend = trendOf(order, store.runs(), store.figures(), store.changes());
  const changed = trend.figures.filter(({ verdict }) => verdict === 'changed');
  store.keepChanges(tonight.id, changed);
  const page = path.resolve(options.html ?? path.join(path.dirname(file), 'nights.html'));
  write(page, renderNights(nights, trend));
  if (options.json !== undefined)
    write(path.resolve(options.json), `${JSON.stringify({ nights, ...trend }, null, 2)}\n`);
  const kept = documents.length > 0 && added === null ? ['these runs were there already'] : [];
  for (const line of [...kept, ...trendLines(nights, trend), `history: ${file}`, `report: ${page}`])
    stdout.write(`${line}\n`);
  return exitCode(trend);
}

function exitCode({ claims, figures }: Trend): number {
  return claims.some(hasMoved) || figures.some(({ verdict }) => verdict === 'changed') ? 1 : 0;
}

function open(file: string): NightStore {
  try {
    return new NightStore(file);
  } catch (error) {
    throw new UsageError(`--history ${messageOf(error)}`, { cause: error });
  }
}

function write(file: string, text: string): void {
  makeDirectory(path.dirname(file));
  writeWholeFile(file, text);
}
