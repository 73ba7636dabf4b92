import { type ConversationsJourney, conversationsAtMost } from '../journeys.ts';
import { ownNumber } from './config.ts';
import { think } from './recorder.ts';
import type { Step, Traveller } from './traveller.ts';

/** Says the next turn of one of its conversations, or reads one. */
export function talking({ journey, random, shop, user }: Traveller<ConversationsJourney>): Step {
  const { conversationsPerUser, recallShare, textLength, thinkMs } = journey;
  const first = ownNumber(user) * conversationsAtMost;
  const turns = new Array<number>(conversationsPerUser).fill(1);
  let next = 0;
  return () => {
    const mine = next++ % conversationsPerUser;
    const turn = turns[mine] ?? 1;
    if (random() < recallShare) shop.recall(first + mine);
    else if (shop.say(first + mine, turn, `turn ${turn} `.padEnd(textLength, 'x'))) turns[mine] = turn + 1;
    think(thinkMs, random);
  };
}
