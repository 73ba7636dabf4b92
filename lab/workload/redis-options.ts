import type { RedisOptions } from 'ioredis';

/**
 * How long to wait before the next attempt, as data:
 * `min(maxMs, minMs × 2^(attempt − 1))`, times a random factor in [1, 1 + jitter].
 */
export interface Delay {
  /** Before the first retry. */
  minMs: number;
  /** No delay is longer, jitter apart. */
  maxMs: number;
  /** 0 for none; 0.5 adds up to a half. Default 0. */
  jitter?: number;
}

/**
 * ioredis 6 options of a workload's clients: the plain ones under ioredis' own names, and data forms of those
 * that are functions there. What is left out stays ioredis' default, which is what most people run.
 * Defaults: `DEFAULT_REDIS_OPTIONS` in ioredis' redis/RedisOptions.
 */
export interface ClientOptions {
  /** Milliseconds to open a TCP connection. ioredis' default: 10 000. */
  connectTimeout?: number;
  /**
   * Milliseconds until a command without an answer is rejected. ioredis' default: none. The command stays in
   * ioredis' queue and may run later (redis/ioredis#2130), so such an operation ends `info`.
   */
  commandTimeout?: number;
  /** Milliseconds without data, while something is awaited, until the socket is destroyed. ioredis' default: none. */
  socketTimeout?: number;
  /** Milliseconds until a socket that is being closed is destroyed. ioredis' default: 2 000. */
  disconnectTimeout?: number;
  /** Reconnects after which waiting commands are rejected; null: never. ioredis' default: 20. */
  maxRetriesPerRequest?: number | null;
  /** Milliseconds between looks at a server that is loading its data, at most. ioredis' default: 10 000. */
  maxLoadingRetryTime?: number;
  /** Keep commands issued without a connection for later. ioredis' default: true. */
  enableOfflineQueue?: boolean;
  /** Ask INFO before use, to wait for loading and, with Sentinel, to check the role. ioredis' default: true. */
  enableReadyCheck?: boolean;
  /**
   * Send commands again whose answer was lost with a connection. ioredis' default: true.
   * With false, ioredis 6.0 leaves their promises pending for ever (redis/ioredis#2193) unless there is a
   * `commandTimeout`, or `maxRetriesPerRequest` is 0.
   */
  autoResendUnfulfilledCommands?: boolean;
  /** Milliseconds until the first TCP keep-alive probe. ioredis' default: 30 000. */
  keepAlive?: number;
  /** TCP_NODELAY. ioredis' default: true. */
  noDelay?: boolean;
  /** What to ask Sentinel for. ioredis' default: 'master'. */
  role?: 'master' | 'slave';
  /** Subscribe to Sentinels' `+switch-master` and reconnect when one announces a failover. ioredis' default: false. */
  failoverDetector?: boolean;
  /** `commandTimeout` of the connections to Sentinels. ioredis' default: none. */
  sentinelCommandTimeout?: number;
  /** Learn further Sentinels from the one that answered. ioredis' default: true. */
  updateSentinels?: boolean;
  /** The failover detector's connections, at most. ioredis' default: 10. */
  sentinelMaxConnections?: number;
  /** `retryStrategy`: between attempts to reconnect; null: the client ends with its first connection. ioredis' default: 50 ms doubling to 5 s, plus up to 200 ms. */
  retryDelay?: Delay | null;
  /** `sentinelRetryStrategy`: after no Sentinel answered; null: the client ends. ioredis' default: 10 ms more each time, up to 1 s. */
  sentinelRetryDelay?: Delay | null;
  /** `sentinelReconnectStrategy`: of the failover detector's connections. ioredis' default: 60 s. */
  sentinelReconnectDelay?: Delay | null;
  /** `reconnectOnError`: what to do when an answer's error begins with one of the codes. ioredis' default: nothing. */
  reconnectOnError?: { codes: readonly string[]; action: 'reconnect' | 'reconnect-and-resend' };
  /**
   * No option of ioredis: milliseconds after which a client that has ended for good is told to connect again,
   * `redis.on('end', () => setTimeout(() => redis.connect().catch(() => {}), ms))`. ioredis ends by itself not only
   * when a retry strategy gives up: a failover detector of an earlier connection that hears of a switch while the
   * client is asking a Sentinel for the primary ends it too (SentinelConnector: `connect` throws CONNECTION_CLOSED,
   * Redis: `connect` sets the status `end`). Without this option it stays ended.
   */
  connectAgainAfterEndMs?: number;
  /**
   * Cluster: how often an operation is sent on before it is rejected ("Too many Cluster redirections"): after MOVED,
   * ASK, TRYAGAIN, CLUSTERDOWN and a connection that closed. With the delays below this is the time that an
   * operation survives a failover: 16 × 100 ms is less than most `cluster-node-timeout`s, and all but MOVED and ASK
   * are sent to any node next, whose MOVED counts too. ioredis' default: 16.
   */
  maxRedirections?: number;
  /**
   * Cluster: milliseconds until an operation is sent again whose node's connection closed; ioredis asks for the
   * slots first. The lost one may have been executed: 0 rejects it instead. ioredis' default: 100.
   */
  retryDelayOnFailover?: number;
  /** Cluster: milliseconds until an operation is sent again after CLUSTERDOWN, plus the time to ask for the slots; 0 rejects it. ioredis' default: 100. */
  retryDelayOnClusterDown?: number;
  /** Cluster: milliseconds until an operation follows MOVED; 0: at once. ioredis' default: 0. */
  retryDelayOnMoved?: number;
  /** Cluster: milliseconds until an operation is sent again after TRYAGAIN. ioredis' default: 100. */
  retryDelayOnTryAgain?: number;
  /**
   * Cluster: milliseconds between the times at which the client asks some node who owns which slots; without it
   * only MOVED, CLUSTERDOWN and closed connections make it ask. ioredis' default: none.
   */
  slotsRefreshInterval?: number;
  /** Cluster: milliseconds for the answer of each node that is asked for the slots. ioredis' default: 1 000. */
  slotsRefreshTimeout?: number;
  /**
   * Cluster: which nodes of a shard reads go to; writes go to the primary. A shard without replica is read from its
   * primary. Default: ioredis' 'master', for `readFrom: 'replica'` 'slave'.
   */
  scaleReads?: 'master' | 'slave' | 'all';
  /** Cluster: `clusterRetryStrategy`, when no node is left; null: the client ends. ioredis' default: 100 ms plus 2 ms for each attempt, up to 2 s. */
  clusterRetryDelay?: Delay | null;
  /**
   * Cluster: `clusterNodeRetryStrategy`, between attempts to reconnect to one node; null: its connection ends with the
   * first loss, and the client asks for the slots. ioredis' default: null.
   */
  clusterNodeRetryDelay?: Delay | null;
  /** No option of ioredis: each client's list of Sentinels begins with another one, by the seed. Default: false, all with the first. */
  spreadSentinels?: boolean;
}

