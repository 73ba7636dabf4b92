import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { validateLoad } from './load/validate-load.ts';
import { validateKeySlots } from './validate-key-slots.ts';
import type { RedisWorkload, Workload } from './workload.ts';

/** Says what a value has to be when it is not: undefined when it is fine. */
type Rule = (value: unknown) => string | undefined;
type Rules = Readonly<Record<string, Rule>>;

const rule =
  (expected: string, holds: (value: unknown) => boolean): Rule =>
  (value) =>
    holds(value) ? undefined : expected;
const whole = (min: number) =>
  rule(`a whole number of at least ${min}`, (v) => Number.isSafeInteger(v) && Number(v) >= min);
const number = (min: number, max = Number.POSITIVE_INFINITY) =>
  rule(
    max === Number.POSITIVE_INFINITY ? `a number of at least ${min}` : `a number from ${min} to ${max}`,
    (v) => typeof v === 'number' && v >= min && v <= max,
  );
const flag = rule('true or false', (v) => typeof v === 'boolean');
const oneOf = (...values: string[]) =>
  rule(values.map((v) => `'${v}'`).join(' or '), (v) => values.some((known) => known === v));
const text = rule('a text that is not empty', (v) => typeof v === 'string' && v !== '');
const texts = rule(
  'a list of texts',
  (v) => Array.isArray(v) && v.length > 0 && v.every((t) => typeof t === 'string' && t !== ''),
);
const orNull =
  (inner: Rule): Rule =>
  (v) =>
    v === null ? undefined : appendNull(inner(v));
const appendNull = (expected: string | undefined) => expected && `${expected}, or null`;

const delayRules: Rules = { minMs: whole(0), maxMs: whole(0), jitter: number(0) };
const redisRules: Rules = {
  connectTimeout: whole(1),
  commandTimeout: whole(1),
  socketTimeout: whole(1),
  disconnectTimeout: whole(0),
  maxRetriesPerRequest: orNull(whole(0)),
  maxLoadingRetryTime: whole(0),
  enableOfflineQueue: flag,
  enableReadyCheck: flag,
  autoResendUnfulfilledCommands: flag,
  keepAlive: whole(0),
  noDelay: flag,
  role: oneOf('master', 'slave'),
  failoverDetector: flag,
  connectAgainAfterEndMs: whole(1),
  spreadSentinels: flag,
  sentinelCommandTimeout: whole(1),
  updateSentinels: flag,
  sentinelMaxConnections: whole(1),
  maxRedirections: whole(0),
  retryDelayOnFailover: whole(0),
  retryDelayOnClusterDown: whole(0),
  retryDelayOnMoved: whole(0),
  retryDelayOnTryAgain: whole(0),
  slotsRefreshInterval: whole(1),
  slotsRefreshTimeout: whole(1),
  scaleReads: oneOf('master', 'slave', 'all'),
};
const redisNested = [
  ...['retryDelay', 'sentinelRetryDelay', 'sentinelReconnectDelay'],
  ...['clusterRetryDelay', 'clusterNodeRetryDelay'],
];
const orFalse =
  (inner: Rule): Rule =>
  (v) =>
    v === false ? undefined : inner(v)?.concat(', or false');
const nodeRedisRules: Rules = {
  minimizeConnections: flag,
  maxCommandRedirections: whole(0),
  useReplicas: flag,
  topologyRefreshOnReconnectionAttemptStrategy: orFalse(whole(1)),
};
const nodeRedisDefaults: Rules = {
  commandsQueueMaxLength: whole(1),
  disableOfflineQueue: flag,
  pingInterval: whole(1),
};
const nodeRedisSocket: Rules = {
  connectTimeout: whole(1),
  socketTimeout: whole(1),
  keepAlive: flag,
  keepAliveInitialDelay: whole(0),
  noDelay: flag,
};
const common: Rules = {
  kind: oneOf('set', 'registers', 'counters', 'locks', 'load'),
  name: rule('letters, digits, ".", "_" and "-", beginning with a letter or digit', (v) =>
    /^[a-z0-9][a-z0-9._-]*$/i.test(String(v)),
  ),
  clients: whole(1),
  on: text,
  inFlight: whole(1),
  pauseAfterErrorMs: whole(1),
  pauseMs: whole(0),
  keys: whole(1),
};
const lockRules: Rules = { leaseMs: whole(1), holdMs: whole(1), fenced: flag };
const registerRules: Rules = { readFrom: oneOf('primary', 'replica'), readShare: number(0, 1) };

/**
 * Checks a workload that may come from untyped code or from a file. `where` begins every message
 * ("scenario x, variant hardened, workload 'w'"). Throws UsageError that says what was expected, what was
 * found and where, with the nearest name for a field that does not exist.
 */
