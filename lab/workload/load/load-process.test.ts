import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import type { Operation } from '../../history/operation.ts';
import type { JourneyOptions } from './journeys.ts';
import type { LoadProcessConfig } from './load-protocol.ts';
import { TestShop } from './test-app.ts';
import { TestLoad } from './test-load.ts';
import { type UsersOptions, users } from './users.ts';

let shop: TestShop;
let load: TestLoad | undefined;

beforeEach(() => {
  shop = new TestShop();
});
afterEach(async () => {
  await load?.end();
  load = undefined;
  shop.end();
});

async function loadOf(
  journeys: JourneyOptions[],
  options: Partial<UsersOptions> = {},
  config: Partial<LoadProcessConfig> = {},
): Promise<TestLoad> {
  const apps = [await shop.instance('app-1'), await shop.instance('app-2')];
  load = await TestLoad.of(users({ name: 'u', journeys, ...options }), apps, config);
  return load;
}

/** The history of a load that ran until it had so many operations. */
async function ran(journeys: JourneyOptions[], count = 300): Promise<Operation[]> {
  const one = await (await loadOf(journeys)).started();
  await one.operationsSoFar(count);
  expect(await one.stopped()).toBe(0);
  return one.operations();
}

const of = (operations: Operation[], f: string) => operations.filter((op) => op.f === f);

/** What was asked is what was recorded: no row is missing, and none is there twice. */
function expectAllRecorded(operations: Operation[]): void {
  const doublesOf = (f: string) => operations.filter((op) => op.f === f).length;
  expect(operations.length - doublesOf('revoke') / 2).toBe(shop.requests.length);
}

/** A virtual user's operations, one after the other. */
function expectInOrder(operations: Operation[]): void {
  for (const mine of Map.groupBy(operations, (op) => op.client).values()) {
    mine.slice(1).forEach((op, i) => {
      expect(op.invoked).toBeGreaterThanOrEqual(mine[i]?.completed ?? Number.NaN);
    });
    for (const op of mine) expect(op.completed).toBeGreaterThanOrEqual(op.invoked);
  }
}

