import http from 'k6/http';
import { setTimeout } from 'k6/timers';
import type { SlowRequestJourney } from '../journeys.ts';
import { config } from './config.ts';
import { realMs } from './lab-time.ts';
import { fateOf } from './outcome.ts';
import { now, row, think } from './recorder.ts';
import { type Asked, leaving, type Session } from './shop.ts';
import type { Traveller } from './traveller.ts';

/** A request that works for long while its session is logged out, and visits with the old cookie afterwards. */
export async function raceWithLogout({ journey, random, shop, ...self }: Traveller<SlowRequestJourney>) {
  const app = shop.choose();
  const through = journey.through === null ? app : config.apps.find(({ name }) => name === journey.through);
  if (through === undefined) throw new Error(`expected an instance ${journey.through}, got none`);
  const session = shop.login(self.nextSession(), self.account(0), app);
  if (session === undefined) return void think(journey.thinkMs, random);
  const slow = ask(session, 'GET', `${app.url}/me?workMs=${journey.workMs}`, 'GET /me?workMs');
  await pause(journey.logoutAfterMs);
  const logout = ask(session, 'POST', `${through.url}/logout`, 'POST /logout');
  const left = await logout;
  const { key, user } = session;
  row('logout', key, user, left.invoked, left.completed, nodeOf(left, through.name), left.fate);
  const ended = left.fate.outcome === 'ok';
  for (let visit = 0; visit < journey.visitsBetween; visit++) shop.visit(session, app, !ended);
  shop.noteVisit(session, await slow, app, false);
  for (let visit = 0; visit < journey.visitsAfter; visit++) {
    if (!think(journey.thinkMs, random)) return;
    shop.visit(session, app, !ended);
  }
}

async function ask(session: Session, method: 'GET' | 'POST', url: string, name: string): Promise<Asked> {
  const invoked = now();
  const response = await http.asyncRequest(method, url, null, leaving(session, name));
  return { response, invoked, completed: now(), fate: fateOf(response) };
}

function nodeOf({ response }: Asked, name: string): string | null {
  return response.status === 0 ? null : name;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, realMs(ms));
  });
}
