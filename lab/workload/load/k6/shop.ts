import http, { type Params, type Response } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import type { UserOperation } from '../../../history/application.ts';
import type { Journey } from '../journeys.ts';
import type { AppEndpoint } from '../load-protocol.ts';
import { config } from './config.ts';
import { realMs } from './lab-time.ts';
import { type Fate, fateOf } from './outcome.ts';
import { now, row } from './recorder.ts';

/** What thresholds can name besides k6's own metrics. Times in ms. */
export const metrics = {
  logins: new Counter('logins'),
  /** A session that the user had not left was refused. */
  logouts: new Counter('logouts'),
  /** Somebody else's name was answered. */
  wrongUser: new Counter('wrong_user'),
  overLimit: new Counter('over_limit'),
  orderAck: new Trend('order_ack', true),
};

/** A session as its user knows it. */
export interface Session {
  /** Its label in the history. */
  key: string;
  user: number;
  params: Params;
}

type Method = 'GET' | 'POST' | 'PUT';

/** A request and when it was under way, in µs. */
export interface Asked {
  response: Response;
  invoked: number;
  completed: number;
  fate: Fate;
}

/** What one virtual user asks of the application, each request recorded. */
export function shop(journey: Journey, choose: () => AppEndpoint) {
  const timeout = realMs(journey.requestTimeoutMs);
  const plain = (name: string): Params => ({ timeout, tags: { name } });
  const json = (name: string, session?: Session): Params => ({
    ...session?.params,
    ...plain(name),
    headers: { 'content-type': 'application/json' },
  });
  const viewParams = plain('GET /products/:id');
  const updateParams = json('PUT /products/:id');
  const turnParams = json('POST /conversations/:id/turns');
  const recallParams = plain('GET /conversations/:id');

  const ask = (method: Method, url: string, body: string | null, params: Params): Asked => {
    const invoked = now();
    const response = http.request(method, url, body, params);
    const completed = now();
    return { response, invoked, completed, fate: fateOf(response) };
  };
  const note = (f: UserOperation, key: string, value: number | null, asked: Asked, app: AppEndpoint) => {
    // The link to an instance leads nowhere else, so its name need not be read from every answer, which is dear.
    const node = asked.response.status === 0 ? null : app.name;
    row(f, key, value, asked.invoked, asked.completed, node, asked.fate);
    return asked.fate.outcome === 'ok';
  };

  return {
    choose,

    /** A new session of a user, or undefined. */
    login(key: string, user: number, app = choose()): Session | undefined {
      const body = JSON.stringify({ user, password: `password-${user}` });
      const jar = new http.CookieJar();
      const asked = ask('POST', `${app.url}/login`, body, { ...json('POST /login'), jar });
      const { response, fate } = asked;
      const node = response.status === 0 ? null : String(response.headers['X-Instance'] ?? app.name);
      row('login', key, user, asked.invoked, asked.completed, node, fate);
      if (fate.outcome !== 'ok') return undefined;
      metrics.logins.add(1);
      return { key, user, params: { ...plain('GET /me'), cookies: cookiesOf(response) } };
    },

    /** The status of a visit; 0 without an answer. `logouts` counts a refusal only where the session should live. */
    visit(session: Session, app = choose(), alive = true): number {
      const asked = ask('GET', `${app.url}/me`, null, session.params);
      noteVisit(session, asked, app, alive);
      return asked.response.status;
    },

    noteVisit,

    logout(session: Session, app = choose()): boolean {
      return note(
        'logout',
        session.key,
        session.user,
        ask('POST', `${app.url}/logout`, null, leaving(session, 'POST /logout')),
        app,
      );
    },

    /** Ends all of a user's sessions: `ended`, as far as the user knows of them. */
    logoutEverywhere(session: Session, ended: readonly Session[], app = choose()): boolean {
      const asked = ask(
        'POST',
        `${app.url}/logout-everywhere`,
        null,
        leaving(session, 'POST /logout-everywhere'),
      );
      return ended.map(({ key, user }) => note('revoke', key, user, asked, app)).every(Boolean);
    },

    view(product: number, app = choose()): void {
      const asked = ask('GET', `${app.url}/products/${product}`, null, viewParams);
      note('view', `product:${product}`, numberIn(asked, '"version":'), asked, app);
    },

    update(product: number, priceCents: number, app = choose()): void {
      const asked = ask(
        'PUT',
        `${app.url}/products/${product}`,
        `{"priceCents":${priceCents}}`,
        updateParams,
      );
      note('update', `product:${product}`, numberIn(asked, '"version":'), asked, app);
    },

    /** One question under a policy. The value is the raw decision time, in ms of Unix time, which the lab's process converts. */
    probe(policy: string, client: string, app = choose()): void {
      const params = { ...plain(`GET /limited/${policy}`), headers: { 'x-client': client } };
      const asked = ask('GET', `${app.url}/limited/${policy}`, null, params);
      const { response, fate } = asked;
      if (response.status === 429) metrics.overLimit.add(1);
      const { 'X-Decided-At': at, 'X-Decided-By': by } = response.status === 0 ? {} : response.headers;
      const decidedBy =
        by === undefined || by === 'redis' ? fate.error : [fate.error, `by ${by}`].filter(Boolean).join(' ');
      const value = at === undefined ? null : Number(at);
      note('admit', `${policy}/${client}`, value, { ...asked, fate: { ...fate, error: decidedBy } }, app);
    },

    order(id: number, product: number, session?: Session, app = choose()): boolean {
      const asked = ask(
        'POST',
        `${app.url}/orders`,
        JSON.stringify({ id, product }),
        json('POST /orders', session),
      );
      if (asked.fate.outcome === 'ok') metrics.orderAck.add(asked.response.timings.duration);
      return note('order', 'orders', id, asked, app);
    },

    say(conversation: number, turn: number, text: string, app = choose()): boolean {
      const url = `${app.url}/conversations/${conversation}/turns`;
      const asked = ask('POST', url, JSON.stringify({ turn, text }), turnParams);
      return note('say', `conversation:${conversation}`, turn, asked, app);
    },

    recall(conversation: number, app = choose()): void {
      const asked = ask('GET', `${app.url}/conversations/${conversation}`, null, recallParams);
      note('recall', `conversation:${conversation}`, lastTurn(asked), asked, app);
    },
  };

  function noteVisit(session: Session, asked: Asked, app: AppEndpoint, alive: boolean): void {
    const user = numberIn(asked, '"user":');
    if (user !== null && user !== session.user) metrics.wrongUser.add(1);
    if (alive && asked.response.status === 401) metrics.logouts.add(1);
    note('visit', session.key, user, asked, app);
  }
}

