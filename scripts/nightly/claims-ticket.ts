import type { ClaimTrend } from '../../reports/nights/trend.ts';

/** A repository on GitHub, and how to reach its interface. */
export interface Repository {
  /** `GITHUB_API_URL`. */
  api: string;
  /** `owner/name`. */
  name: string;
  token: string;
}

/** How the one that this opens is found again. */
const LABEL = 'failover-lab';
const TITLE = 'A claim of the failover lab came out otherwise';
const WITHIN_MS = 30_000;

/** What became of it. */
export type TicketOutcome = 'nothing to say' | `opened ${string}` | `updated ${string}` | `closed ${string}`;

/**
 * Keeps one issue on GitHub about the claims: opened, or commented on, when a claim came out otherwise than on the night
 * before; closed when every claim came out as expected again. Rejects with GitHub's own words.
 * https://docs.github.com/en/rest/issues
 */
export async function keepTicket(
  repository: Repository,
  claims: readonly ClaimTrend[],
  reportUrl: string,
): Promise<TicketOutcome> {
  const ask = askOf(repository);
  const moved = claims.filter(({ outcome, previous }) => previous !== null && outcome !== previous);
  const open = (await ask('GET', `?state=open&labels=${LABEL}&per_page=1`)) as Ticket[];
  const [ticket] = open;
  const allHold = claims.length > 0 && claims.every(({ outcome }) => outcome === 'as-expected');
  if (ticket === undefined && (moved.length === 0 || allHold)) return 'nothing to say';
  if (ticket === undefined) {
    const body = bodyOf(moved, reportUrl);
    const made = (await ask('POST', '', { title: TITLE, body, labels: [LABEL] })) as Ticket;
    return `opened ${made.html_url}`;
  }
  if (moved.length === 0 && !allHold) return 'nothing to say';
  await ask('POST', `/${ticket.number}/comments`, { body: bodyOf(moved, reportUrl) });
  if (!allHold) return `updated ${ticket.html_url}`;
  await ask('PATCH', `/${ticket.number}`, { state: 'closed', state_reason: 'completed' });
  return `closed ${ticket.html_url}`;
}

interface Ticket {
  number: number;
  html_url: string;
}

function askOf({ api, name, token }: Repository) {
  return async (method: string, rest: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${api}/repos/${name}/issues${rest}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      signal: AbortSignal.timeout(WITHIN_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`GitHub refused ${method} issues${rest} of ${name} with ${response.status}: ${text}`);
    return JSON.parse(text);
  };
}

function bodyOf(moved: readonly ClaimTrend[], reportUrl: string): string {
  const lines = moved.map(
    ({ scenario, variant, server, timing, outcome, previous, tonight }) =>
      `| \`${scenario}\` | ${variant} | ${server}${timing === 'fast' ? '' : `, ${timing}`} | ${previous} | ${outcome} (${tonight.asExpected} of ${tonight.asExpected + tonight.unexpected + tonight.inconclusive + tonight.labFailed} as expected) |`,
  );
  const table =
    lines.length === 0
      ? ['Every claim came out as expected.']
      : ['| scenario | variant | server | the last night | tonight |', '|---|---|---|---|---|', ...lines];
  return [...table, '', `[Tonight’s report](${reportUrl})`].join('\n');
}
