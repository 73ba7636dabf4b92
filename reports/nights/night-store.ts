import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { serverAmong, serverText } from '../../lab/common/server.ts';
import type { RunOutcome } from '../../lab/run/record.ts';
import { runTiming, whereText } from '../data/run-conditions.ts';
import type { RunDocument } from '../data/run-document.ts';

/** One night: the runs that were made together. */
export interface Night {
  id: number;
  /** ISO 8601: when its first run began. */
  startedAt: string;
  /** What the user calls it, as a commit; empty for nothing. */
  label: string;
  runs: number;
}

/** What is compared from night to night: the same claim, under the same clocks, against the same server. */
export interface Series {
  scenario: string;
  variant: string;
  /** `fast`, `production at speed 10`. */
  timing: string;
  /** The server's version, as the run names it, and where it ran in containers that it did. */
  server: string;
}

/** A run of a series. */
export interface NightRun extends Series {
  night: number;
  outcome: RunOutcome;
  seed: number;
}

/** A figure of a run of a series. */
export interface NightFigure extends Series {
  night: number;
  check: string;
  figure: string;
  value: number;
}

/** A figure left the level that it had on the nights before. */
export interface Change extends Series {
  /** The first night on the new level. */
  night: number;
  check: string;
  figure: string;
}

const VERSION = 1;

const TABLES = `
create table night (id integer primary key, started_at text not null, label text not null);
create table run (
  id integer primary key,
  night integer not null references night (id) on delete cascade,
  scenario text not null, variant text not null, timing text not null, server text not null,
  seed integer not null, started_at text not null, outcome text not null, duration_ms real not null,
  unique (scenario, variant, timing, server, seed, started_at)
);
create table figure (
  run integer not null references run (id) on delete cascade,
  checked text not null, name text not null, value real not null,
  primary key (run, checked, name)
) without rowid;
create table change (
  night integer not null references night (id) on delete cascade,
  scenario text not null, variant text not null, timing text not null, server text not null,
  checked text not null, name text not null,
  primary key (night, scenario, variant, timing, server, checked, name)
) without rowid;
create index run_of_night on run (night);
pragma user_version = ${VERSION};
`;

/**
 * What the nights showed, in one SQLite file that outlives checkouts. Several may read it while one writes. Throws when
 * the file is no such store, or of another version; the message names the file.
 */
export class NightStore {
  readonly #db: DatabaseSync;

  /** Opens a file, which is made when there is none; with its folders. */
  constructor(file: string) {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    const db = new DatabaseSync(file, { timeout: 5000 });
    try {
      db.exec('pragma foreign_keys = on');
      const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number };
      const { tables } = db.prepare('select count(*) as tables from sqlite_schema').get() as {
        tables: number;
      };
      if (version === 0 && tables === 0) db.exec(`begin immediate; ${TABLES} commit`);
      else if (version !== VERSION)
        throw new Error(
          `expected nights of version ${VERSION}, got ${version === 0 ? 'another database' : `version ${version}`}`,
        );
    } catch (error) {
      db.close();
      throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    this.#db = db;
  }

