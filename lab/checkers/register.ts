import type { FinalRead, History, Operation } from '../history/operation.ts';
import type { Checker, Verdict } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { onlyKeys } from './only-keys.ts';
import { readOptions, someOf } from './options.ts';
import { type RegisterFacts, registerFacts, versionOf } from './register-facts.ts';

const known = ['stale', 'going-back', 'read-your-writes', 'lost-versions'] as const;

/** What can be asserted of registers. */
export type RegisterProperty = (typeof known)[number];

/**
 * Versioned registers (`write` and `read` operations): each key has one writer, whose versions begin at 1 and
 * increase; a read that found nothing has seen version 0.
 *
 * Options: `name`; `group`: only reads of this group of clients are judged, against everybody's writes;
 * `keys`: only these; `properties`: which of them decide the verdict, of `stale`, `going-back`, `read-your-writes`, `lost-versions`
 * (default: all). Figures hold all of them either way: `reads`, `writes` (both acknowledged), `staleReads`,
 * `staleMaxMs` (the longest time from the acknowledgement of the first version newer than what was returned to
 * the read's beginning), `goingBack`, `readYourWrites`, `lostVersions` (null without final reads), `unexpectedReads`.
 */
export function register(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = { group: 'text', keys: 'texts', properties: 'texts' } as const;
  const read = readOptions('register', options, schema);
  const { name = 'register', group, keys } = read;
  const properties = someOf('register', 'properties', read.properties, known);
  return {
    name,
    verifies: `Asserts, per key: ${properties.map((one) => words[one]).join('; ')}. And no read returns a version that nobody tried to write.`,
    doesNotVerify:
      'Linearizability: a read that overlaps a write may return either side, two clients may disagree about a write of unknown outcome (info), and a lost version that was overwritten before anybody read is not noticed. An open-loop operation begins when it was due, which can excuse a read but never accuse one.',
    check: ({ history: whole }) => {
      const history = onlyKeys(whole, keys);
      const findings = collectFindings();
      const facts = registerFacts(history);
      const reads = judgeReads(history, facts, group, findings);
      const finals = judgeFinalReads(history, findings);
      const { unread, ...lost } = finals;
      const figures = { ...reads, writes: facts.writes, ...lost };
      const counts: Record<RegisterProperty, number> = {
        stale: reads.staleReads,
        'going-back': reads.goingBack,
        'read-your-writes': reads.readYourWrites,
        'lost-versions': lost.lostVersions ?? 0,
      };
      const broken = known.filter((one) => properties.includes(one) && counts[one] > 0);
      const result = (verdict: Verdict, summary: string) => ({
        verdict,
        summary,
        figures,
        ...findings.evidence(),
      });
      if (facts.sharedKey !== null)
        return result(
          'unknown',
          `two clients wrote ${JSON.stringify(facts.sharedKey)}, so versions have no order`,
        );
      if (broken.length > 0 || reads.unexpectedReads > 0) {
        const found = broken.map((one) => `${counts[one]} ${one}`);
        if (reads.unexpectedReads > 0) found.push(`${reads.unexpectedReads} of versions that nobody wrote`);
        return result('invalid', `of ${reads.reads} reads and ${facts.writes} writes: ${found.join(', ')}`);
      }
      if (facts.writes === 0) return result('unknown', 'no write was acknowledged');
      if (reads.reads === 0 && properties.some((one) => one !== 'lost-versions'))
        return result('unknown', 'no read was answered');
      if (unread.size > 0 && properties.includes('lost-versions'))
        return result(
          'unknown',
          `${unread.size} written keys have no final read (${[...unread].slice(0, 3).join(', ')})`,
        );
      return result(
        'valid',
        `${reads.reads} reads and ${facts.writes} writes without ${properties.join(', ')}`,
      );
    },
  };
}

const words: Readonly<Record<RegisterProperty, string>> = {
  stale: 'a read that began after version v was acknowledged returns v or newer (not stale)',
  'going-back': 'a read returns no older version than one that ended before it began, of the same client',
  'read-your-writes': 'a read returns at least the version that the same client was told before is written',
  'lost-versions': 'the final read returns at least the last acknowledged version',
};

function judgeReads(history: History, facts: RegisterFacts, group: string | undefined, findings: Findings) {
  const judged = new Set(
    history.clients.filter((one) => group === undefined || one.group === group).map((one) => one.name),
  );
  const counts = {
    reads: 0,
    staleReads: 0,
    staleMaxMs: 0,
    goingBack: 0,
    readYourWrites: 0,
    unexpectedReads: 0,
  };
  for (const operation of history.operations) {
    const { f, outcome, client, invoked } = operation;
    if (f !== 'read' || outcome !== 'ok' || !judged.has(client)) continue;
    counts.reads++;
    const version = versionOf(operation);
    const key = facts.keyOf(operation);
    const note = (cause: string, why: string) =>
      findings.offer(invoked, cause, () => findingOf(operation, cause, why));
    const acknowledged = facts.acknowledged.highestBefore(key.index, invoked);
    if (acknowledged > version) {
      const staleMs = invoked - facts.acknowledged.firstAbove(key.index, version);
      counts.staleReads++;
      counts.staleMaxMs = Math.max(counts.staleMaxMs, Math.round(staleMs * 1000) / 1000);
      const own = key.writer === client;
      if (own) counts.readYourWrites++;
      note(
        own ? 'read-your-writes' : 'stale',
        `${acknowledged} was acknowledged, stale by ${staleMs.toFixed(1)} ms`,
      );
    }
    const before = facts.seen.highestBefore(facts.readerOf(operation), invoked);
    if (before > version) {
      counts.goingBack++;
      note('going-back', `the same client had read ${before}`);
    }
    if (version > key.highestAttempted) {
      counts.unexpectedReads++;
      note('unexpected', 'nobody tried to write it');
    }
  }
  return counts;
}

/** Acknowledged versions above the final one: thrown away, and not written again since. */
function judgeFinalReads(history: History, findings: Findings) {
  const finals = new Map<string, FinalRead>();
  for (const read of history.finalReads.toSorted((a, b) => a.at - b.at))
    if (read.subject === 'register') finals.set(read.key, read);
  const unread = new Set<string>();
  let lostVersions = 0;
  for (const operation of history.operations) {
    if (operation.f !== 'write' || operation.outcome !== 'ok') continue;
    const read = finals.get(operation.key);
    if (read === undefined) unread.add(operation.key);
    else if (versionOf(operation) > (read.values[0] ?? 0)) {
      lostVersions++;
      const why = `acknowledged, but the final read found ${read.values[0] ?? 'nothing'}`;
      findings.offer(operation.completed, 'lost-version', () => findingOf(operation, 'lost-version', why));
    }
  }
  return { lostVersions: finals.size === 0 ? null : lostVersions, unread };
}

function findingOf(operation: Operation, kind: string, why: string) {
  const { client, node, key, f, invoked, completed } = operation;
  const version = versionOf(operation);
  const at = f === 'read' ? invoked : completed;
  const text = `${client} ${f === 'read' ? 'read' : 'wrote'} version ${version} of ${key}: ${why}`;
  return { at, kind, cause: kind, text, client, node, key, value: version };
}
