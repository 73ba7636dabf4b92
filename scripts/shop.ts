/**
 * Asks an instance of the playground's application, as a user with one browser would: cookies are kept from one call
 * to the next. `node scripts/shop.ts login 17`, `… me app-2`; the environment variable SHOP says where instances are.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const USAGE = `usage: node scripts/shop.ts login USER [INSTANCE]
       node scripts/shop.ts me | logout [INSTANCE]
       node scripts/shop.ts product ID [INSTANCE]
       node scripts/shop.ts fills ID      how often the database was asked for a product, since you asked last`;
const STATE = '/tmp/shop.json';
const QUIET_MS = 1500;
const LOOK_MS = 100;

interface State {
  cookie: string;
  /** By instance: up to where its fills have been told. */
  told: Record<string, number>;
}

interface Fills {
  next: number;
  fills: { key: string }[];
}

const instances: Record<string, string> = JSON.parse(process.env.SHOP ?? '{}');
const state = remembered();
const [command, ...rest] = process.argv.slice(2);

switch (command) {
  case 'login': {
    const [user = '', instance] = rest;
    const body = JSON.stringify({ user: Number(user), password: `password-${user}` });
    await ask(instance, '/login', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    break;
  }
  case 'me':
    await ask(rest[0], '/me');
    break;
  case 'logout':
    await ask(rest[0], '/logout', { method: 'POST' });
    break;
  case 'product':
    await ask(rest[1], `/products/${rest[0]}`);
    break;
  case 'fills':
    await fills(`product:${rest[0]}`);
    break;
  default:
    process.stderr.write(`${USAGE}\n`);
    process.exit(2);
}

/** Prints what an instance answers, the first one where none is named. */
async function ask(
  instance = Object.keys(instances)[0] ?? '',
  path: string,
  init: RequestInit = {},
): Promise<void> {
  const url = instances[instance];
  if (url === undefined) {
    process.stderr.write(`expected one of ${Object.keys(instances).join(', ')}, got ${instance}\n`);
    process.exit(2);
  }
  const response = await fetch(url + path, { ...init, headers: { ...init.headers, cookie: state.cookie } });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (cookie !== undefined) remember({ ...state, cookie });
  const cache = response.headers.get('x-cache');
  const from = `${instance}${cache === null ? '' : `, cache: ${cache}`}`;
  process.stdout.write(`${response.status} ${await response.text()} (${from})\n`);
}

/** All of a burst at once, however early it is looked at: until none has come for as long as several fills take. */
async function fills(key: string): Promise<void> {
  const told = { ...state.told };
  let count = 0;
  for (let quietSince = Date.now(); Date.now() - quietSince < QUIET_MS; await sleep(LOOK_MS)) {
    const more = await newFills(key, told);
    if (more === 0) continue;
    count += more;
    quietSince = Date.now();
  }
  remember({ ...state, told });
  process.stdout.write(`${key}: the database was asked ${count === 1 ? 'once' : `${count} times`}\n`);
}

/** How often it was filled since `told`, which is then up to date. */
async function newFills(key: string, told: Record<string, number>): Promise<number> {
  let count = 0;
  for (const [name, url] of Object.entries(instances)) {
    const response = await fetch(`${url}/internal/fills?after=${told[name] ?? 0}`);
    const answer = (await response.json()) as Fills;
    told[name] = answer.next;
    count += answer.fills.filter((fill) => fill.key === key).length;
  }
  return count;
}

function remembered(): State {
  try {
    return JSON.parse(readFileSync(STATE, 'utf8'));
  } catch {
    return { cookie: '', told: {} };
  }
}

function remember(next: State): void {
  writeFileSync(STATE, JSON.stringify(next));
}
