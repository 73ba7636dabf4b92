import type { Finding } from '../../lab/checkers/checker.ts';
import type { ExpectationResult, JudgedCheck, VariantName } from '../../lab/run/record.ts';
import { moments } from './sample-observations.ts';

/** Lost writes spread over the time in which the isolated primary acknowledged them, a few of another cause. */
export function sampleLost(count: number, from: number, to: number): Finding[] {
  return Array.from({ length: count }, (_, i) => {
    const unreplicated = i < Math.min(8, count - 1);
    return {
      at: from + ((to - from) * i) / count,
      kind: 'lost',
      cause: unreplicated ? 'unreplicated' : 'minority-primary',
      text: `write ${10_000 + i} was acknowledged by redis-1 and is in nobody's data`,
      client: 'beside-1',
      node: 'redis-1',
      key: 'ids',
      value: 10_000 + i,
    };
  });
}

const set = { name: 'set', spec: { checker: 'set', options: {} } };
const words = {
  verifies: 'Every write that was acknowledged is still there after the faults were healed.',
  doesNotVerify: 'Writes whose outcome nobody knows (a timeout) may be there or not; order is not checked.',
};

/** The checks of a sample run. */
export function sampleChecks(variant: VariantName): JudgedCheck[] {
  const lost = variant === 'vulnerable' ? 400 : 12;
  const findings = sampleLost(lost, moments.cut + 20, variant === 'vulnerable' ? moments.healed : 4310);
  const minority = lost - Math.min(8, lost - 1);
  return [
    {
      ...set,
      ...words,
      verdict: 'invalid',
      summary: `${lost} of 2841 acknowledged writes are lost: ${minority} were acknowledged by a minority primary, ${lost - minority} had not been replicated`,
      figures: {
        attempted: 3012,
        acknowledged: 2841,
        lost,
        unexpected: 0,
        recovered: 3,
        lostByCause: {
          'minority-primary': minority,
          unreplicated: lost - minority,
          wiped: 0,
          evicted: 0,
          expired: 0,
          unexplained: 0,
        },
        firstLostAtMs: findings[0]?.at ?? null,
        lastLostAtMs: findings.at(-1)?.at ?? null,
        lostAfterIsolationMs: (findings.at(-1)?.at ?? 0) - moments.cut,
      },
      findings,
    },
    {
      name: 'availability',
      spec: { checker: 'availability', options: {} },
      verifies: 'How long the clients had no successful operation while the load ran.',
      doesNotVerify: 'Whether what they were told is true; the set check says that.',
      verdict: 'valid',
      summary: 'the longest outage of any client lasted 2.071 s; 81.2 % of the load time had successes',
      figures: {
        availableShare: 0.812,
        longestOutageMs: 2071,
        outages: 1,
        clients: 3,
        neverRecovered: 0,
        longestOutageMsByClient: { 'majority-1': 2071, 'majority-2': 0, 'beside-1': 0 },
      },
      findings: [
        {
          at: 3219,
          to: 5290,
          kind: 'outage',
          text: 'majority-1 had no success for 2071 ms',
          client: 'majority-1',
        },
      ],
    },
    {
      name: 'recovery',
      spec: { checker: 'recovery', options: {} },
      verifies: 'What the time from the fault to the last recovered client was spent on.',
      doesNotVerify: 'Anything about data.',
      verdict: 'valid',
      summary:
        'from the fault to the last recovered client 2.106 s, of which 1.031 s passed until the first +sdown',
      figures: {
        sdownMs: 1031,
        odownMs: 1091,
        tryFailoverMs: 1095,
        voteMs: null,
        electedMs: 1181,
        promotionMs: 1590,
        switchMs: 2000,
        firstClientMs: 2071,
        lastClientMs: 2106,
        failovers: 1,
        neverRecovered: 0,
      },
      findings: [
        { at: moments.sdown, kind: 'step', cause: 'sdown', text: 'a Sentinel takes the primary for down' },
      ],
    },
    {
      name: 'vacuity',
      spec: { checker: 'vacuity', options: { minWritesInFault: 100 } },
      verifies: 'The fault was in force and enough writes were made while it was.',
      doesNotVerify: 'That the fault is the one that hurts most.',
      verdict: 'valid',
      summary: 'the fault was proved and 612 writes were made while it was in force',
      figures: { faults: 1, faultsUnproved: 0, ratePerSecond: 310, writesInWindow: 612 },
      findings: [],
    },
  ];
}

/** What the sample variants had to show. */
export function sampleExpectations(variant: VariantName): ExpectationResult[] {
  const vulnerable = variant === 'vulnerable';
  return [
    {
      check: 'set',
      verdict: 'invalid',
      figures: vulnerable ? { lost: { min: 100 } } : { lost: { max: 150 } },
      because: vulnerable
        ? 'six seconds of writes beside the isolated primary must be thrown away at the heal'
        : 'min-replicas-max-lag bounds the loss to the first second or two after the cut',
      met: 'yes',
      found: '',
    },
    {
      check: 'vacuity',
      verdict: 'valid',
      because: 'a fault that did not bite shows nothing',
      met: 'yes',
      found: '',
    },
  ];
}