export function validateWorkload(value: unknown, where: string): asserts value is Workload {
  const workload = record(value, where);
  if (workload.kind === 'load') return validateLoad(workload, where);
  const own = workload.kind === 'registers' ? registerRules : workload.kind === 'locks' ? lockRules : {};
  const rules = { ...common, ...own };
  const { rate, redis, library, nodeRedis, wait, keySlots, keysOf, ...rest } = workload;
  const optional = workload.kind === 'registers' ? ['keySlots', 'keysOf'] : ['keySlots'];
  names(
    workload,
    [...Object.keys(rules), 'rate', 'redis', 'library', 'nodeRedis', 'wait', ...optional],
    where,
  );
  for (const [name, check] of Object.entries(rules)) field(rest[name], check, `${where}: ${name}`);
  if (rate !== 'closed-loop') {
    const kind = `${where}: rate`;
    if (typeof rate !== 'object' || rate === null) fail(kind, "'closed-loop' or { perSecond: number }", rate);
    fields(record(rate, kind), { perSecond: number(0.001) }, ['perSecond'], kind);
  }
  validateRedis(record(redis, `${where}: redis`), `${where}: redis`);
  if (library !== undefined) field(library, oneOf('ioredis', 'node-redis'), `${where}: library`);
  const isNodeRedis = library === 'node-redis';
  if (isNodeRedis && Object.keys(redis as object).length > 0)
    fail(`${where}: redis`, "none beside library: 'node-redis', whose options are in nodeRedis", redis);
  if (nodeRedis !== undefined) {
    if (!isNodeRedis) fail(`${where}: nodeRedis`, "none without library: 'node-redis'", nodeRedis);
    validateNodeRedis(record(nodeRedis, `${where}: nodeRedis`), `${where}: nodeRedis`);
  }
  if (wait !== null) {
    const place = `${where}: wait`;
    fields(
      record(wait, place),
      { replicas: whole(1), timeoutMs: whole(1) },
      ['replicas', 'timeoutMs'],
      place,
    );
  }
  if (keysOf !== undefined) {
    field(keysOf, text, `${where}: keysOf`);
    if (workload.readShare !== 1) fail(`${where}: readShare`, '1 beside keysOf', workload.readShare);
  }
  if (keySlots !== undefined)
    validateKeySlots(keySlots, String(keysOf ?? workload.name), Number(workload.keys), `${where}: keySlots`);
  // Every field has been looked at by now; the cast tells the compiler so.
  together(workload as unknown as RedisWorkload, where);
}

function validateRedis(redis: Record<string, unknown>, where: string): void {
  names(redis, [...Object.keys(redisRules), ...redisNested, 'reconnectOnError'], where);
  for (const [name, check] of Object.entries(redisRules))
    if (redis[name] !== undefined) field(redis[name], check, `${where}.${name}`);
  for (const name of redisNested) {
    const delay = redis[name];
    if (delay === undefined || delay === null) continue;
    fields(record(delay, `${where}.${name}`), delayRules, ['minMs', 'maxMs'], `${where}.${name}`);
  }
  if (redis.reconnectOnError === undefined) return;
  const place = `${where}.reconnectOnError`;
  const rules = { codes: texts, action: oneOf('reconnect', 'reconnect-and-resend') };
  fields(record(redis.reconnectOnError, place), rules, ['codes', 'action'], place);
}

function validateNodeRedis(options: Record<string, unknown>, where: string): void {
  const { commandOptions = {}, defaults = {}, ...own } = options;
  names(options, [...Object.keys(nodeRedisRules), 'commandOptions', 'defaults'], where);
  fields(own, nodeRedisRules, [], where);
  const place = `${where}.commandOptions`;
  fields(record(commandOptions, place), { timeout: whole(1) }, [], place);
  validateNodeDefaults(record(defaults, `${where}.defaults`), `${where}.defaults`);
}

function validateNodeDefaults(defaults: Record<string, unknown>, where: string): void {
  const { socket = {}, ...own } = defaults;
  names(defaults, [...Object.keys(nodeRedisDefaults), 'socket'], where);
  fields(own, nodeRedisDefaults, [], where);
  const { reconnectStrategy, ...plain } = record(socket, `${where}.socket`);
  names(socket as object, [...Object.keys(nodeRedisSocket), 'reconnectStrategy'], `${where}.socket`);
  fields(plain, nodeRedisSocket, [], `${where}.socket`);
  const place = `${where}.socket.reconnectStrategy`;
  if (typeof reconnectStrategy === 'object')
    fields(record(reconnectStrategy, place), delayRules, ['minMs', 'maxMs'], place);
  else if (reconnectStrategy !== undefined) field(reconnectStrategy, orFalse(whole(0)), place);
}

/** What no field can say alone. */
function together(workload: RedisWorkload, where: string): void {
  const { wait, redis, nodeRedis } = workload;
  const silentMs = nodeRedis?.defaults?.socket?.socketTimeout;
  if (wait !== null && silentMs !== undefined && wait.timeoutMs >= silentMs)
    throw new UsageError(
      `${where}: wait.timeoutMs (${wait.timeoutMs}) has to be shorter than nodeRedis.defaults.socket.socketTimeout (${silentMs}), or the client gives up before WAIT answers`,
    );
  for (const name of ['commandTimeout', 'socketTimeout'] as const) {
    const timeoutMs = redis[name];
    if (wait === null || timeoutMs === undefined || wait.timeoutMs < timeoutMs) continue;
    throw new UsageError(
      `${where}: wait.timeoutMs (${wait.timeoutMs}) has to be shorter than redis.${name} (${timeoutMs}), or the client gives up before WAIT answers`,
    );
  }
}

function fields(object: Record<string, unknown>, rules: Rules, required: readonly string[], where: string) {
  names(object, Object.keys(rules), where);
  for (const [name, check] of Object.entries(rules))
    if (object[name] !== undefined || required.includes(name)) field(object[name], check, `${where}.${name}`);
}

function names(object: object, known: readonly string[], where: string): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    throw new UsageError(withNearest(`${where}: unknown field "${name}"`, name, known));
  }
}

function field(value: unknown, check: Rule, where: string): void {
  const expected = check(value);
  if (expected !== undefined) fail(where, expected, value);
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(where, 'an object', value);
  return value as Record<string, unknown>;
}

function fail(where: string, expected: string, got: unknown): never {
  throw new UsageError(
    `${where}: expected ${expected}, got ${got === undefined ? 'nothing' : JSON.stringify(got)}`,
  );
}
