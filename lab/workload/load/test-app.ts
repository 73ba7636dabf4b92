/** A stand-in for the application that follows docs/application.md, in memory, and misbehaves on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { sleep } from '../../common/clock.ts';

export interface Misbehaviour {
  /** Sessions die after so many visits. */
  logsOutAfter: number | null;
  /** A slow request brings back the session that was logged out meanwhile. */
  resurrects: boolean;
  /** Sessions are shown as another user's. */
  mixesUp: boolean;
  /** Every request waits so long for its answer. */
  delayMs: number;
  /** Orders are answered with 504 the first time. */
  ordersTimeOutOnce: boolean;
  /** Everything but logins breaks off. */
  resets: boolean;
}

interface Session {
  user: number;
  visits: number;
}

/** State that several instances share. */
export class TestShop {
  readonly sessions = new Map<string, Session>();
  readonly orders = new Map<number, number>();
  readonly turns = new Map<number, number[]>();
  readonly versions = new Map<number, number>();
  readonly admissions = new Map<string, number[]>();
  /** Every request that was begun: what it asked for, by which instance. */
  readonly requests: string[] = [];
  /** Requests that were kept waiting by `bad.delayMs`. */
  held = 0;
  readonly bad: Misbehaviour = {
    logsOutAfter: null,
    resurrects: false,
    mixesUp: false,
    delayMs: 0,
    ordersTimeOutOnce: false,
    resets: false,
  };
  #next = 1;
  readonly #servers: ReturnType<typeof createServer>[] = [];

  /** Starts an instance on the loopback; gives its endpoint. */
  async instance(name: string): Promise<{ name: string; url: string }> {
    const server = createServer((request, response) => {
      response.setHeader('x-instance', name);
      this.#serve(name, request, response).catch((error) => response.writeHead(500).end(String(error)));
    }).listen(0, '127.0.0.1');
    this.#servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
    return { name, url: `http://127.0.0.1:${address.port}` };
  }

  end(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = request;
    const url = new URL(request.url ?? '', 'http://app');
    const what = `${method} ${url.pathname}`;
    this.requests.push(`${name} ${what}${url.search}`);
    const body = await text(request);
    const given = body === '' ? {} : JSON.parse(body);
    const id = /sid=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? '';
    const answer = (status: number, value?: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(value === undefined ? undefined : JSON.stringify(value));
    };
    if (this.bad.delayMs > 0) {
      this.held++;
      await sleep(this.bad.delayMs);
    }
    const [, first, second = ''] = url.pathname.split('/');
    if (what === 'POST /login') {
      if (given.password !== `password-${given.user}`) return answer(401, { error: 'wrong-password' });
      const sid = `s${this.#next++}.signature`;
      this.sessions.set(sid, { user: given.user, visits: 0 });
      response.setHeader('set-cookie', `sid=${sid}; HttpOnly; Path=/`);
      return answer(200, { user: given.user });
    }
    if (this.bad.resets) return void request.socket.destroy();
    const session = this.sessions.get(id);
    if (what === 'POST /logout') {
      this.sessions.delete(id);
      return answer(204);
    }
    if (what === 'POST /logout-everywhere') {
      if (session === undefined) return answer(401, { error: 'not-logged-in' });
      for (const [sid, { user }] of this.sessions) if (user === session.user) this.sessions.delete(sid);
      return answer(204);
    }
    if (what === 'GET /me') {
      if (session === undefined) return answer(401, { error: 'not-logged-in' });
      session.visits++;
      await sleep(Number(url.searchParams.get('workMs') ?? 0));
      if (this.bad.resurrects) this.sessions.set(id, session);
      if (session.visits === this.bad.logsOutAfter) this.sessions.delete(id);
      return answer(200, { user: session.user + (this.bad.mixesUp ? 1 : 0), visits: session.visits });
    }
    const number = Number(second);
    if (first === 'products') {
      const version = (this.versions.get(number) ?? 1) + (method === 'PUT' ? 1 : 0);
      this.versions.set(number, version);
      return answer(200, { id: number, version });
    }
    if (first === 'limited') {
      const key = `${second}/${headers['x-client']}`;
      const at = Date.now() + 0.25;
      const admitted = this.admissions.get(key) ?? [];
      this.admissions.set(key, admitted);
      response.setHeader('x-decided-at', String(at));
      response.setHeader('x-decided-by', second === 'away' ? 'local' : 'redis');
      if (admitted.length >= 10) return answer(429, { error: 'too-many' });
      admitted.push(at);
      return answer(200, {});
    }
    if (what === 'POST /orders') {
      const times = (this.orders.get(given.id) ?? 0) + 1;
      this.orders.set(given.id, times);
      if (this.bad.ordersTimeOutOnce && times === 1) return answer(504, { error: 'unknown' });
      return answer(202, { id: given.id, how: 'queued' });
    }
    if (first === 'conversations') {
      const turns = this.turns.get(number) ?? [];
      this.turns.set(number, turns);
      if (method === 'GET')
        return answer(200, { turns: turns.map((turn) => ({ turn, text: '"turn":' })), from: 'hot' });
      turns.push(given.turn);
      return answer(200, { turn: given.turn });
    }
    answer(404, { error: 'not-found' });
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
