import type { RunOutcome } from '../../lab/run/record.ts';
import type { RunDocument } from '../data/run-document.ts';
import { causes } from './finding-words.ts';
import { headlineOf } from './headline.ts';
import { count, number } from './units.ts';

/** A run's outcome as a heading. */
export const outcomeTitle: Readonly<Record<RunOutcome, string>> = {
  'as-expected': 'As expected',
  unexpected: 'Not as expected',
  inconclusive: 'Inconclusive',
  'lab-failed': 'The lab failed',
};

/** A sign beside the colour, for those who do not see it. */
export const outcomeSign: Readonly<Record<RunOutcome, string>> = {
  'as-expected': '✓',
  unexpected: '✗',
  inconclusive: '?',
  'lab-failed': '!',
};

/** What happened to the data, in one sentence; empty where no check counted. */
export function lossSentence(document: RunDocument): string {
  const { lost, acknowledged } = headlineOf(document);
  if (lost === null) return '';
  const of = acknowledged === null ? '' : `of ${count(acknowledged, 'acknowledged writes')} `;
  if (lost === 0)
    return acknowledged === null
      ? 'No acknowledged write is gone.'
      : `${of}none is gone.`.replace('of', 'Of');
  return acknowledged === null
    ? `${count(lost, 'acknowledged writes')} ${lost === 1 ? 'is' : 'are'} gone.`
    : `${number(lost)} ${of}${lost === 1 ? 'is' : 'are'} gone.`;
}

/** What a run's outcome means, in one plain sentence. */
export function outcomeSentence({ outcome, variant }: RunDocument): string {
  if (outcome === 'lab-failed')
    return 'The lab could not do its work. This says nothing about Redis and nothing about the claim.';
  if (outcome === 'inconclusive')
    return 'Too little was seen to decide. This is neither a pass nor a failure.';
  if (variant === 'vulnerable') {
    return outcome === 'as-expected'
      ? 'With the vulnerable settings the failure showed, as the claim says.'
      : 'With the vulnerable settings the failure should have shown, and it did not come out as the claim says.';
  }
  if (variant !== 'hardened') {
    return outcome === 'as-expected'
      ? 'With this mitigation alone it came out as the scenario states.'
      : 'With this mitigation alone it did not come out as the scenario states.';
  }
  return outcome === 'as-expected'
    ? 'With the hardened settings the run stayed within the stated bounds.'
    : 'With the hardened settings the run broke a stated bound.';
}

/** An attributed cause in plain words; empty for one that has none. */
export function causeWords(cause: string): string {
  return Object.hasOwn(causes, cause) ? (causes[cause]?.short ?? '') : '';
}

const eventKinds: Readonly<Record<string, string>> = {
  '+sdown': 'a Sentinel takes the primary for down',
  '-sdown': 'that Sentinel takes it for up again',
  '+odown': 'enough Sentinels agree that it is down',
  '-odown': 'Sentinels no longer agree that it is down',
  '+try-failover': 'a failover begins',
  '+elected-leader': 'a Sentinel was elected to lead the failover',
  '+promoted-slave': 'a replica was promoted',
  '+switch-master': 'the new primary is announced',
  '+failover-end': 'the failover is complete',
  '+convert-to-slave': 'the old primary is made a replica',
  promotion: 'this node has become primary',
  resync: 'data is copied anew between primary and replica',
  '+reboot': 'a node came back after a restart',
  '+tilt': 'a Sentinel does not trust its clock',
  '-failover-abort-no-good-slave': 'no replica is fit to be promoted',
  '-failover-abort-not-elected': 'no Sentinel won the election',
};

/** The events that the timeline draws, and what each means; undefined for one that only the table lists. */
export function eventMeaning(kind: string): string | undefined {
  return Object.hasOwn(eventKinds, kind) ? eventKinds[kind] : undefined;
}
