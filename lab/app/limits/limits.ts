import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppContext } from '../context.ts';
import { HttpError } from '../http-error.ts';
import { limitHeader, policyHeader, retryAfter } from './headers.ts';
import { type PolicyGuard, policyGuards } from './policy-guard.ts';

/**
 * `GET /limited/<policy>`, counted for the client that the header `x-client` names (without it: the address that
 * asks), and, where there is a policy `login`, a guard in front of POST /login, counted for each address and user.
 */
export async function limits(app: FastifyInstance, context: AppContext): Promise<void> {
  const guards = policyGuards(context);

  app.get<{ Params: { policy: string } }>('/limited/:policy', async (request, reply) => {
    const guard = guards.get(request.params.policy);
    if (guard === undefined) throw new HttpError(404, 'not-found', 'There is no such policy.');
    await enforce(guard, clientOf(request), reply);
    return { ok: true };
  });

  const login = guards.get('login');
  if (login === undefined) return;
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || request.routeOptions.url !== '/login') return;
    await enforce(login, `${request.ip} ${userOf(request.body)}`, reply);
  });
}

/** Sets the headers of the answer; throws what is answered with 429 when it is refused. */
async function enforce(guard: PolicyGuard, client: string, reply: FastifyReply): Promise<void> {
  const judgement = await guard.judge(client);
  reply.header('RateLimit-Policy', policyHeader(guard.name, guard.algorithm));
  reply.header('RateLimit', limitHeader(guard.name, judgement));
  reply.header('x-decided-at', (judgement.atUs / 1000).toFixed(3));
  reply.header('x-decided-by', judgement.by);
  if (judgement.admitted) return;
  reply.header('Retry-After', retryAfter(judgement));
  throw new HttpError(429, 'too-many-requests', 'Too many requests; come back later.');
}

function clientOf({ headers, ip }: FastifyRequest): string {
  const client = headers['x-client'];
  return typeof client === 'string' && client !== '' ? client : ip;
}

function userOf(body: unknown): string {
  const user = typeof body === 'object' && body !== null && 'user' in body ? body.user : undefined;
  return typeof user === 'number' || typeof user === 'string' ? String(user) : '';
}
