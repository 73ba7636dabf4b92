/**
 * What users do, as journeys of a load: plain JSON. Every field but `kind` has a default (`journeyDefaults`);
 * what is recorded of each is said in lab/history/application.ts.
 */

/** A rate that changes in steps: within `overMs` it goes evenly to `perSecond`, after the last stage it stays there. */
export interface Stage {
  perSecond: number;
  overMs: number;
}

/** What every journey has. */
interface Pace {
  /** Unique in the load, and k6's name of the scenario, so that thresholds can name it: `http_req_duration{scenario:browse}`. Default: the kind. */
  name: string;
  /** Closed loop: so many virtual users, each of whom goes on when an answer has come. Default 10; ignored with `perSecond`. */
  users: number;
  /**
   * Open loop: iterations a second, whatever the answers do, as long as one of `maxUsers` virtual users is free
   * (k6 counts the others in `dropped_iterations`). null: closed loop. Default null.
   */
  perSecond: number | null;
  /** Open loop: how the rate changes from `perSecond`, from the load's start on. Default none: it is constant. */
  stages: readonly Stage[];
  /** Open loop: how many virtual users there are. All are made before the load starts. Default 50. */
  maxUsers: number;
  /** Pause between two steps of a user in ms, drawn evenly between half and one and a half of it. Default 0. */
  thinkMs: number;
  /** Names of the application's instances that are used. null: all. */
  instances: readonly string[] | null;
  /** How each request chooses among them: always the same one for a user, one after the other, or at random. Default `sticky`. */
  balance: 'sticky' | 'round-robin' | 'random';
  /** When a user gives a request up, in ms: `info`, `timeout`. Default 2,000. A load takes as long to stop at most. */
  requestTimeoutMs: number;
}

/** Which products are looked at: rank r of `products` with a probability proportional to 1 / r^exponent; product 1 is the hottest. */
interface Products {
  /** Products 1 to `products` exist. Default 1,000. */
  products: number;
  /** 0: all alike; 1: Zipf's law. Default 1. */
  exponent: number;
}

/**
 * Logs in, visits, looks at products, orders, logs out; one step an iteration, of one of the user's sessions after
 * the other. With `perSecond` that is the rate of steps.
 */
export interface SessionJourney extends Pace, Products {
  kind: 'session';
  /** Sessions that one virtual user keeps alive at once, each as another user of the application. Default 1. */
  sessionsPerUser: number;
  /** Steps of a session after its login. null: it is never left. Default 20. */
  stepsPerSession: number | null;
  /** Share of sessions that end with a logout; the others are just left. Default 1. */
  logoutShare: number;
  /** Share of steps that look at a product instead of visiting /me. Default 0.3. */
  viewShare: number;
  /** Share of steps that order a product. Default 0.05. */
  orderShare: number;
  /** Whether a user who was told 401 logs in again; else the session is tried again and again. Default true. */
  relogin: boolean;
}

/** Logs in, one login an iteration, and visits a few times. Defaults as above, but `perSecond` 50. */
export interface LoginStormJourney extends Pace {
  kind: 'login-storm';
  /** Visits after each login. Default 0. */
  visits: number;
  /** Share of sessions that end with a logout. Default 0. */
  logoutShare: number;
}

/** Logs in, visits, is logged out through another instance, and goes on visiting with the old cookie. An iteration is all of it. */
export interface RevocationJourney extends Pace {
  kind: 'revocation';
  /** Visits before the logout. Default 3. */
  visitsBefore: number;
  /** Visits afterwards, which should be refused. Default 5. */
  visitsAfter: number;
  /** Whether a second session of the user logs out everywhere, instead of this one logging itself out. Default false. */
  everywhere: boolean;
  /** The instance that logs out. null: the next one after the one that is visited. */
  through: string | null;
}

