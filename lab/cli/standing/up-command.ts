import path from 'node:path';
import { type LiveSite, liveSite } from '../../../reports/live/live-site.ts';
import { htmlReporter } from '../../../reports/reporters/html.ts';
import { type Multiplexer, multiplexer } from '../../../reports/reporters/multiplexer.ts';
import { runJsonReporter } from '../../../reports/reporters/run-json.ts';
import { messageOf } from '../../common/errors.ts';
import type { BackendName } from '../../run/place.ts';
import type { RunRecord } from '../../run/record.ts';
import { experimentOf } from '../../scenario/variants.ts';
import { executeRun, type RunUnderWay } from '../execute-run.ts';
import { interruption } from '../interruption.ts';
import { liveLook } from '../live-look.ts';
import { machineFor } from '../machine-for.ts';
import type { PlannedRun } from '../plan-runs.ts';
import { defaultOut, runFolders } from '../run-folders.ts';
import type { Streams } from '../setup.ts';
import { shellWord } from '../shell-word.ts';
import { controlSocket } from './control-socket.ts';
import { faultMenus } from './fault-menus.ts';
import { socketPath } from './socket-path.ts';
import { type StandingLab, standingLab } from './standing-lab.ts';
import { type StandingOptions, standingPlan } from './standing-plan.ts';
import { standingReporter } from './standing-reporter.ts';
import { upWords } from './up-words.ts';

export interface UpOptions extends StandingOptions {
  /** redis-server to use, or the directory that holds it. */
  redis?: string;
  backend?: BackendName | 'auto';
  out?: string;
  /** Of the dashboard. Default: one that is free. */
  port?: number;
}

/** How long reports may still take after everything was killed. */
const LAST_WORDS_MS = 1000;

/**
 * `lab up`: keeps a lab standing until Ctrl-C or `lab down`; what was done by hand then ends as a report. Returns the exit
 * code. A second Ctrl-C ends it at once.
 */
export async function upCommand(what: string, options: UpOptions, streams: Streams): Promise<number> {
  // A name that is none is told before anything is looked for.
  socketPath(options.name);
  const plan = await standingPlan(what, options);
  const { stdout } = streams;
  let run: RunUnderWay | null = null;
  using interrupted = interruption(() => {
    run?.kill();
    setTimeout(() => process.exit(interrupted.exitCode() ?? 130), LAST_WORDS_MS).unref();
  });
  const folder = { path: '' };
  const lab = standingLab(plan, folder, () => run?.interrupt('lab down'));
  const control = await controlSocket(options.name, (question) => lab.answer(question));
  let record: RunRecord | null = null;
  try {
    const machine = await machineFor([plan], options, streams, interrupted);
    if (machine === null) return interrupted.exitCode() ?? 130;
    folder.path = runFolders(options.out ?? defaultOut()).make(`up-${options.name}`);
    // Where its folder and its dashboard are is no part of what stands.
    const { port: _port, out: _out, ...shown } = options;
    const site = await liveSite({
      isList: false,
      ...(options.port === undefined ? {} : { port: options.port }),
    });
    const fanOut = reportersOf(folder.path, plan, site, streams);
    const tell = fanOut.forRun();
    const started = executeRun(plan, machine, {
      dir: folder.path,
      keep: false,
      again: ['npx', 'lab', ...upWords(what, shown)].map(shellWord).join(' '),
      ...(options.redis === undefined ? {} : { redis: options.redis }),
      ...(options.backend === undefined || options.backend === 'auto' ? {} : { backend: options.backend }),
      onEvent: (event) => {
        lab.onEvent(event);
        tell(event);
      },
    });
    run = started;
    site.add(folder.path, {
      look: liveLook(started, folder.path),
      orders: {
        menu: faultMenus(experimentOf(plan.scenario, plan.variant).topology.plan()),
        take: lab.order,
      },
    });
    lab.runs(started, machine, site.address);
    interrupted.signal.addEventListener('abort', () =>
      started.interrupt(messageOf(interrupted.signal.reason)),
    );
    if (interrupted.signal.aborted) started.interrupt(messageOf(interrupted.signal.reason));
    record = await started.record;
    const broken = await fanOut.end();
    await site.close();
    stdout.write(`report: ${path.join(folder.path, 'report.html')}\n`);
    if (record.outcome === 'lab-failed' || broken.length > 0) return interrupted.exitCode() ?? 3;
    return interrupted.exitCode() ?? 0;
  } finally {
    ended(lab, record, folder.path);
    await control.close();
  }
}

function ended(lab: StandingLab, record: RunRecord | null, dir: string): void {
  lab.ended({
    report: record === null ? '' : path.join(dir, 'report.html'),
    reason: record?.reason ?? 'it ended before it stood',
    failed: record === null || record.outcome === 'lab-failed',
  });
}

function reportersOf(
  dir: string,
  { standing }: PlannedRun,
  site: LiveSite,
  { stdout, stderr }: Streams,
): Multiplexer {
  // One run needs no index over all of them.
  const { onEnd: _, ...html } = htmlReporter(path.join(dir, 'index.html'));
  const name = standing?.name === 'lab' ? '' : ` --name ${standing?.name}`;
  const terminal = standingReporter(stdout, () => [
    `the lab stands: ${site.address}`,
    '  from another terminal:',
    `    npx lab status${name}`,
    `    npx lab fault kill primary${name}      (npx lab fault tells which faults there are)`,
    `    npx lab heal${name}`,
    `    npx lab exec${name} host-1 -- redis-cli -h 127.1.0.11 PING`,
    `    npx lab down${name}                    (or Ctrl-C here)`,
  ]);
  return multiplexer([runJsonReporter(), html, site.reporter, terminal], (line) =>
    stderr.write(`error: ${line}\n`),
  );
}
