import type { SessionJourney } from '../journeys.ts';
import { orderIds } from './ordering.ts';
import { think } from './recorder.ts';
import type { Session } from './shop.ts';
import type { Step, Traveller } from './traveller.ts';
import { zipf } from './zipf.ts';

/** Keeps its sessions busy, one step in one after the other. */
export function sessions(self: Traveller<SessionJourney>): Step {
  const { journey, random, shop } = self;
  const { sessionsPerUser, stepsPerSession, viewShare, orderShare } = journey;
  const product = zipf(journey.products, journey.exponent, random);
  const nextOrder = orderIds(self.user);
  const slots = Array.from({ length: sessionsPerUser }, (_, slot) => ({
    user: self.account(slot),
    session: undefined as Session | undefined,
    steps: 0,
    left: false,
  }));
  let turn = 0;

  const leaveSession = (slot: (typeof slots)[number], session: Session) => {
    if (random() < journey.logoutShare) shop.logout(session);
    slot.session = undefined;
  };

  const visit = (slot: (typeof slots)[number], session: Session) => {
    const status = shop.visit(session, shop.choose(), !slot.left);
    if (status !== 401) return;
    // Told once; a user who does not log in again is not logged out again.
    slot.left = true;
    if (journey.relogin) slot.session = undefined;
  };

  return () => {
    const slot = slots[turn++ % sessionsPerUser];
    if (slot === undefined) return;
    const { session } = slot;
    if (session === undefined) {
      slot.session = shop.login(self.nextSession(), slot.user);
      slot.steps = 0;
      slot.left = false;
    } else if (stepsPerSession !== null && slot.steps >= stepsPerSession) {
      leaveSession(slot, session);
    } else {
      slot.steps++;
      const what = random();
      if (what < viewShare) shop.view(product());
      else if (what < viewShare + orderShare) shop.order(nextOrder(), product(), session);
      else visit(slot, session);
    }
    think(journey.thinkMs, random);
  };
}
