import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { LabError, messageOf, UsageError } from '../../lab/common/errors.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { eventStream } from './event-stream.ts';
import { type Hands, type LiveRun, liveRun } from './live-run.ts';
import { orderIn } from './order-in.ts';
import { refusal } from './refusal.ts';
import { type ListedRun, listSection, renderList } from './render-list.ts';
import { renderLive } from './render-live.ts';

export interface LiveSiteOptions {
  /** On 127.0.0.1. Default: one that is free. */
  port?: number;
  /** Whether there is a page over several runs; else the address is that of the only one. */
  isList: boolean;
}

/** Serves pages of runs while they go on, to this machine alone. */
export interface LiveSite {
  /** The whole address, which only those know who are told it. */
  readonly address: string;
  /** Hears of the runs; it stands behind whoever writes report.html, which takes the live page's place. */
  readonly reporter: Reporter;
  /** What can be asked of the run with this folder; to be told before its first event. */
  add(dir: string, hands: Hands): void;
  /** Gives browsers that look on a moment to load what has taken the live pages' place, and stops. */
  close(): Promise<void>;
}

/** How long a browser may take to ask for the report once it was told that the run has ended. */
const LAST_LOAD_MS = 2000;

/** Listens. UsageError when the port cannot be had. */
export async function liveSite({ port: wanted = 0, isList }: LiveSiteOptions): Promise<LiveSite> {
  const token = randomBytes(18).toString('base64url');
  const root = `/${token}/`;
  const runs = new Map<string, LiveRun>();
  const handsOf = new Map<string, Hands>();
  const list = eventStream();
  let port = 0;
  /** Pages that were told to load again and have not yet. */
  let awaited = 0;
  const nobodyAwaited = Promise.withResolvers<void>();

  const baseOf = (dir: string) => (isList ? `${root}${encodeURIComponent(path.basename(dir))}/` : root);
  const runAt = (base: string) => [...runs.values()].find(({ info }) => baseOf(info.dir) === base);
  const listed = (): ListedRun[] =>
    [...runs.values()].map(({ info, phase, outcome }) => ({
      ...info,
      phase,
      outcome,
      href: baseOf(info.dir),
    }));
  const tellList = () => {
    if (list.listeners > 0) list.tell('sections', { 'live-runs': listSection(listed()).markup });
  };

  const server = createServer((request, response) => {
    const refused = refusal(request, { port, token });
    if (refused !== null) return plain(response, refused.status, refused.why);
    void answer(request, response).catch((error: unknown) => plain(response, 500, messageOf(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', 'http://lab');
    const what = pathname.slice(pathname.lastIndexOf('/') + 1);
    const base = pathname.slice(0, pathname.length - what.length);
    if (isList && base === root) {
      if (what === '') return page(response, renderList(listed(), `${root}events`));
      if (what === 'events')
        return list.add(response, {
          event: 'sections',
          data: { 'live-runs': listSection(listed()).markup },
        });
    }
    const run = runAt(base);
    if (run === undefined && base === root && what === '') return page(response, WAITING);
    if (run === undefined) return plain(response, 404, 'there is no such page');
    if (request.method === 'POST') return order(run, what, request, response);
    if (what === 'events') return run.join(response);
    if (what !== '') return plain(response, 404, 'there is no such page');
    return page(response, await pageOf(run, base));
  }

  async function pageOf(run: LiveRun, base: string): Promise<string> {
    const view = await run.view();
    if (view !== null) return renderLive(view, { base, list: isList ? root : null });
    const file = path.join(run.info.dir, 'report.html');
    if (!existsSync(file)) return WAITING;
    if (awaited > 0 && --awaited === 0) nobodyAwaited.resolve();
    return readFileSync(file, 'utf8');
  }

  const reporter: Reporter = {
    name: 'live pages',
    onRunStarted(info) {
      runs.set(info.dir, liveRun(info, handsOf.get(info.dir) ?? null));
      tellList();
    },
    onPhase({ dir }, { name }) {
      const run = runs.get(dir);
      if (run !== undefined) run.phase = name;
      tellList();
    },
    onProgress({ dir }, { progress }) {
      runs.get(dir)?.progress(progress);
    },
    onRunEnded(info, { record }) {
      const run = runs.get(info.dir) ?? liveRun(info, null);
      runs.set(info.dir, run);
      awaited += run.stream.listeners;
      run.end(record.outcome);
      tellList();
    },
  };

  port = await listening(server, wanted);
  return {
    address: `http://127.0.0.1:${port}${root}`,
    reporter,
    add: (dir, hands) => void handsOf.set(dir, hands),
    async close() {
      if (awaited > 0) {
        const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_LOAD_MS));
        await Promise.race([nobodyAwaited.promise, late]);
      }
      list.close();
      for (const { stream } of runs.values()) stream.close();
      server.close();
      // The last answers are on their way; what is kept open for further ones is not.
      server.closeIdleConnections();
    },
  };
}

/** Before the run can be asked; it comes back by itself. */
const WAITING =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Failover lab</title><p>The lab is being prepared …</p></html>';

async function order(
  run: LiveRun,
  what: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const taken = run.hands?.orders;
  if (what !== 'order' || taken === undefined) return plain(response, 404, 'nothing is to be ordered here');
  const given = await orderIn(request);
  if (given === null) return plain(response, 403, 'expected an order');
  response.writeHead(200, { ...always, 'content-type': 'application/json' });
  response.end(JSON.stringify(await taken.take(given)));
}

const always = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
} as const;

function page(response: ServerResponse, markup: string): void {
  // The rest of the policy is the page's own; whether it may be framed only a header can say.
  const policy = "frame-ancestors 'none'";
  response.writeHead(200, {
    ...always,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
  });
  response.end(markup);
}

function plain(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { ...always, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function listening(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new UsageError(`--port ${port}: ${error.message}`)));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new LabError('expected a TCP address'));
      else resolve(address.port);
    });
  });
}
