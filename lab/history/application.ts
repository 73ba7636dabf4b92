/**
 * What users do with the application, as operations of a history. Outcomes follow the answer's status: 2xx is `ok`;
 * 401, 404, 429, 503 and a refused connection are `fail`; 504, other 5xx, a reset and a timeout are `info`. `error`
 * is then `http 401`, `refused`, `reset`, `timeout`. `node` is the instance that answered.
 *
 * | f | key | value |
 * |---|---|---|
 * | `login` | the session, by a label of the client's: `s17.3` | the user |
 * | `visit` | the session | the user that the answer named |
 * | `logout` | the session | the user |
 * | `revoke` | the session: one row for each session that a logout-everywhere ended | the user |
 * | `view` | `product:17` | the version that was shown |
 * | `update` | `product:17` | the version that the answer gave |
 * | `fill` | `product:17` | the version read from the database into the cache; client `<instance>/fills` |
 * | `admit` | `<policy>/<client key>` | the decision's time by the server's clock, in µs since the run's start |
 * | `order` | `orders` | the order's id |
 * | `process` | `orders` | the order's id; once for each entry of the ledger; client `ledger` |
 * | `say` | `conversation:5` | the turn |
 * | `recall` | `conversation:5` | the last turn that the answer held |
 *
 * An `admit` that was refused (429) has a decision time too. Where Redis decided, `error` is null, or `http 429`; where
 * somebody else did (the header `x-decided-by`), it says so: `by local` and `by open` on `ok` rows, `http 429 by local`
 * and `http 429 by closed` on `fail` rows.
 */
export const userOperations = [
  'login',
  'visit',
  'logout',
  'revoke',
  'view',
  'update',
  'fill',
  'admit',
  'order',
  'process',
  'say',
  'recall',
] as const;

export type UserOperation = (typeof userOperations)[number];
