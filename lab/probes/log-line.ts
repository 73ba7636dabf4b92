import type { LabEvent } from '../history/observations.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import { clusterEvent } from './cluster-log-line.ts';
import { type NodeIds, nodeIds } from './node-ids.ts';

/** A line of a Redis or Sentinel log: who wrote it when, how important, and what. */
export interface LogLine {
  /** Milliseconds since 1970; the log is in UTC. */
  wallMs: number;
  /** `#` warning, `*` notice, `-` verbose, `.` debug. */
  level: string;
  text: string;
}

/** `4687:X 21 Nov 2026 00:43:59.567 # +sdown master lab 127.1.0.11 6379` (server.c, serverLogRaw). */
const LINE = /^\d+:[A-Z] (\d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2})\.(\d{3}) ([.\-*#]) (.*)$/;

/** Null for anything that is no log line (the banner, a crash report). */
export function parseLogLine(line: string): LogLine | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, second = '', millisecond = '', level = '', text = ''] = match;
  return { wallMs: Date.parse(`${second} UTC`) + Number(millisecond), level, text };
}

type Facts = Record<string, string | number | boolean>;

/**
 * Sentinel's event in a log line, or null. The forms are `<event> <type> <name> <ip> <port> [@ <group> …]` and
 * `+switch-master <group> <old ip> <old port> <new ip> <new port>`:
 * https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#pubsub-messages
 */
export function sentinelEvent(
  line: LogLine,
  book: AddressBook,
): Pick<LabEvent, 'kind' | 'text' | 'data'> | null {
  const [kind = '', ...words] = line.text.split(' ');
  if (!/^[+-][a-z]/.test(kind)) return null;
  const data: Facts = {};
  if (kind === '+switch-master') {
    data.node = book.nameOf(words[1] ?? '') ?? '';
    data.newPrimary = book.nameOf(words[3] ?? '') ?? '';
  } else if (words[0] === 'master' || words[0] === 'slave' || words[0] === 'sentinel') {
    data.instance = words[0];
    const ip = words[2] ?? '';
    data.node = book.nameOf(ip) ?? '';
  }
  return { kind, text: withNames(line.text, book), data };
}

/** What every start says at the level of a warning, and what says nothing of a run. */
const UNINTERESTING = new RegExp(
  `^(${[
    'oO0OoO0OoO0Oo ',
    '(Redis|Valkey) version=',
    'Configuration loaded',
    'Warning: no config file specified',
    'Server initialized',
    'CONFIG REWRITE executed with success',
    'WARNING:? (Memory overcommit|overcommit_memory|The TCP backlog|you have Transparent Huge Pages)',
    '(You requested maxclients|Server can.t set maximum open files|Current maximum open files)',
    'Diskless rdb transfer, done reading from pipe',
  ].join('|')})`,
  'i',
);

/**
 * What a data node's log says about its role, or null: "MASTER MODE enabled" (Valkey: PRIMARY) is a promotion,
 * by REPLICAOF NO ONE and as the target of FAILOVER; "REPLICAOF … enabled" makes it a replica of another, and so
 * does "Failover target … is synced" on the primary that hands over; `replica-online` is a primary's word that a
 * replica has its copy and follows (replication.c). What a node of a cluster says of
 * the cluster: see `clusterEvent`; `ids` are the names of its nodes. Further warnings come as `log`, but for those of
 * every start.
 */
export function redisEvent(
  line: LogLine,
  book: AddressBook,
  ids: NodeIds = nodeIds(),
): Pick<LabEvent, 'kind' | 'text' | 'data'> | null {
  const { text } = line;
  const ofCluster = clusterEvent(line, ids);
  if (ofCluster !== null) return ofCluster;
  const shown = withNames(text.split(/ \((?:user|failover) request/)[0] ?? text, book);
  if (/^(MASTER|PRIMARY) MODE enabled/.test(text)) return { kind: 'promotion', text: shown };
  const replicaOf =
    /^(?:REPLICAOF|SLAVE OF|SLAVEOF) (\S+?):\d+ enabled/.exec(text) ??
    /^Failover target (\S+?):\d+ is synced, failing over/.exec(text);
  if (replicaOf !== null) {
    return { kind: 'replica-of', text: shown, data: { primary: book.nameOf(replicaOf[1] ?? '') ?? '' } };
  }
  if (
    /^(Full resync|Partial resync|Successful partial|Discarding|(MASTER|PRIMARY) <-> REPLICA sync: Flushing)/.test(
      text,
    )
  ) {
    return { kind: 'resync', text: shown };
  }
  const online = /^Synchronization with replica (\S+?):\d+ succeeded/.exec(text);
  if (online !== null)
    return { kind: 'replica-online', text: shown, data: { replica: book.nameOf(online[1] ?? '') ?? '' } };
  return line.level === '#' && !UNINTERESTING.test(text) ? { kind: 'log', text: shown } : null;
}

/** Addresses in a text replaced by the names of the nodes behind them. */
function withNames(text: string, book: AddressBook): string {
  return text.replace(/127\.\d+\.0\.\d+(?=[: ]|$)/g, (ip) => book.nameOf(ip) ?? ip);
}
