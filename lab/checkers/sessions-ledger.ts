import type { History } from '../history/operation.ts';

/** How a visit was answered: with the user, with 401, or nobody knows. What certainly was not done (503) is not kept. */
export const visitKinds = { accepted: 0, refused: 1, unknown: 2 } as const;

/** Numbers that a session keeps of each visit: when it was invoked, when completed, its kind, the user answered, the instance. */
export const visitWidth = 5;

/** One session as its history tells it. Times in ms since the run's start. */
export interface Session {
  key: string;
  client: string;
  user: number | null;
  /** The login that was acknowledged; null: none was, so nothing is owed. */
  login: { invoked: number; completed: number } | null;
  /** When the first logout or revoke was invoked that took effect, or may have; Infinity: none. */
  endBegun: number;
  /** When the first logout or revoke was acknowledged; Infinity: none. */
  ended: number;
  /** Visits in order of their invocation, `visitWidth` numbers each. */
  visits: number[];
}

/** Every session of a history by its label, and how many operations there were. */
export interface SessionLedger {
  sessions: readonly Session[];
  /** Names of the instances by the index in a visit; -1 there: nobody answered. */
  instances: readonly string[];
  counts: { logins: number; visits: number; refusals: number; logouts: number };
}

/** `group`: only these clients' operations. */
export function sessionLedger(history: History, group: string | undefined): SessionLedger {
  const members = history.clients.filter((one) => group === undefined || one.group === group);
  const clients = new Set(members.map((one) => one.name));
  const byKey = new Map<string, Session>();
  const instances: string[] = [];
  const indexOf = new Map<string | null, number>([[null, -1]]);
  const counts = { logins: 0, visits: 0, refusals: 0, logouts: 0 };

  const sessionOf = (key: string, client: string): Session => {
    let session = byKey.get(key);
    if (session === undefined) {
      const never = Number.POSITIVE_INFINITY;
      session = { key, client, user: null, login: null, endBegun: never, ended: never, visits: [] };
      byKey.set(key, session);
    }
    return session;
  };

  for (const { client, f, key, value, invoked, completed, outcome, node, error } of history.operations) {
    if (f === 'visit') {
      const refused = outcome === 'fail' && error === 'http 401';
      if ((outcome === 'fail' && !refused) || !clients.has(client)) continue;
      let instance = indexOf.get(node);
      if (instance === undefined) {
        instance = instances.push(node ?? '') - 1;
        indexOf.set(node, instance);
      }
      if (outcome === 'ok') counts.visits++;
      else if (refused) counts.refusals++;
      const kind = outcome === 'ok' ? visitKinds.accepted : refused ? visitKinds.refused : visitKinds.unknown;
      sessionOf(key, client).visits.push(invoked, completed, kind, value ?? Number.NaN, instance);
    } else if (f === 'login' || f === 'logout' || f === 'revoke') {
      if (outcome === 'fail' || !clients.has(client)) continue;
      const session = sessionOf(key, client);
      if (f === 'login') {
        session.user = value;
        if (outcome !== 'ok') continue;
        counts.logins++;
        session.login ??= { invoked, completed };
      } else {
        session.endBegun = Math.min(session.endBegun, invoked);
        if (outcome !== 'ok') continue;
        counts.logouts++;
        session.ended = Math.min(session.ended, completed);
      }
    }
  }
  const sessions = [...byKey.values()];
  for (const session of sessions) session.visits = inOrder(session.visits);
  return { sessions, instances, counts };
}

/** One user's visits nearly always are in order; several tabs at once need not be. */
function inOrder(visits: number[]): number[] {
  let sorted = true;
  for (let i = visitWidth; i < visits.length && sorted; i += visitWidth)
    sorted = (visits[i] as number) >= (visits[i - visitWidth] as number);
  if (sorted) return visits;
  const rows = Array.from({ length: visits.length / visitWidth }, (_, i) =>
    visits.slice(i * visitWidth, (i + 1) * visitWidth),
  );
  return rows.sort((a, b) => (a[0] as number) - (b[0] as number)).flat();
}