/** ioredis' options without the one whose type is not exact enough for its own constructor under exactOptionalPropertyTypes. */
export type IoredisOptions = Omit<RedisOptions, 'replyMapping'>;

/** What is no option of a single connection. */
const notOfConnections = [
  ...['connectAgainAfterEndMs', 'spreadSentinels', 'maxRedirections', 'retryDelayOnFailover'],
  ...['retryDelayOnClusterDown', 'retryDelayOnMoved', 'retryDelayOnTryAgain', 'slotsRefreshInterval'],
  ...['slotsRefreshTimeout', 'scaleReads', 'clusterRetryDelay', 'clusterNodeRetryDelay'],
];

/** The same options as ioredis takes them. `random` returns numbers in [0, 1). */
export function toIoredisOptions(options: ClientOptions, random: () => number): IoredisOptions {
  const { retryDelay, sentinelRetryDelay, sentinelReconnectDelay, reconnectOnError, ...rest } = options;
  const result: IoredisOptions = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !notOfConnections.includes(name)),
  );
  if (retryDelay !== undefined) result.retryStrategy = delayStrategy(retryDelay, random);
  if (sentinelRetryDelay !== undefined)
    result.sentinelRetryStrategy = delayStrategy(sentinelRetryDelay, random);
  if (sentinelReconnectDelay !== undefined)
    result.sentinelReconnectStrategy = delayStrategy(sentinelReconnectDelay, random);
  if (reconnectOnError !== undefined) {
    const answer = reconnectOnError.action === 'reconnect' ? 1 : 2;
    const codes = new Set(reconnectOnError.codes);
    result.reconnectOnError = (error) => (codes.has(error.message.split(' ', 1)[0] ?? '') ? answer : false);
  }
  return result;
}

/** A delay as ioredis takes it: a function of the attempt, counted from 1. */
export function delayStrategy(delay: Delay | null, random: () => number): (attempt: number) => number | null {
  if (delay === null) return () => null;
  const { minMs, maxMs, jitter = 0 } = delay;
  return (attempt) =>
    Math.round(Math.min(maxMs, minMs * 2 ** Math.min(attempt - 1, 30)) * (1 + jitter * random()));
}