  close(): void {
    this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Adds runs as one night and returns its id. Runs that are there already are left where they are, and a night of which
   * all are there is not added again: null. It begins when the first of its new runs began.
   */
  add(documents: readonly RunDocument[], label = ''): number | null {
    const db = this.#db;
    const fresh = documents.filter((document) => !this.#has(document));
    const startedAt = fresh.map((document) => document.startedAt).sort()[0];
    if (startedAt === undefined) return null;
    db.exec('begin immediate');
    try {
      const night = db.prepare('insert into night (started_at, label) values (?, ?)').run(startedAt, label);
      const id = Number(night.lastInsertRowid);
      for (const document of fresh) this.#addRun(id, document);
      db.exec('commit');
      return id;
    } catch (error) {
      db.exec('rollback');
      throw error;
    }
  }

  /** The nights, oldest first. */
  nights(): Night[] {
    const rows = this.#db
      .prepare(
        'select night.id, night.started_at, label, count(run.id) as runs from night join run on run.night = night.id group by night.id order by night.started_at, night.id',
      )
      .all();
    return rows.map((row) => ({
      id: Number(row.id),
      startedAt: String(row.started_at),
      label: String(row.label),
      runs: Number(row.runs),
    }));
  }

  /** Every run. */
  runs(): NightRun[] {
    const rows = this.#db.prepare('select * from run order by id').all();
    return rows.map((row) => ({
      ...seriesOf(row),
      night: Number(row.night),
      outcome: String(row.outcome) as RunOutcome,
      seed: Number(row.seed),
    }));
  }

  /** The figures of every run whose claim was put to the test. */
  figures(): NightFigure[] {
    const rows = this.#db
      .prepare(
        "select run.*, checked, name, value from figure join run on run.id = figure.run where outcome in ('as-expected', 'unexpected') order by run.id",
      )
      .all();
    return rows.map((row) => ({
      ...seriesOf(row),
      night: Number(row.night),
      check: String(row.checked),
      figure: String(row.name),
      value: Number(row.value),
    }));
  }

  /** Every change that was found so far. */
  changes(): Change[] {
    return this.#db
      .prepare('select * from change order by night')
      .all()
      .map((row) => ({
        ...seriesOf(row),
        night: Number(row.night),
        check: String(row.checked),
        figure: String(row.name),
      }));
  }

  /** What changed on a night, instead of what was kept for it before. */
  keepChanges(night: number, changes: readonly (Series & { check: string; figure: string })[]): void {
    const db = this.#db;
    db.exec('begin immediate');
    try {
      db.prepare('delete from change where night = ?').run(night);
      const insert = db.prepare('insert into change values (?, ?, ?, ?, ?, ?, ?)');
      for (const { scenario, variant, timing, server, check, figure } of changes)
        insert.run(night, scenario, variant, timing, server, check, figure);
      db.exec('commit');
    } catch (error) {
      db.exec('rollback');
      throw error;
    }
  }

  #has(document: RunDocument): boolean {
    const { scenario, variant, timing, server, seed, startedAt } = keyOf(document);
    return (
      this.#db
        .prepare(
          'select 1 from run where scenario = ? and variant = ? and timing = ? and server = ? and seed = ? and started_at = ?',
        )
        .get(scenario, variant, timing, server, seed, startedAt) !== undefined
    );
  }

  #addRun(night: number, document: RunDocument): void {
    const { scenario, variant, timing, server, seed, startedAt } = keyOf(document);
    const { lastInsertRowid: run } = this.#db
      .prepare(
        'insert into run (night, scenario, variant, timing, server, seed, started_at, outcome, duration_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(night, scenario, variant, timing, server, seed, startedAt, document.outcome, document.durationMs);
    const insert = this.#db.prepare('insert into figure (run, checked, name, value) values (?, ?, ?, ?)');
    for (const { name, figures } of document.checks)
      for (const [figure, value] of flat(figures)) insert.run(run, name, figure, value);
  }
}

function keyOf(document: RunDocument) {
  const { scenario, variant, seed, startedAt, versions } = document;
  return {
    scenario: scenario.name,
    variant,
    timing: runTiming(document),
    server: `${serverIn(versions)}${whereText(document)}`,
    seed,
    startedAt,
  };
}

/** Redis by its version alone, as the nights have had it from the first on. */
function serverIn(versions: RunDocument['versions']): string {
  const server = serverAmong(versions);
  return server === null || server.product === 'redis' ? (server?.version ?? '') : serverText(server);
}

/** Figures with those of a breakdown as `lostByCause.wiped`; one that is not known is none. */
function flat(figures: RunDocument['checks'][number]['figures']): [string, number][] {
  return Object.entries(figures).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[name, value]];
    if (value === null) return [];
    return Object.entries(value).map(([part, n]) => [`${name}.${part}`, n]);
  });
}

function seriesOf(row: Record<string, unknown>): Series {
  const { scenario, variant, timing, server } = row;
  return {
    scenario: String(scenario),
    variant: String(variant),
    timing: String(timing),
    server: String(server),
  };
}
