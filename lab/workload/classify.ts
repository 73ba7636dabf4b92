import { messageOf } from '../common/errors.ts';
import type { Outcome } from '../history/operation.ts';

/**
 * How far a command can have come when it was rejected. `never`: it was never written to a socket, and is in
 * no queue any more. `once`: it was written to one connection, and that one has answered; in a cluster, all others
 * to which it was written have refused it. `refused`: it was written to nodes of a cluster, and each of them has
 * answered with an error. `perhaps`: anything else.
 */
export type Written = 'never' | 'once' | 'refused' | 'perhaps';

export interface Classified {
  outcome: Exclude<Outcome, 'ok'>;
  /** A short name, `unclassified: <message>` when nobody knows the error. */
  error: string;
}

/**
 * Answers by which a server refuses a command before it executes it: `rejectCommand` in `processCommand`, and
 * the cluster's redirections (server.c and cluster.c of Redis 7 and 8), except those from WRONGTYPE on, which
 * the commands themselves give before they change anything.
 */
const refusals = new Set([
  ...['READONLY', 'NOREPLICAS', 'MASTERDOWN', 'LOADING', 'OOM', 'MISCONF', 'BUSY', 'EXECABORT', 'DENIED'],
  ...['NOAUTH', 'NOPERM', 'WRONGPASS', 'NOPROTO'],
  ...['CLUSTERDOWN', 'MOVED', 'ASK', 'TRYAGAIN', 'CROSSSLOT', 'REDIRECT'],
  ...['WRONGTYPE', 'NOSCRIPT', 'BUSYKEY', 'NOGOODSLAVE', 'INPROG', 'NOQUORUM', 'NOMASTERLINK'],
]);

/**
 * Answers that are known and say nothing certain. UNBLOCKED: a blocked command (WAIT after a write) whose
 * server has just become a replica.
 */
const uncertain = new Set(['UNBLOCKED', 'UNKILLABLE', 'NOTBUSY']);

/** `ERR …` answers that are refusals too; the code alone does not say. */
const refusedInWords: readonly [RegExp, string][] = [
  [/^ERR max number of clients/i, 'max-clients'],
  [/^ERR unknown command/i, 'unknown-command'],
  [/^ERR value is not an integer/i, 'not-an-integer'],
  [/^ERR WAIT cannot be used with replica/i, 'wait-on-replica'],
];

/**
 * The client's own errors, by ioredis 6's sources where nothing else is said. They are certain only of commands that were never written:
 * a command whose connection closed is kept and sent again (`prevCommandQueue`, redis/event_handler.js), so any
 * of these may meet a command that a server has executed.
 */
const clientErrors: readonly [RegExp, string][] = [
  // Command.js, setTimeout: rejects, but leaves the command in its queue, to be run later (redis/ioredis#2130).
  // cluster/index.js, handleError, takes that for a redirection when the budget is used up.
  [/^(Too many Cluster redirections\. Last error: Error: )?Command timed out/, 'timeout'],
  // cluster/index.js, handleError: the last of `maxRedirections` ended as the ones before.
  [/^Too many Cluster redirections/, 'too-many-redirections'],
  // cluster/index.js, sendCommand: no node is known, and no offline queue.
  [/^Cluster isn't ready and enableOfflineQueue/, 'not-connected'],
  // cluster/index.js, handleCloseEvent and sendCommand: clusterRetryStrategy has given up.
  [/^(None of startup nodes is available|Cluster is ended)/, 'cluster-unreachable'],
  // Redis.js, sendCommand: not writable and no offline queue. Also meets commands that are being sent again.
  [/^Stream isn't writeable and enableOfflineQueue/, 'not-connected'],
  // utils CONNECTION_CLOSED_ERROR_MSG: sendCommand after the end, and flushQueue in closeHandler.
  [/^Connection is closed/, 'connection-closed'],
  // event_handler.js, closeHandler: flushes both queues after so many reconnects.
  [/^Reached the max retries per request limit/, 'max-retries'],
  // SentinelConnector, connect, with sentinelRetryStrategy off; Redis.js, _connect, then flushes the queues.
  [/^All sentinels are unreachable/, 'sentinels-unreachable'],
  // event_handler.js, abortError: fragments of pipelines and transactions, and (from 6.1) what is not sent again.
  [/^Command aborted due to connection close/, 'aborted'],
  // Redis.js, setSocketTimeout; node-redis: SocketTimeoutError.
  [/^Socket timeout/, 'socket-timeout'],
  // node-redis, by the sources of @redis/client 6: lib/errors.js and where they are thrown.
  // The name that node-redis-connection.ts gives to commandOptions.timeout.
  [/^Not written in time$/, 'not-written-in-time'],
  // A reconnectStrategy has given up, and nothing opens the connection again.
  [/^The client is closed$/, 'client-closed'],
  [/^The client is offline$/, 'not-connected'],
  [/^The queue is full$/, 'queue-full'],
  [/^Socket closed unexpectedly$/, 'connection-closed'],
  [/^Connection timeout$/, 'connect-timeout'],
  // cluster-slots.js, discover: its node has no slots any more, so its connection was dropped with whatever waited there.
  [/^Disconnects client$/, 'connection-dropped'],
  [/^All the root nodes are unavailable$/, 'cluster-unreachable'],
  // cluster/index.js, execute: ASK names a node that CLUSTER SLOTS does not.
  [/^Cannot find node /, 'unknown-node'],
];

const systemErrors: Readonly<Record<string, string>> = {
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNREFUSED: 'refused-connection',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
};

/** Where an error goes that nobody has classified: its message, cut to a length that a table can hold. */
const unclassifiedLength = 120;

/** Whether an error is a server's answer to some command (ioredis' decoder names them all `ReplyError`). */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** What a rejected command means. `fail` only when it is certain that it was not done; an error that nobody has classified is `info`. */
export function classify(error: unknown, written: Written): Classified {
  const message = messageOf(error);
  if (isReply(error) && written !== 'never') return classifyReply(message, written);
  const name = clientError(error, message);
  if (name === undefined) return { outcome: 'info', error: unclassified(message) };
  // A command that timed out stays queued; all the others have been taken out of the queue with their rejection.
  const certain = (written === 'never' || written === 'refused') && name !== 'timeout';
  return { outcome: certain ? 'fail' : 'info', error: name };
}

function classifyReply(message: string, written: Written): Classified {
  const code = message.split(' ', 1)[0] ?? '';
  const inWords = refusedInWords.find(([pattern]) => pattern.test(message))?.[1];
  const name = refusals.has(code) ? code : inWords;
  if (name === undefined)
    return { outcome: 'info', error: uncertain.has(code) ? code : unclassified(message) };
  // Sent again after a reconnect: refused now, but the server before may have executed it.
  return written !== 'perhaps'
    ? { outcome: 'fail', error: name }
    : { outcome: 'info', error: `${name}-after-resend` };
}

function clientError(error: unknown, message: string): string | undefined {
  for (const [pattern, name] of clientErrors) if (pattern.test(message)) return name;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const system = systemErrors[code];
  if (system !== undefined) return system;
  // The answer to a command of ioredis' own handshake (HELLO, INFO), with which it flushes its queues
  // (event_handler.js, recoverFromFatalError).
  return isReply(error) ? `handshake-${message.split(' ', 1)[0]}` : undefined;
}

function unclassified(message: string): string {
  return `unclassified: ${message.replace(/\s+/g, ' ').slice(0, unclassifiedLength)}`;
}