export type Shop = ReturnType<typeof shop>;

/** Parameters of a request that ends a session. */
export function leaving(session: Session, name: string): Params {
  return { ...session.params, tags: { name } };
}

/** One of the journey's instances at a time, as the journey says. */
export function chooser(journey: Journey, user: number, random: () => number): () => AppEndpoint {
  const { instances, balance } = journey;
  const apps = config.apps.filter(({ name }) => instances === null || instances.includes(name));
  let turn = user;
  return () => {
    if (balance === 'round-robin') turn++;
    if (balance === 'random') turn = Math.floor(random() * apps.length);
    const app = apps[turn % apps.length];
    if (app === undefined) throw new Error('expected at least one instance of the application');
    return app;
  };
}

/** Kept with the session rather than in k6's jar: one virtual user has many, and shows them to any instance. */
function cookiesOf({ cookies }: Response): NonNullable<Params['cookies']> {
  return Object.fromEntries(
    Object.entries(cookies).map(([name, [cookie]]) => [name, { value: cookie?.value ?? '', replace: true }]),
  );
}

/** The number behind a name in a JSON text; parsing all of it costs k6's interpreter four times as much. */
function numberIn({ response, fate }: Asked, name: string): number | null {
  if (fate.outcome !== 'ok' || typeof response.body !== 'string') return null;
  const at = response.body.indexOf(name);
  const value =
    at < 0 ? Number.NaN : Number.parseInt(response.body.slice(at + name.length, at + name.length + 20), 10);
  return Number.isNaN(value) ? null : value;
}

function lastTurn({ response, fate }: Asked): number | null {
  if (fate.outcome !== 'ok') return null;
  const { turns } = response.json() as unknown as { turns: { turn: number }[] };
  return turns.at(-1)?.turn ?? null;
}
