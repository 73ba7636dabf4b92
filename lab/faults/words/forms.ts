import { faults } from '../faults.ts';
import { type FaultForm, form } from './form.ts';
import {
  choice,
  directives,
  flag,
  groups,
  number,
  optional,
  signedNumber,
  slots,
  targets,
  text,
} from './parameter.ts';

const data = optional(choice('kept', 'lost'));
const node = { aim: { at: 'node' } } as const;
const server = { aim: { at: 'node', kinds: ['redis'] } } as const;
const link = { aim: { at: 'link' } } as const;
const system = { aim: { at: 'system' } } as const;
const inCluster = { systems: ['cluster'] } as const;

const cutOptions = {
  by: optional(choice('toxiproxy', 'packets')),
  streams: optional(choice('both', 'requests', 'replies')),
  port: optional(choice('client', 'bus')),
};

/** Which lasts as it pleases, and is asked for together with another. */
type Unspoken = 'flap';

/** How each fault of `faults` is asked for in words: the same names, targets first, and the same options. */
export const forms: Readonly<Record<Exclude<keyof typeof faults, Unspoken>, FaultForm>> = {
  kill: form({ target: targets(), data }, ({ target, ...options }) => faults.kill(target, options), node),
  terminate: form(
    { target: targets(), data, withinMs: optional(number()) },
    ({ target, ...options }) => faults.terminate(target, options),
    node,
  ),
  pause: form({ target: targets() }, ({ target }) => faults.pause(target), node),
  restart: form(
    { target: targets(), data: choice('kept', 'lost'), downMs: optional(number('0')) },
    ({ target, ...options }) => faults.restart(target, options),
    { ...node, endsItself: true },
  ),
  crashHost: form(
    { target: targets(), data },
    ({ target, ...options }) => faults.crashHost(target, options),
    node,
  ),
  cut: form(
    { from: targets(), to: targets(), oneWay: optional(flag()), ...cutOptions },
    (read) => faults.cut(read),
    link,
  ),
  isolate: form(
    { target: targets(), ...cutOptions },
    ({ target, ...options }) => faults.isolate(target, options),
    node,
  ),
  split: form(
    { groups: groups(), ...cutOptions },
    ({ groups: sides, ...options }) => faults.split(sides, options),
    system,
  ),
  bridge: form(
    { over: targets(), left: targets(), ...cutOptions },
    ({ over, left, ...options }) => faults.bridge(over, left, options),
    system,
  ),
  cutClients: form(
    { clients: optional(targets('clients')), servers: optional(targets('everybody')), ...cutOptions },
    (read) => faults.cutClients(read),
    system,
  ),
  latency: form(
    {
      from: targets(),
      to: targets(),
      latencyMs: number('100'),
      jitterMs: optional(number('0')),
      streams: cutOptions.streams,
    },
    (read) => faults.latency(read),
    link,
  ),
  bandwidth: form(
    { from: targets(), to: targets(), kilobytesPerSecond: number('10') },
    (read) => faults.bandwidth(read),
    link,
  ),
  reset: form(
    { from: targets(), to: targets(), afterMs: optional(number('0')) },
    (read) => faults.reset(read),
    link,
  ),
  slice: form(
    { from: targets(), to: targets(), averageBytes: number('10'), delayUs: number('1000') },
    (read) => faults.slice(read),
    link,
  ),
  debugSleep: form(
    { target: targets(), seconds: number('2') },
    ({ target, ...options }) => faults.debugSleep(target, options),
    { ...server, endsItself: true },
  ),
  slowScript: form(
    { target: targets(), ms: number('2000') },
    ({ target, ...options }) => faults.slowScript(target, options),
    { ...server, endsItself: true },
  ),
  flush: form({ target: targets() }, ({ target }) => faults.flush(target), { ...server, endsItself: true }),
  flushAsStranger: form(
    { target: targets(), from: optional(targets('clients')) },
    ({ target, ...options }) => faults.flushAsStranger(target, options),
    { ...server, endsItself: true },
  ),
  fill: form(
    {
      target: targets(),
      megabytes: number('10'),
      valueBytes: optional(number('1000')),
      prefix: optional(text()),
      perSecond: optional(number()),
      ttlSeconds: optional(number()),
      from: optional(targets()),
      mustBite: optional(flag()),
      goOn: optional(flag()),
      removeAtHeal: optional(flag()),
    },
    ({ target, ...options }) => faults.fill(target, options),
    server,
  ),
  exhaustConnections: form(
    { target: targets(), connections: number('100'), from: optional(targets('clients')) },
    ({ target, ...options }) => faults.exhaustConnections(target, options),
    server,
  ),
  leakConnections: form(
    {
      target: targets(),
      perSecond: number('50'),
      connections: number('100'),
      from: optional(targets('clients')),
    },
    ({ target, ...options }) => faults.leakConnections(target, options),
    server,
  ),
  setConfig: form(
    { target: targets(), directives: directives() },
    ({ target, directives: wanted }) => faults.setConfig(target, wanted),
    server,
  ),
  sentinelFailover: form(
    { system: optional(text()), withinMs: optional(number('10000')), coordinated: optional(flag()) },
    (read) => faults.sentinelFailover(read),
    { ...system, systems: ['sentinel'], endsItself: true },
  ),
  killLeader: form(
    { system: optional(text()), withinMs: number('60000') },
    (read) => faults.killLeader(read),
    {
      ...system,
      systems: ['sentinel'],
    },
  ),
  stepClock: form({ on: targets(), byMs: signedNumber('60000') }, (read) => faults.stepClock(read), node),
  driftClock: form({ on: targets(), rate: number('1.001') }, (read) => faults.driftClock(read), node),
  coordinatedFailover: form(
    { system: optional(text()), timeoutMs: optional(number('5000')) },
    (read) => faults.coordinatedFailover(read),
    { ...system, systems: ['sentinel', 'standalone'], endsItself: true },
  ),
  clusterFailover: form(
    {
      target: optional(targets('a replica')),
      form: optional(choice('plain', 'force', 'takeover')),
      withinMs: optional(number('10000')),
    },
    ({ target = 'a replica', ...options }) => faults.clusterFailover(target, options),
    { ...server, ...inCluster, endsItself: true },
  ),
  moveSlots: form(
    { to: targets(), slots: slots(), haltAfterKeys: optional(number()) },
    (read) => faults.moveSlots(read),
    { ...server, ...inCluster },
  ),
  forget: form({ target: targets() }, ({ target }) => faults.forget(target), { ...server, ...inCluster }),
  deleteSlots: form({ slots: slots() }, ({ slots: chosen }) => faults.deleteSlots(chosen), {
    ...system,
    ...inCluster,
  }),
};