describe('journeys', () => {
  test('sessions: alive at once, visited as the user who logged in, logged out', async () => {
    const journey = { kind: 'session', users: 4, sessionsPerUser: 5, stepsPerSession: 6 } as const;
    const operations = await ran([journey], 1000);
    expectAllRecorded(operations);
    expectInOrder(operations);
    for (const op of operations) expect(op).toMatchObject({ outcome: 'ok', error: null });
    const userOf = new Map(of(operations, 'login').map((op) => [op.key, op.value]));
    expect(new Set(userOf.keys()).size).toBe(of(operations, 'login').length);
    expect(new Set(userOf.values()).size).toBe(20);
    for (const op of of(operations, 'visit')) expect(op.value).toBe(userOf.get(op.key));
    expect(of(operations, 'logout').length).toBeGreaterThan(20);
    expect(of(operations, 'view').length / operations.length).toBeGreaterThan(0.15);
    expect(new Set(operations.map((op) => op.node))).toEqual(new Set(['app-1', 'app-2']));
  });

  test('a logout that nobody asked for is recorded, counted, and answered with another login', async () => {
    shop.bad.logsOutAfter = 2;
    const one = await (
      await loadOf([{ kind: 'session', users: 3, viewShare: 0, orderShare: 0, stepsPerSession: null }])
    ).started();
    await one.operationsSoFar(200);
    await one.stopped();
    const operations = await one.operations();
    const refused = of(operations, 'visit').filter((op) => op.outcome === 'fail');
    expect(refused.length).toBeGreaterThan(20);
    for (const op of refused) expect(op).toMatchObject({ error: 'http 401', value: null });
    for (const { key } of refused.slice(0, -3))
      expect(of(operations, 'visit').filter((op) => op.key === key)).toHaveLength(3);
    expect((await one.line('summary')).metrics.logouts?.count).toBe(refused.length);
  });

  test('revocation: through another instance, and the old cookie is shown again', async () => {
    const operations = await ran([{ kind: 'revocation', users: 2, everywhere: true }], 200);
    expectAllRecorded(operations);
    const [first] = of(operations, 'revoke');
    const session = operations.filter((op) => op.key === first?.key);
    expect(session.map((op) => op.f).slice(0, 5)).toEqual(['login', 'visit', 'visit', 'visit', 'revoke']);
    expect(session.at(4)?.node).not.toBe(session.at(0)?.node);
    expect(session.slice(5).map((op) => op.error)).toEqual(Array(5).fill('http 401'));
    expect(of(operations, 'revoke').length % 2).toBe(0);
  });

  test.each([false, true])('a slow request racing a logout, session resurrected: %s', async (resurrects) => {
    shop.bad.resurrects = resurrects;
    const journey = { kind: 'slow-request', users: 3, workMs: 800, logoutAfterMs: 40 } as const;
    const operations = await ran([journey], 60);
    const [logout] = of(operations, 'logout');
    const session = operations.filter((op) => op.key === logout?.key);
    const slow = session.find((op) => op.f === 'visit');
    expect(slow?.invoked).toBeLessThan(logout?.invoked ?? 0);
    expect(slow?.completed).toBeGreaterThan(logout?.completed ?? Number.POSITIVE_INFINITY);
    const after = session.filter((op) => op.f === 'visit' && op.invoked > (slow?.completed ?? 0));
    expect(after.map((op) => op.outcome)).toEqual(Array(3).fill(resurrects ? 'ok' : 'fail'));
  });

  test('a slow request racing a logout through another instance, visited meanwhile', async () => {
    const pace = { kind: 'slow-request', users: 1, workMs: 1500, logoutAfterMs: 20 } as const;
    const operations = await ran([{ ...pace, instances: ['app-1'], through: 'app-2', visitsBetween: 2 }], 15);
    const [logout] = of(operations, 'logout');
    expect(logout?.node).toBe('app-2');
    const visits = operations.filter((op) => op.f === 'visit' && op.key === logout?.key);
    // Recorded as they ended: the slow one after those that were begun and ended beside it.
    expect(visits.slice(0, 2).map((op) => op.error)).toEqual(Array(2).fill('http 401'));
    expect(visits.at(2)?.invoked).toBeLessThan(logout?.invoked ?? 0);
    expect(new Set(visits.map((op) => op.node))).toEqual(new Set(['app-1']));
  });

  test('a login storm, whose rate grows', async () => {
    const one = await (
      await loadOf([
        { kind: 'login-storm', perSecond: 10, stages: [{ perSecond: 200, overMs: 1000 }], visits: 1 },
      ])
    ).started();
    await one.operationsSoFar(500);
    await one.stopped();
    const operations = await one.operations();
    expectAllRecorded(operations);
    const [begin] = operations;
    const logins = of(operations, 'login').map((op) => op.invoked - (begin?.invoked ?? 0));
    expect(logins.filter((at) => at < 400).length * 2).toBeLessThan(
      logins.filter((at) => at > 800 && at < 1200).length,
    );
  });

  test('limits: decided when, by whom', async () => {
    const operations = await ran([{ kind: 'limits', policies: ['api', 'away'], keys: 3 }], 200);
    expectAllRecorded(operations);
    expect(new Set(operations.map((op) => op.key)).size).toBe(6);
    const errors = (prefix: string, outcome: string) =>
      new Set(
        operations.filter((op) => op.key.startsWith(prefix) && op.outcome === outcome).map((op) => op.error),
      );
    expect(errors('api/', 'ok')).toEqual(new Set([null]));
    expect(errors('api/', 'fail')).toEqual(new Set(['http 429']));
    expect(errors('away/', 'ok')).toEqual(new Set(['by local']));
    expect(errors('away/', 'fail')).toEqual(new Set(['http 429 by local']));
    for (const op of operations) {
      // The stand-in's clock shows whole milliseconds, and a quarter; two processes match their clocks to 0.1 ms each.
      expect((op.value ?? 0) / 1000).toBeGreaterThan(op.invoked - 1);
      expect((op.value ?? 0) / 1000).toBeLessThan(op.completed + 0.25 + 0.2);
    }
  });

  test('orders, asked again under the same id; a catalogue; conversations', async () => {
    shop.bad.ordersTimeOutOnce = true;
    const operations = await ran(
      [
        { kind: 'orders', users: 2, retries: 2, thinkMs: 5 },
        { kind: 'catalogue', users: 2, updateShare: 0.5, thinkMs: 5 },
        { kind: 'conversations', users: 2, thinkMs: 5, conversationsPerUser: 2 },
      ],
      600,
    );
    expectAllRecorded(operations);
    const orders = Map.groupBy(of(operations, 'order'), (op) => op.value);
    expect(new Set(orders.keys())).toEqual(new Set(shop.orders.keys()));
    const whole = [...orders.values()].filter((rows) => rows.length === 2);
    expect(whole.length).toBeGreaterThan(orders.size - 3);
    for (const rows of whole) expect(rows.map((op) => op.error ?? op.outcome)).toEqual(['http 504', 'ok']);
    const hottest = of(operations, 'view').filter((op) => op.key === 'product:1').length;
    expect(hottest / of(operations, 'view').length).toBeGreaterThan(0.05);
    for (const [key, said] of Map.groupBy(of(operations, 'say'), (op) => op.key))
      expect(said.map((op) => op.value)).toEqual(shop.turns.get(Number(key.split(':')[1])));
    expect(of(operations, 'recall').some((op) => Number(op.value) > 1)).toBe(true);
  });
});

