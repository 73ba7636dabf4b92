import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { until } from '../common/until.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { metricProbe } from './metric-probe.ts';
import { runClock } from './run-clock.ts';

await casesInSandbox(new URL('./metric-probe.cases.ts', import.meta.url));

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  servers = [];
});

function listening(answer: () => string, port = 0): Promise<number> {
  const server = createServer((_, response) => response.end(answer()));
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const probeOf = (port: number) =>
  metricProbe({
    database: null,
    instances: [{ name: 'app-1', host: '127.0.0.1', port }],
    clock: runClock(),
    everyMs: 5,
  });

it('reads an instance over its end and its new beginning', async () => {
  let count = 0;
  const answer = () =>
    `# TYPE app_requests counter\napp_requests{instance="app-1",route="/me"} ${++count}\nnodejs_other 3\nprocess_resident_memory_bytes 9\n`;
  const port = await listening(answer);
  const probe = probeOf(port);
  const values = () => probe.series().find(({ name }) => name === 'requests')?.values ?? [];
  await until(() => values().length > 3, { what: 'figures', withinMs: 5000 });
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  count = 0;
  await listening(answer, port);
  const heard = values().length;
  await until(() => values().length > heard + 2, { what: 'figures of the new process', withinMs: 5000 });
  await probe.stop();
  const series = probe.series();
  expect(series.map(({ source, name, labels, kind }) => ({ source, name, labels, kind }))).toEqual([
    { source: 'app-1', name: 'requests', labels: { route: '/me' }, kind: 'counter' },
    { source: 'app-1', name: 'process_resident_memory_bytes', labels: {}, kind: 'gauge' },
  ]);
  expect(values().filter((value, i, all) => i > 0 && value < (all[i - 1] ?? 0))).toEqual([1]);
  expect([...(series[0]?.at ?? [])].sort((a, b) => a - b)).toEqual(series[0]?.at);
});

it('leaves a gap for an answer that is too large, and for nobody', async () => {
  const port = await listening(() => `app_requests 1\n${'# much\n'.repeat(200_000)}`);
  const probe = probeOf(port);
  await probe.stop();
  expect(probe.series()).toEqual([]);
  const nobody = probeOf(1);
  await nobody.stop();
  expect(nobody.series()).toEqual([]);
});