/** A slow request that is under way while its session is logged out, then visits. An iteration is all of it. */
export interface SlowRequestJourney extends Pace {
  kind: 'slow-request';
  /** How long the slow request works between reading its session and saving it, in ms. Default 200. */
  workMs: number;
  /** When the logout is sent, in ms after the slow request. Default 100. */
  logoutAfterMs: number;
  /** The instance that logs out. null: the one that the slow request was sent to. */
  through: string | null;
  /** Visits at once after the logout, while the slow request is still under way, which should be refused. Default 0. */
  visitsBetween: number;
  /** Visits when both have ended, which should be refused. Default 3. */
  visitsAfter: number;
}

/** Looks at products; one an iteration. */
export interface CatalogueJourney extends Pace, Products {
  kind: 'catalogue';
  /** Share of iterations that set a product's price. Default 0. */
  updateShare: number;
}

/** Asks limited paths on behalf of many clients; one question an iteration. Defaults as above, but `perSecond` 100. */
export interface LimitsJourney extends Pace {
  kind: 'limits';
  /** Policies of the application, drawn evenly. No default. */
  policies: readonly string[];
  /** Different clients (header `x-client`: `c1`, `c2`, …), drawn evenly. Default 5. */
  keys: number;
}

/** Orders; one an iteration, under an id that nobody else uses. */
export interface OrdersJourney extends Pace, Products {
  kind: 'orders';
  /** How often an order that did not end `ok` is sent again, under the same id. Default 0. */
  retries: number;
}

/** Talks: one turn an iteration, the same one again until it is acknowledged. */
export interface ConversationsJourney extends Pace {
  kind: 'conversations';
  /** Conversations that one virtual user has, one turn in one after the other; at most 1,000. Default 1. */
  conversationsPerUser: number;
  /** Share of iterations that read a conversation instead. Default 0.2. */
  recallShare: number;
  /** Length of a turn's text in characters. Default 200. */
  textLength: number;
}

export type Journey =
  | SessionJourney
  | LoginStormJourney
  | RevocationJourney
  | SlowRequestJourney
  | CatalogueJourney
  | LimitsJourney
  | OrdersJourney
  | ConversationsJourney;

export type JourneyKind = Journey['kind'];

/** What an author writes: the kind, and what is to differ from the defaults. */
export type JourneyOptions = {
  [K in JourneyKind]: { kind: K } & Partial<Omit<Extract<Journey, { kind: K }>, 'kind'>>;
}[JourneyKind];

const pace = {
  users: 10,
  perSecond: null,
  stages: [],
  maxUsers: 50,
  thinkMs: 0,
  instances: null,
  balance: 'sticky',
  requestTimeoutMs: 2000,
} as const;
const products = { products: 1000, exponent: 1 } as const;

/** Defaults by kind; a `name` defaults to the kind. */
export const journeyDefaults = {
  session: {
    ...pace,
    ...products,
    sessionsPerUser: 1,
    stepsPerSession: 20,
    logoutShare: 1,
    viewShare: 0.3,
    orderShare: 0.05,
    relogin: true,
  },
  'login-storm': { ...pace, perSecond: 50, visits: 0, logoutShare: 0 },
  revocation: { ...pace, visitsBefore: 3, visitsAfter: 5, everywhere: false, through: null },
  'slow-request': {
    ...pace,
    workMs: 200,
    logoutAfterMs: 100,
    through: null,
    visitsBetween: 0,
    visitsAfter: 3,
  },
  catalogue: { ...pace, ...products, updateShare: 0 },
  limits: { ...pace, perSecond: 100, keys: 5 },
  orders: { ...pace, ...products, retries: 0 },
  conversations: { ...pace, conversationsPerUser: 1, recallShare: 0.2, textLength: 200 },
} as const satisfies Record<JourneyKind, object>;

/** Conversations of one virtual user; theirs are numbered from multiples of it. */
export const conversationsAtMost = 1000;

/** How many virtual users a journey has. */
export function usersOf({ perSecond, users, maxUsers }: Journey): number {
  return perSecond === null ? users : maxUsers;
}

/** Sessions that a virtual user has at most at once, over all journeys. */
export function sessionsEach(journeys: readonly Journey[]): number {
  return Math.max(...journeys.map((journey) => (journey.kind === 'session' ? journey.sessionsPerUser : 1)));
}
