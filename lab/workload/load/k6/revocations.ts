import type { RevocationJourney } from '../journeys.ts';
import { config } from './config.ts';
import { think } from './recorder.ts';
import type { Session } from './shop.ts';
import type { Step, Traveller } from './traveller.ts';

/** A session that is visited on one instance and ended through another, and visited again. */
export function revocations(self: Traveller<RevocationJourney>): Step {
  const { journey, random, shop } = self;
  const { apps } = config;

  const other = (name: string) => {
    if (journey.through !== null) return apps.find((app) => app.name === journey.through);
    return apps[(apps.findIndex((app) => app.name === name) + 1) % apps.length];
  };

  const end = (session: Session, through: (typeof apps)[number]) => {
    if (!journey.everywhere) return shop.logout(session, through);
    const second = shop.login(self.nextSession(), session.user, through);
    return second !== undefined && shop.logoutEverywhere(second, [session, second], through);
  };

  return () => {
    const app = shop.choose();
    const through = other(app.name);
    if (through === undefined) throw new Error(`expected an instance ${journey.through}, got none`);
    const session = shop.login(self.nextSession(), self.account(0), app);
    if (session === undefined) return void think(journey.thinkMs, random);
    for (let visit = 0; visit < journey.visitsBefore; visit++) {
      if (!think(journey.thinkMs, random)) return;
      shop.visit(session, app);
    }
    const ended = end(session, through);
    for (let visit = 0; visit < journey.visitsAfter; visit++) {
      if (!think(journey.thinkMs, random)) return;
      shop.visit(session, app, !ended);
    }
  };
}
