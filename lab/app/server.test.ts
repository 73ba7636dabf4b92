import { expect, test } from 'vitest';
import { until } from '../common/until.ts';
import { startTestApp } from './test-app.ts';

test('answers with its name, counts its statements, and is ready', async () => {
  const { request, url, redis } = await startTestApp({ instance: 'one' }, { database: true });
  expect(await redis.ping()).toBe('PONG');
  await until(async () => (await fetch(`${url}/ready`)).ok, { what: 'ready', withinMs: 20_000 });
  const health = await request('GET', '/health');
  expect(health.status).toBe(200);
  expect(health.headers.get('x-instance')).toBe('one');
  expect(await (await request('GET', '/metrics')).text()).toMatch(
    /app_database_queries_total\{statement="ready",instance="one"\} \d/,
  );
});
