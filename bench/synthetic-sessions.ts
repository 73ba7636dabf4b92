import { type HistoryStore, historyStore } from '../lab/history/history-store.ts';

const clientCount = 20;
const runMs = 600_000;
const visitsEach = 18;

/**
 * A history of about `length` operations of users: each session is one login, 18 visits and one logout, a
 * thousand sessions alive at once. One of 50 is lost at the failover in the middle of the run, one of 97 is
 * accepted after its logout.
 */
export function syntheticSessions(length: number): HistoryStore {
  const store = historyStore(
    Array.from({ length: clientCount }, (_, i) => ({ name: `user-${i}`, group: 'users', host: 'app-1' })),
  );
  const names = {
    login: store.intern('login'),
    visit: store.intern('visit'),
    logout: store.intern('logout'),
  };
  const nodes = [store.intern('app-1'), store.intern('app-2')];
  const refused = store.intern('http 401');
  const count = Math.floor(length / (visitsEach + 2));
  const together = Math.min(1000, count);
  for (let first = 0; first < count; first += together) {
    const alive = Math.min(together, count - first);
    const from = (first / count) * runMs;
    const lengthMs = (alive / count) * runMs;
    for (let turn = 0; turn < visitsEach + 2; turn++)
      for (let i = 0; i < alive; i++) {
        const session = first + i;
        const at = from + ((turn + i / alive) / (visitsEach + 2)) * lengthMs;
        const lost = session % 50 === 0 && at > runMs / 2;
        const f = turn === 0 ? names.login : turn === visitsEach ? names.logout : names.visit;
        const over = turn > visitsEach && session % 97 !== 0;
        const no = f === names.visit && (lost || over);
        const key = store.intern(`s${session}`);
        const node = nodes[(session + turn) % 2] as number;
        const value = no ? null : session % 5000;
        store.addRow(session % clientCount, f, key, value, at, at + 0.4, no ? 1 : 0, node, no ? refused : 0);
      }
  }
  return store;
}
