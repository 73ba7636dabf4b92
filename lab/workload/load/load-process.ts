/**
 * The process in which one load runs on one host: it starts k6 and turns what k6's users say into a history. It is
 * talked with as ../client-process.ts is; see ../protocol.ts and load-protocol.ts.
 *
 * On `stop` the virtual users end the request that they are at and begin no other. They have at least as long as the
 * longest `requestTimeoutMs`, so every request that was begun gets its outcome, and none is open at the end.
 */
import { sleep } from '../../common/clock.ts';
import { LabError } from '../../common/errors.ts';
import { freePort } from '../../common/free-port.ts';
import { real } from '../../common/lab-speed.ts';
import { LogWriter } from '../../history/log-writer.ts';
import { abandon, end, say, serve } from '../process-talk.ts';
import { K6 } from './k6-process.ts';
import type { LoadProcessConfig } from './load-protocol.ts';
import { UserLines } from './user-lines.ts';

const STATS_EVERY_MS = 100;
/** What k6 may take, beyond a request's timeout, to give it up, and to end. */
const SLACK_MS = real(3000);
/** How long after the announcement of the stop a user may still begin something that it had decided on. */
const SETTLE_MS = real(30);

interface Running {
  config: LoadProcessConfig;
  k6: K6;
  lines: UserLines;
  log: LogWriter;
}

let running: Running | undefined;
let stats: NodeJS.Timeout | undefined;
let stopping = false;

async function prepare(config: LoadProcessConfig): Promise<() => Promise<void>> {
  const { workload, clients, apps, historyFile, startOfRunMs, startOfRunUnixMs, seed } = config;
  const log = new LogWriter(historyFile, { onError: abandon });
  const indexes = clients.map(({ index }) => index);
  const lines = new UserLines({ log, indexes, startOfRunMs, startOfRunUnixMs });
  const firstIndex = clients[0]?.index ?? 0;
  const { labTime = { speed: 1, sameUnixMs: 0 }, record = true } = config;
  const script = { workload, apps, seed: String(seed), firstIndex, labTime, record };
  const k6 = new K6(config, script, await freePort(), (line) => lines.take(line));
  running = { config, k6, lines, log };
  await k6.ready(real(config.connectWithinMs ?? 30_000));
  k6.ended.then(() => {
    if (!stopping) abandon(k6.endedEarly());
  }, abandon);
  return async () => {
    await k6.resume();
    stats = setInterval(() => say({ type: 'stats', at: lines.now(), ...lines.tally }), STATS_EVERY_MS);
  };
}

async function finish(graceMs: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (running === undefined) return process.exit(0);
  const { config, k6, lines, log } = running;
  clearInterval(stats);
  if (stats === undefined) k6.kill();
  else {
    await k6.announceStop();
    await sleep(SETTLE_MS);
    await whenAllAreOut(running, graceMs);
    await k6.end(SLACK_MS);
  }
  await k6.ended;
  log.close();
  const { summary, tally } = lines;
  if (summary !== undefined) say({ type: 'summary', load: config.workload.name, ...summary });
  end({ type: 'done', at: lines.now(), ...tally }, 0);
}

/** Whoever is not back by then would have lost what it recorded last: that is the lab's failure. */
async function whenAllAreOut({ config, lines, k6 }: Running, graceMs: number): Promise<void> {
  const longestMs = Math.max(...config.workload.journeys.map((journey) => journey.requestTimeoutMs));
  const deadline = lines.now() + Math.max(graceMs, longestMs) + SLACK_MS;
  while (lines.inside > 0 && k6.process.exitCode === null) {
    if (lines.now() > deadline)
      throw new LabError(`${lines.inside} virtual users of k6 did not end what they were at`, {
        details: k6.words,
      });
    await sleep(5);
  }
}

serve<LoadProcessConfig>({
  prepare,
  finish,
  fail: () => {
    clearInterval(stats);
    stopping = true;
    running?.k6.kill();
  },
  orphaned: () => {
    running?.k6.kill();
    running?.log.flush();
  },
});
