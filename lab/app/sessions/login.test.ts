import { expect, test } from 'vitest';
import { startTestApp } from '../test-app.ts';

test('a whole instance: users of PostgreSQL log in, come back, and log out', async () => {
  const { request } = await startTestApp({}, { database: true });
  const login = (user: number, password: string) => request('POST', '/login', { user, password });
  expect((await login(3, 'password-4')).status).toBe(401);
  const answer = await login(3, 'password-3');
  expect(answer.status).toBe(200);
  const cookie = String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
  const me = () => request('GET', '/me', undefined, { cookie });
  expect(await (await me()).json()).toEqual({ user: 3, visits: 1 });
  expect((await request('POST', '/logout', undefined, { cookie })).status).toBe(204);
  expect((await me()).status).toBe(401);
  const metrics = await (await request('GET', '/metrics')).text();
  expect(metrics).toMatch(/app_sessions_redis_reads_total\{.*\} 2/);
});
