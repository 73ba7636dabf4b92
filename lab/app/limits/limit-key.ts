import { createHash } from 'node:crypto';

/** Longest key that is used as it is, in characters. */
const longest = 128;
const mark = 'sha256:';

/**
 * What a client is counted under: `<policy>/<client>`. The client's part comes from outside and may be anything; a
 * long one is replaced by its hash, so that nobody fills Redis with keys of megabytes. (One that looks like a
 * hash is hashed too, so that it cannot be mistaken for one.) Braces do no harm: names of policies have none, so
 * the first pair always encloses the policy and something of the client.
 */
export function limitKey(policy: string, client: string): string {
  if (client.length <= longest && !client.startsWith(mark)) return `${policy}/${client}`;
  return `${policy}/${mark}${createHash('sha256').update(client).digest('hex')}`;
}
