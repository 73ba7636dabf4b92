import type { LoginStormJourney } from '../journeys.ts';
import { stopping, think } from './recorder.ts';
import type { Step, Traveller } from './traveller.ts';

/** A login, and what follows it. */
export function loginStorm(self: Traveller<LoginStormJourney>): Step {
  const { journey, random, shop } = self;
  return () => {
    const session = shop.login(self.nextSession(), self.account(0));
    if (session === undefined) return;
    for (let visit = 0; visit < journey.visits; visit++) {
      if (!think(journey.thinkMs, random)) return;
      shop.visit(session);
    }
    if (random() < journey.logoutShare && !stopping()) shop.logout(session);
    think(journey.thinkMs, random);
  };
}
