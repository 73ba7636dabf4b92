/** Which of three processes is asked: a server alone, a node of a cluster, or a Sentinel that watches the first. */
export type Asked = 'server' | 'cluster node' | 'sentinel';

/** Something that not every server of today offers, and how one is asked whether it does. */
export interface Feature {
  /** What people call it: a command, or a few words. */
  name: string;
  asked: Asked;
  command: readonly string[];
  /** Whether an answer shows that it is there. Default: any answer but a refusal of the command as such. */
  isThere?: (answer: unknown) => boolean;
}

/** Long enough that two looks at a running clock differ. */
const CLOCK_SCRIPT = `local a = redis.call('TIME') for i = 1, 300000 do end local b = redis.call('TIME')
return (b[1] - a[1]) * 1000000 + (b[2] - a[2])`;

const isPair = (answer: unknown) => Array.isArray(answer) && answer.length === 2;

/** Every feature by which servers are told apart, in the order in which they are shown. */
export const features: readonly Feature[] = [
  { name: 'FAILOVER', asked: 'server', command: ['FAILOVER', 'ABORT'] },
  { name: 'SENTINEL DEBUG', asked: 'sentinel', command: ['SENTINEL', 'DEBUG'] },
  {
    name: 'SENTINEL FAILOVER … COORDINATED',
    asked: 'sentinel',
    command: ['SENTINEL', 'FAILOVER', 'nobody', 'COORDINATED'],
  },
  { name: 'WAITAOF', asked: 'server', command: ['WAITAOF', '0', '0', '0'] },
  { name: 'CLIENT NO-EVICT', asked: 'server', command: ['CLIENT', 'NO-EVICT', 'ON'] },
  { name: 'CLIENT NO-TOUCH', asked: 'server', command: ['CLIENT', 'NO-TOUCH', 'ON'] },
  { name: 'CLIENT CAPA redirect', asked: 'server', command: ['CLIENT', 'CAPA', 'redirect'] },
  { name: 'sharded pub/sub (SPUBLISH)', asked: 'server', command: ['SPUBLISH', 'channel', 'message'] },
  { name: 'functions (FUNCTION)', asked: 'server', command: ['FUNCTION', 'LIST'] },
  {
    name: 'fields that expire (HPEXPIRE)',
    asked: 'server',
    command: ['HPEXPIRE', 'key', '1', 'FIELDS', '1', 'field'],
  },
  { name: 'compare and set (SET … IFEQ)', asked: 'server', command: ['SET', 'key', 'new', 'IFEQ', 'old'] },
  {
    name: 'a clock that runs in scripts (TIME)',
    asked: 'server',
    command: ['EVAL', CLOCK_SCRIPT, '0'],
    isThere: (answer) => typeof answer === 'number' && answer > 0,
  },
  {
    name: 'full resync over a channel of its own (repl-rdb-channel)',
    asked: 'server',
    command: ['CONFIG', 'GET', 'repl-rdb-channel'],
    isThere: isPair,
  },
  {
    name: 'dual channel replication (dual-channel-replication-enabled)',
    asked: 'server',
    command: ['CONFIG', 'GET', 'dual-channel-replication-enabled'],
    isThere: isPair,
  },
  { name: 'CLUSTER SHARDS', asked: 'cluster node', command: ['CLUSTER', 'SHARDS'] },
  { name: 'CLUSTER LINKS', asked: 'cluster node', command: ['CLUSTER', 'LINKS'] },
  { name: 'CLUSTER MYSHARDID', asked: 'cluster node', command: ['CLUSTER', 'MYSHARDID'] },
  {
    name: 'CLUSTER SLOT-STATS',
    asked: 'cluster node',
    command: ['CLUSTER', 'SLOT-STATS', 'ORDERBY', 'KEY-COUNT', 'LIMIT', '1'],
  },
  {
    name: 'atomic slot migration (CLUSTER MIGRATESLOTS)',
    asked: 'cluster node',
    command: ['CLUSTER', 'GETSLOTMIGRATIONS'],
  },
  {
    name: 'atomic slot migration (CLUSTER MIGRATION)',
    asked: 'cluster node',
    command: ['CLUSTER', 'MIGRATION', 'STATUS', 'ALL'],
  },
];

/** What servers say to what they do not know: as a command, a subcommand, or with these words. */
const REFUSAL =
  /^(ERR )?(unknown (command|subcommand|sentinel subcommand)|wrong number of arguments|syntax error)/i;

/** Whether an answer, or the error that came instead, shows that a feature is there. */
export function showsFeature({ isThere }: Feature, answer: unknown): boolean {
  if (answer instanceof Error) return isThere === undefined && !REFUSAL.test(answer.message);
  return isThere?.(answer) ?? true;
}
