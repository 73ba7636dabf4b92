import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../lab/run/order.ts';
import type { RunRecord } from '../../lab/run/record.ts';
import { splitBrainSample } from '../data/sample.ts';
import type { RunInfo } from '../reporters/reporter.ts';
import { type LiveSite, liveSite } from './live-site.ts';

const info: RunInfo = {
  type: 'run-started',
  scenario: 'split-brain',
  title: 'Split brain',
  claim: 'A claim',
  variant: 'vulnerable',
  timing: 'fast',
  seed: 7,
  dir: '/nowhere/run-1',
  phases: ['provision', 'disturb'],
};
const menu = [{ name: 'kill', at: 'node', kinds: [], fields: [] }] as const;

let site: LiveSite;
let taken: Order[];
let record: RunRecord | null;
beforeEach(async () => {
  taken = [];
  record = splitBrainSample();
  site = await liveSite({ isList: false });
  const take = async (order: Order) => {
    taken.push(order);
    return { ok: true, faults: [] } as const;
  };
  site.add(info.dir, { look: async () => record, orders: { menu, take } });
  site.reporter.onRunStarted?.(info);
});
afterEach(() => site.close());

interface Asked {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks as no browser would let a page ask: with any headers. */
async function ask({ path = '', method = 'GET', headers = {}, body }: Asked = {}) {
  const url = new URL(path, site.address);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, { method, headers }, resolve);
    asked.once('error', reject);
    asked.end(body);
  });
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

const orderHeaders = () => ({
  origin: new URL(site.address).origin,
  'content-type': 'application/json',
  'sec-fetch-site': 'same-origin',
});
const order = { path: 'order', method: 'POST', body: JSON.stringify({ do: 'heal', id: null }) };

/** Reads events until all of them have come. */
async function events(names: readonly string[], path = 'events'): Promise<Record<string, unknown>> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(path, site.address), resolve).once('error', reject).end();
  });
  const found: Record<string, unknown> = {};
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    for (const [, name = '', data = ''] of text.matchAll(/event: (\w+)\ndata: (.+)\n\n/g))
      if (data !== '{}') found[name] = JSON.parse(data);
    if (names.every((name) => name in found)) break;
  }
  response.destroy();
  return found;
}

describe('the page', () => {
  it('shows the run as it is now, takes orders, and may be framed and asked by nobody else', async () => {
    const { status, headers, text } = await ask();
    expect(status).toBe(200);
    for (const part of ['data-node="redis-1"', "connect-src 'self'", 'id="fault-menu"'])
      expect([part, text.includes(part)]).toEqual([part, true]);
    expect(headers).toMatchObject({
      'content-security-policy': "frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('escapes what the run holds, in the sections that are sent as well', async () => {
    record = splitBrainSample();
    const [first] = record.seen.faults;
    if (first === undefined) throw new Error('the sample has no fault');
    record = {
      ...record,
      seen: {
        ...record.seen,
        faults: [{ ...first, healedAt: null, text: '<img src=x onerror=alert(1)>\n\nevent: ended' }],
      },
    };
    const { text } = await ask();
    expect(text.includes('<img')).toBe(false);
    const { sections } = await events(['sections']);
    expect(JSON.stringify(sections)).not.toContain('<img');
  });

  it('tells all sections to whoever comes, and figures as they come', async () => {
    const heard = events(['sections', 'figures']);
    const tell = setInterval(() => {
      const progress = {
        at: 5,
        phase: 'disturb',
        faults: [],
        opsPerSecond: 12_345,
        ok: 3,
        fail: 0,
        info: 0,
        lost: 1,
      };
      site.reporter.onProgress?.(info, { type: 'progress', progress });
    }, 20);
    const { sections, figures } = await heard;
    clearInterval(tell);
    expect(Object.keys(sections as object)).toEqual([
      'live-state',
      'live-faults',
      'live-topology',
      'live-nodes',
      'timeline',
    ]);
    expect(figures).toMatchObject({ opsPerSecond: '12\u202f345', lost: '1' });
  });

  it('says that the run has ended, also to those who come back later', async () => {
    const before = events(['ended']);
    // Only who is there by then is told.
    await events(['sections']);
    record = null;
    site.reporter.onRunEnded?.(info, { type: 'run-ended', dir: info.dir, record: splitBrainSample() });
    expect(await before).toHaveProperty('ended');
    expect(await events(['ended'])).toHaveProperty('ended');
  });
});

describe('an order', () => {
  it('is taken from the page itself', async () => {
    const { status, text } = await ask({ ...order, headers: orderHeaders() });
    expect({ status, text }).toEqual({ status: 200, text: '{"ok":true,"faults":[]}' });
    expect(taken).toEqual([{ do: 'heal', id: null }]);
  });

  it.each<[string, () => Asked]>([
    ['of another site', () => ({ headers: { ...orderHeaders(), origin: 'http://evil.example' } })],
    ['of a site whose name points here', () => ({ headers: { ...orderHeaders(), host: 'evil.example' } })],
    ['that a form can send', () => ({ headers: { ...orderHeaders(), 'content-type': 'text/plain' } })],
    ['without an origin', () => ({ headers: { 'content-type': 'application/json' } })],
    [
      'that a browser calls cross-site',
      () => ({ headers: { ...orderHeaders(), 'sec-fetch-site': 'cross-site' } }),
    ],
    ['without the token', () => ({ path: '/order', headers: orderHeaders() })],
    ['by GET', () => ({ method: 'GET', headers: orderHeaders() })],
    ['that is none', () => ({ headers: orderHeaders(), body: '{"do":"explode"}' })],
    ['that is damaged', () => ({ headers: orderHeaders(), body: '{' })],
    [
      'that is too long',
      () => ({ headers: orderHeaders(), body: JSON.stringify({ do: 'heal', id: 'x'.repeat(20_000) }) }),
    ],
  ])('%s is refused', async (_, asked) => {
    const { status } = await ask({ ...order, ...asked() });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(taken).toEqual([]);
  });

  it('is refused before a permission is asked for (CORS)', async () => {
    const { status, headers } = await ask({
      path: 'order',
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(status).toBe(403);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

it('listens on loopback alone', () => {
  expect(new URL(site.address).hostname).toBe('127.0.0.1');
});

it('says which port it cannot have', async () => {
  const port = Number(new URL(site.address).port);
  await expect(liveSite({ isList: false, port })).rejects.toThrow(`--port ${port}`);
});

it('takes no orders for runs that nobody may break', async () => {
  site.add('/nowhere/run-1', { look: async () => record });
  site.reporter.onRunStarted?.(info);
  expect((await ask()).text.includes('id="fault-menu"')).toBe(false);
  expect((await ask({ ...order, headers: orderHeaders() })).status).toBe(404);
});

it('lists several runs, each with a page of its own', async () => {
  const list = await liveSite({ isList: true });
  const own = site;
  site = list;
  try {
    list.add(info.dir, { look: async () => record });
    list.reporter.onRunStarted?.(info);
    expect((await ask()).text.includes('split-brain')).toBe(true);
    expect((await ask({ path: 'run-1/' })).text.includes('all runs')).toBe(true);
    expect((await ask({ path: 'run-2/' })).status).toBe(404);
    expect(Object.keys((await events(['sections'])).sections as object)).toEqual(['live-runs']);
  } finally {
    await list.close();
    site = own;
  }
});