describe('errors and the stop', () => {
  test('answers that never come: info, timeout; and the stop waits for them', async () => {
    const one = await (await loadOf([{ kind: 'session', users: 5, requestTimeoutMs: 3000 }])).started();
    await one.operationsSoFar(100);
    shop.bad.delayMs = 60_000;
    await until(() => shop.held >= 5, { what: 'everybody to wait', withinMs: 2500, everyMs: 1 });
    expect(await one.stopped(0)).toBe(0);
    const operations = await one.operations();
    expectAllRecorded(operations);
    const late = operations.filter((op) => op.error === 'timeout');
    // On a machine that stood still everybody's first one is over before the stop is heard, and a second is asked.
    expect(late).toHaveLength(shop.held);
    for (const op of late) expect(op).toMatchObject({ outcome: 'info', node: null });
  });

  test('connections that break off, and that are refused', async () => {
    shop.bad.resets = true;
    const one = await (await loadOf([{ kind: 'orders', users: 2, thinkMs: 20 }])).started();
    await one.operationsSoFar(10);
    shop.end();
    const refused = () => one.lines.some((line) => line.type === 'stats' && line.fail > 0);
    await until(refused, { what: 'connections to be refused', withinMs: 20_000 });
    await one.stopped();
    const errors = Object.groupBy(await one.operations(), (op) => `${op.outcome} ${op.error}`);
    expect(Object.keys(errors)).toEqual(expect.arrayContaining(['info reset', 'fail refused']));
    expect(Object.keys(errors).filter((error) => /unclassified|ok/.test(error))).toEqual([]);
  });

  test('an arrival rate so low that every user waits: nothing is lost at the stop', async () => {
    const operations = await ran([{ kind: 'catalogue', perSecond: 60, maxUsers: 40 }], 40);
    expectAllRecorded(operations);
  });

  test('times are those of the machine’s monotonic clock', async () => {
    shop.bad.delayMs = 300;
    const one = await (await loadOf([{ kind: 'orders', users: 1 }])).started();
    await until(() => shop.requests.length > 0, { what: 'a request', withinMs: 20_000, everyMs: 1 });
    const at = one.now();
    await one.operationsSoFar(2);
    await one.stopped();
    const [first] = await one.operations();
    // What differs from it differs by more.
    expect(first?.invoked).toBeGreaterThan(at - 2000);
    expect(first?.invoked).toBeLessThan(at);
  });
});

describe('the process', () => {
  test('thresholds: what holds and what does not', async () => {
    const one = await (
      await loadOf([{ kind: 'catalogue', users: 2, name: 'browse' }], {
        thresholds: { http_req_failed: ['rate<0.5'], 'http_req_duration{scenario:browse}': ['max<0.0001'] },
      })
    ).started();
    await one.operationsSoFar(50);
    expect(await one.stopped()).toBe(0);
    expect((await one.line('summary')).thresholds).toEqual(
      expect.arrayContaining([
        { metric: 'http_req_failed', expression: 'rate<0.5', ok: true },
        { metric: 'http_req_duration{scenario:browse}', expression: 'max<0.0001', ok: false },
      ]),
    );
  });

  test('a threshold that does not parse: k6’s own message', async () => {
    const one = await loadOf([{ kind: 'catalogue' }], { thresholds: { http_req_failed: ['rate is small'] } });
    const error = await one.line('error');
    expect(error.message).toMatch(/^k6 ended by exit code \d+$/);
    expect(error.details?.join('\n')).toMatch(/rate is small/);
    expect(await one.exited()).toBe(3);
  });

  test('a script that does not compile: k6’s own message', async () => {
    using place = mkdtempDisposableSync(join(tmpdir(), 'lab-script-'));
    const script = join(place.path, 'broken.ts');
    writeFileSync(script, 'export const options = {;\n');
    const one = await loadOf([{ kind: 'catalogue' }], { script });
    const error = await one.line('error');
    expect(error.details?.join('\n')).toMatch(/broken\.ts: Line 1:24 Expected identifier/);
    expect(await one.exited()).toBe(3);
  });

  test('k6 dies: the lab’s own failure', async () => {
    const one = await (await loadOf([{ kind: 'catalogue', users: 2 }])).started();
    await one.operationsSoFar(10);
    process.kill(one.k6(), 'SIGKILL');
    expect((await one.line('error')).message).toBe('k6 ended by SIGKILL');
    expect(await one.exited()).toBe(3);
  });

  test.each(['SIGKILL', 'the end of stdin'] as const)('%s takes k6 with it', async (how) => {
    const one = await (await loadOf([{ kind: 'catalogue', users: 2 }])).started();
    await one.operationsSoFar(10);
    const k6 = one.k6();
    if (how === 'SIGKILL') one.process.kill(how);
    else one.process.stdin?.end();
    await one.exited();
    await until(() => !isAlive(k6), { what: 'k6 to end', withinMs: 20_000 });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
