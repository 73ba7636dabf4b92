import type { Operation } from '../history/operation.ts';
import type { Checker } from './checker.ts';
import { collectFindings } from './findings.ts';
import { readOptions } from './options.ts';

/** Somebody's turn with a lock, from its being granted to the last step of the work under it, a refused one included. */
interface Grant {
  client: string;
  token: number | null;
  from: number;
  to: number;
}

/**
 * Whether what was done under a lock was done by one holder at a time (`acquire`, `guard` and `release` operations).
 *
 * Options: `name`; `group`: only this group of clients. Figures: `grants`; `refused` (somebody else had it); `steps` that
 * the resource took; `staleSteps` that it refused by their token; `twoHolders`: grants during which another one was at
 * work too; `interleaved`: steps of a holder that the resource took after a step of a later one.
 */
export function locks(options: Readonly<Record<string, unknown>> = {}): Checker {
  const { name = 'locks', group } = readOptions('locks', options, { group: 'text' });
  return {
    name,
    verifies:
      'That no step of the work under a lock was taken after one of a later holder: what two holders do at once is mixed then. How many were at work at the same time is counted, and how many steps the resource refused by their tokens.',
    doesNotVerify:
      'Whether a lock was granted to everybody who might have had it, and in which order. Two holders at once are no violation where the resource refuses the earlier one.',
    check: ({ history: { clients, operations } }) => {
      const members = new Set(
        clients.filter((one) => group === undefined || one.group === group).map((one) => one.name),
      );
      const own = [...operations].filter(({ client }) => members.has(client)).sort(byEnd);
      const findings = collectFindings();
      const tally = { grants: 0, refused: 0, steps: 0, staleSteps: 0, twoHolders: 0, interleaved: 0 };
      for (const [key, all] of Map.groupBy(own, ({ key }) => key)) {
        const grants: Grant[] = [];
        const present = new Map<string, Grant>();
        let latest: Grant | null = null;
        for (const { f, client, outcome, value, error, completed } of all) {
          if (f === 'acquire' && outcome === 'ok') {
            const grant = { client, token: value, from: completed, to: completed };
            grants.push(grant);
            present.set(client, grant);
          }
          if (f === 'acquire' && error === 'held') tally.refused++;
          const grant = present.get(client);
          if (f !== 'guard' || grant === undefined) continue;
          grant.to = completed;
          if (outcome !== 'ok') {
            tally.staleSteps++;
            continue;
          }
          tally.steps++;
          if (latest !== null && latest.from > grant.from) {
            tally.interleaved++;
            const text = `${client} (token ${grant.token}) went on after ${latest.client} (token ${latest.token}) had begun`;
            findings.offer(completed, 'interleaved', () => ({
              at: completed,
              kind: 'interleaved',
              key,
              text,
            }));
          } else latest = grant;
        }
        tally.grants += grants.length;
        tally.twoHolders += grants.filter((one) =>
          grants.some((other) => other !== one && other.from > one.from && other.from < one.to),
        ).length;
      }
      const { grants, interleaved, twoHolders, staleSteps } = tally;
      const at = `${twoHolders} times a second one was granted while the first was at work`;
      return {
        verdict: grants === 0 ? 'unknown' : interleaved > 0 ? 'invalid' : 'valid',
        summary:
          grants === 0
            ? 'no lock was granted'
            : `of ${grants} grants ${at}; ${interleaved} steps were taken after one of a later holder, ${staleSteps} were refused by their token`,
        figures: tally,
        ...findings.evidence(),
      };
    },
  };
}

function byEnd(a: Operation, b: Operation): number {
  return a.completed - b.completed;
}
