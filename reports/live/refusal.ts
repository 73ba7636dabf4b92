import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request must fit. */
export interface Expected {
  port: number;
  /** What the address that was printed has as its first part. */
  token: string;
}

/** Why a request is not answered, and with which status. */
export interface Refusal {
  status: 403 | 404 | 405 | 415;
  why: string;
}

/**
 * Refuses whatever does not come from a page of this server, or from somebody who typed its whole address; null for what
 * may be answered. The server listens on loopback alone, so other machines do not get here; what does is pages of other
 * sites in a browser on this machine, and other users of it:
 * - `Host` is ours: a site whose name was made to point to 127.0.0.1 (DNS rebinding) sends its own name;
 * - `Origin` and `Sec-Fetch-Site`, which a browser adds and no page can forge, name ourselves or nobody;
 * - the path begins with the token: nobody else knows it;
 * - an order (POST) names our origin and is JSON, which no form can send.
 */
export function refusal(
  { method = '', headers, url = '' }: Pick<IncomingMessage, 'method' | 'headers' | 'url'>,
  { port, token }: Expected,
): Refusal | null {
  const no = (status: Refusal['status'], why: string): Refusal => ({ status, why });
  const { host, origin, 'sec-fetch-site': site, 'content-type': type } = headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host))
    return no(403, `expected the host ${hosts.join(' or ')}, got ${host ?? 'none'}`);
  if (origin !== undefined && origin !== `http://${host}`)
    return no(403, `expected a request of this page, got one of ${origin}`);
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return no(403, `expected a request of this page, got a ${String(site)} one`);
  if (!isSame(url.split('/')[1] ?? '', token))
    return no(404, 'expected the whole address that the lab printed');
  if (method === 'GET') return null;
  if (method !== 'POST') return no(405, `expected GET or POST, got ${method}`);
  if (origin === undefined) return no(403, 'expected an order of this page, got one without origin');
  if (type !== 'application/json') return no(415, `expected JSON, got ${type ?? 'nothing'}`);
  return null;
}

/** In a time that tells nothing of how much was right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
