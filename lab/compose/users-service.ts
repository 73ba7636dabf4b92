import type { ScriptConfig } from '../workload/load/load-protocol.ts';
import { users } from '../workload/load/users.ts';
import { fromRepository } from './app-services.ts';
import type { ServiceWithFiles } from './compose-file.ts';
import { imageOf } from './image-of.ts';
import { type PlaygroundPlan, USERS_HOST } from './playground-plan.ts';

/** Everybody wants the same product, and some are logged in. */
const workload = users({
  name: 'users',
  on: USERS_HOST,
  journeys: [
    { kind: 'catalogue', perSecond: 100, products: 1, maxUsers: 200, balance: 'round-robin' },
    { kind: 'session', users: 10, thinkMs: 500, viewShare: 0 },
  ],
});

/** k6, behind the profile `load`: for ten minutes, or until it is stopped. */
export function usersService({ book }: PlaygroundPlan): ServiceWithFiles {
  const apps = book.nodes.filter(({ kind }) => kind === 'app');
  const script: ScriptConfig = {
    workload,
    apps: apps.map(({ name, announced, ports }) => ({ name, url: `http://${announced}:${ports.client}` })),
    seed: 'playground',
    labTime: { speed: 1, sameUnixMs: 0 },
    firstIndex: 0,
    record: false,
  };
  return {
    name: 'k6',
    service: {
      image: imageOf('k6'),
      profiles: ['load'],
      command: ['run', '--quiet', '--no-usage-report', 'lab/workload/load/k6/playground.ts'],
      ...fromRepository(USERS_HOST),
      environment: { LAB_LOAD: JSON.stringify(script), LAB_LOAD_DURATION: '10m', HOME: '/tmp' },
      depends_on: Object.fromEntries(apps.map(({ name }) => [name, { condition: 'service_healthy' }])),
      stop_signal: 'SIGINT',
      stop_grace_period: '5s',
    },
  };
}
