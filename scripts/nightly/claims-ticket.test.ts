import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunOutcome } from '../../lab/run/record.ts';
import type { ClaimTrend } from '../../reports/nights/trend.ts';
import { keepTicket } from './claims-ticket.ts';

/** As much of GitHub's interface as is used, and what was asked of it. */
let server: Server;
let asked: string[];
let bodies: { title?: string; body?: string; labels?: string[]; state?: string }[];
let open: { number: number; html_url: string }[];
let status: number;

beforeEach(async () => {
  [asked, bodies, open, status] = [[], [], [], 200];
  server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    expect(request.headers.authorization).toBe('Bearer secret');
    const body = await text(request);
    if (body !== '') bodies.push(JSON.parse(body));
    const answer = request.method === 'GET' ? open : { number: 7, html_url: 'https://github.test/7' };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 200 ? JSON.stringify(answer) : '{"message":"Resource not accessible"}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => server.close());

const repository = () => ({
  api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  name: 'team/shop',
  token: 'secret',
});
const keep = (...claims: ClaimTrend[]) => keepTicket(repository(), claims, 'https://team.test/report');

const claim = (outcome: RunOutcome, previous: RunOutcome | null): ClaimTrend => ({
  ...{ scenario: 'split-brain', variant: 'hardened', timing: 'fast', server: '7.0.15' },
  before: null,
  tonight: { asExpected: 1, unexpected: 2, inconclusive: 0, labFailed: 0 },
  outcome,
  previous,
});
const GET = 'GET /repos/team/shop/issues?state=open&labels=failover-lab&per_page=1';

test('is silent while nothing changes, also on the first night', async () => {
  expect(await keep(claim('as-expected', 'as-expected'), claim('unexpected', null))).toBe('nothing to say');
  expect(await keep(claim('unexpected', 'unexpected'))).toBe('nothing to say');
  expect(asked).toEqual([GET, GET]);
});

test('opens one when a claim came out otherwise', async () => {
  expect(await keep(claim('unexpected', 'as-expected'))).toBe('opened https://github.test/7');
  expect(asked).toEqual([GET, 'POST /repos/team/shop/issues']);
  expect(bodies[0]).toMatchObject({ labels: ['failover-lab'] });
  expect(bodies[0]?.body).toContain(
    '| `split-brain` | hardened | 7.0.15 | as-expected | unexpected (1 of 3 as expected) |',
  );
  expect(bodies[0]?.body).toContain('(https://team.test/report)');
});

test('comments on the one that is open', async () => {
  open = [{ number: 4, html_url: 'https://github.test/4' }];
  expect(await keep(claim('lab-failed', 'as-expected'))).toBe('updated https://github.test/4');
  expect(asked).toEqual([GET, 'POST /repos/team/shop/issues/4/comments']);
});

test('closes it when every claim came out as expected again, and not before', async () => {
  open = [{ number: 4, html_url: 'https://github.test/4' }];
  expect(await keep(claim('as-expected', 'unexpected'), claim('unexpected', 'unexpected'))).toBe(
    'updated https://github.test/4',
  );
  asked = [];
  expect(await keep(claim('as-expected', 'unexpected'))).toBe('closed https://github.test/4');
  expect(asked).toEqual([GET, 'POST /repos/team/shop/issues/4/comments', 'PATCH /repos/team/shop/issues/4']);
  expect(bodies.at(-1)).toEqual({ state: 'closed', state_reason: 'completed' });
});

test('opens nothing for a claim that holds again', async () => {
  expect(await keep(claim('as-expected', 'unexpected'))).toBe('nothing to say');
});

test('rejects with GitHub’s words', async () => {
  status = 403;
  await expect(keep(claim('unexpected', 'as-expected'))).rejects.toThrow(
    /GitHub refused GET issues\?state=open.* of team\/shop with 403: .*Resource not accessible/,
  );
});
