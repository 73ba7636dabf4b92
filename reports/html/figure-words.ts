import { figureName, figureText } from './units.ts';
import { causeWords } from './words.ts';

/** What the checkers' figures count or measure; one that is not named here is read from its name. */
const titles: Readonly<Record<string, string>> = {
  attempted: 'writes that clients tried',
  acknowledged: 'writes that clients were told are stored',
  lost: 'acknowledged writes lost',
  unexpected: 'found at the end, and nobody tried to write it',
  recovered: 'found at the end, though never acknowledged',
  appliedFailures: 'found at the end, though reported as failed',
  indeterminate: 'found at the end, perhaps of a client that died',
  firstLostAtMs: 'first lost write acknowledged, after the start',
  lastLostAtMs: 'last lost write acknowledged, after the start',
  lossWindowMs: 'from the first to the last lost write',
  lostAfterIsolationMs: 'last lost write, after the fault on its node began',
  availableShare: 'share of the time in which clients could work',
  longestOutageMs: 'longest outage of a client',
  outages: 'outages of clients',
  neverRecovered: 'clients that never recovered',
  overallAvailableShare: 'share of the time in which any client could work',
  overallLongestOutageMs: 'longest outage of all clients at once',
  sdownMs: 'until a Sentinel took the primary for down',
  odownMs: 'until enough Sentinels agreed',
  tryFailoverMs: 'until a Sentinel began a failover',
  voteMs: 'until a Sentinel voted for a leader',
  electedMs: 'until a leader was elected',
  promotionMs: 'until a replica became primary',
  switchMs: 'until the new primary was announced',
  firstClientMs: 'until the first client worked again',
  lastClientMs: 'until the last client worked again',
  pfailMs: 'until a node suspected the one that failed (PFAIL)',
  failMs: 'until it was declared failing (FAIL)',
  electionMs: 'until a replica asked for votes',
  coverageMs: 'until every slot was served again',
  failovers: 'replicas promoted after the fault',
  failoverAttempts: 'failovers begun',
  failoversAborted: 'failovers given up',
  interrupted: 'clients that were interrupted',
  clientsCrashed: 'clients that died',
  faultsUnproved: 'faults not proved',
  ratePerSecond: 'operations while no fault was in force',
  attemptsInWindow: 'writes tried while a fault was in force',
  coveredShare: 'slots served, over the time of the load',
  lowestCoveredShare: 'slots served at the worst moment',
  fullCoverageShare: 'share of the time in which every slot was served',
  longestUncoveredMs: 'longest time in which a slot was not served',
  longestTwoOwnersMs: 'longest time in which two nodes served the same slots',
  longestOutageMsByShard: 'longest time without any success on keys of a shard',
  okByShard: 'operations that succeeded, by shard',
  shards: 'shards whose keys clients used',
  operations: 'operations of clients',
  redirected: 'operations that were sent on to another node',
  redirects: 'times that operations were sent on',
  meanRedirects: 'redirects an operation, on average',
  meanOfRedirected: 'redirects of those that were sent on, on average',
  maxRedirects: 'most redirects of one operation',
  exhausted: 'operations that ended because the client gave up after so many redirects',
  okAfterRedirect: 'operations that were sent on and succeeded',
  operationsByRedirects: 'operations by how often they were sent on',
  redirectsByReason: 'how often operations were sent on, by what made them',
  writesInWindow: 'acknowledged writes while a fault was in force',
};

/** A figure's name in words. */
export function figureTitle(name: string): string {
  return (Object.hasOwn(titles, name) ? titles[name] : undefined) ?? figureName(name);
}

/** One part of a breakdown: `lostByCause`, `wiped` → `acknowledged writes lost: wiped (…)`. */
export function partTitle(name: string, part: string): string {
  const whole = Object.hasOwn(titles, name) ? name : name.replace(/By[A-Z]\w*$/, '');
  const words = causeWords(part);
  return `${figureTitle(whole)}: ${part}${words === '' ? '' : ` (${words})`}`;
}

/** A figure's value with its unit; an outage of no length is none. */
export function figureWords(name: string, value: number | null): string {
  return value === 0 && /outageMs/i.test(name) ? 'none' : figureText(name, value);
}
