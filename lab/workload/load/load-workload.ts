import type { Journey } from './journeys.ts';

/** Users of the application, driven by k6 on one host. Plain JSON. */
export interface LoadWorkload {
  kind: 'load';
  /** The group's name, unique in a scenario. Its sessions are `<name>:s<user>.<n>`. */
  name: string;
  /** The host on which k6 runs. */
  on: string;
  /** Virtual users, of all journeys together: clients `<name>/1` to `<name>/<clients>`. */
  clients: number;
  /** All at once, from the load's start to its end. */
  journeys: readonly Journey[];
  /**
   * By metric (k6's own, or one of the lab's: `logins`, `logouts`, `wrong_user`, `over_limit`, `order_ack`), k6's
   * expressions: `{ 'http_req_duration{scenario:browse}': ['p(95)<200'] }`. They join the run as the check `thresholds`.
   */
  thresholds: Readonly<Record<string, readonly string[]>>;
  /** Users 1 to `accounts` of the application exist, with the passwords `password-<user>`. */
  accounts: number;
  /**
   * The first of those that this load uses, one for each session of each virtual user, and from 1 again after the
   * last. Whoever logs out everywhere ends also what another load does as the same user.
   */
  firstAccount: number;
  /** Absolute path of another k6 script than the lab's, which exports its functions and more (`export * from` it). */
  script: string | null;
}
