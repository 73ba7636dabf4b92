import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ROLES, type Role } from './config.ts';

/** The metrics that the core keeps itself; parts add theirs to the registry. */
export interface AppMetrics {
  registry: Registry;
  statement(name: string, seconds: number, isOk: boolean): void;
  command(role: Role, seconds: number, isOk: boolean): void;
  /** A request has come (1), or its answer or its connection has ended (-1). */
  request(change: 1 | -1): void;
  /** From now on the number of commands that a role's connections keep is asked of this. */
  waiting(commandsOf: (role: Role) => number): void;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A registry whose series all carry the instance's name. */
export function appMetrics(instance: string): AppMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ instance });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const queries = new Counter({
    name: 'app_database_queries_total',
    help: 'Statements sent to PostgreSQL, by label.',
    labelNames: ['statement'],
    registers,
  });
  const failures = new Counter({
    name: 'app_database_failures_total',
    help: 'Statements that failed, by label.',
    labelNames: ['statement'],
    registers,
  });
  const querySeconds = new Histogram({
    name: 'app_database_seconds',
    help: 'Time of statements, with the wait for a connection.',
    buckets: SECONDS,
    registers,
  });
  const redisSeconds = new Histogram({
    name: 'app_redis_command_seconds',
    help: 'Time from sending a command to its answer, by role; blocking commands left out.',
    labelNames: ['role'],
    buckets: SECONDS,
    registers,
  });
  const redisFailures = new Counter({
    name: 'app_redis_failures_total',
    help: 'Commands that failed or timed out, by role.',
    labelNames: ['role'],
    registers,
  });
  const inFlight = new Gauge({
    name: 'app_requests_in_flight',
    help: 'Requests that have come and are not answered yet, the one that reads this included.',
    registers,
  });
  return {
    registry,
    request: (change) => inFlight.inc(change),
    waiting(commandsOf) {
      new Gauge({
        name: 'app_redis_waiting_commands',
        help: 'Commands that are not answered yet or wait for a connection, by role.',
        labelNames: ['role'],
        registers,
        collect() {
          for (const role of ROLES) this.set({ role }, commandsOf(role));
        },
      });
    },
    statement(name, seconds, isOk) {
      queries.inc({ statement: name });
      if (!isOk) failures.inc({ statement: name });
      querySeconds.observe(seconds);
    },
    command(role, seconds, isOk) {
      redisSeconds.observe({ role }, seconds);
      if (!isOk) redisFailures.inc({ role });
    },
  };
}
