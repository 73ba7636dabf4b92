import { real } from '../common/lab-speed.ts';
import { once } from '../common/once.ts';
import type { Fault } from './fault.ts';
import { originOf, reach, Stranger } from './reach.ts';
import { inWords, serversOf, type Targets } from './target.ts';

const ANSWER_MS = real(2000);

/**
 * Somebody on a host of `from` (default: a client host) who knows no password connects and sends `FLUSHALL`. It is
 * proved by an answer, whichever it is: that a server refuses is what the fault is to find out.
 */
export function flushAsStranger(target: Targets, { from = 'clients' }: { from?: Targets } = {}): Fault {
  return {
    name: 'flush-as-stranger',
    text: `somebody on ${inWords(from)} sends FLUSHALL to ${inWords(target)} without a password`,
    aims: [from, target],
    async inject(surface) {
      const [origin, nodes] = await Promise.all([originOf(from, surface), serversOf(target, surface)]);
      const answers = await Promise.all(
        nodes.map(async (node) => {
          const stranger = new Stranger(reach(node, origin, surface));
          const answer = await stranger.ask('FLUSHALL', ANSWER_MS).finally(() => stranger.close());
          return { node, answer };
        }),
      );
      const became = answers.map(({ node, answer }) => `${node.name}: ${outcomeOf(answer)}`).join(', ');
      return {
        text: `somebody on ${origin.name} sends FLUSHALL without a password: ${became}`,
        targets: nodes.map((node) => node.name),
        refusedBy: answers.flatMap(({ node, answer }) =>
          outcomeOf(answer) === 'refused' ? [node.name] : [],
        ),
        proof: {
          proved: answers.every(({ answer }) => answer !== null),
          text: answers.map(({ node, answer }) => `${node.name} answered ${answer ?? 'nothing'}`).join(', '),
        },
        heal: once(async () => ({ proved: true, text: 'what was emptied stays so' })),
      };
    },
  };
}

function outcomeOf(answer: string | null): string {
  if (answer === null) return 'no answer';
  return answer.startsWith('+') ? 'done' : 'refused';
}
