import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { AppContext } from '../context.ts';
import { DEFAULT_PASSWORD_COST, hashPassword, verifyPassword } from '../database/passwords.ts';
import { HttpError } from '../http-error.ts';
import { NotTold } from './announcements.ts';
import { createStore } from './create-store.ts';
import { TooFewReplicas } from './plain-store.ts';
import { sessionCookie } from './session-cookie.ts';
import type { Session } from './store.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** A preHandler for routes of people who are logged in: fills `request.user`, counts as a use of the session, or answers 401. */
    authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  }
}

const loginBody = Type.Object(
  {
    user: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    password: Type.String({ maxLength: 1000 }),
  },
  { additionalProperties: false },
);
const meQuery = Type.Object({ workMs: Type.Integer({ minimum: 0, maximum: 60_000, default: 0 }) });

const notLoggedIn = () => new HttpError(401, 'not-logged-in', 'You are not logged in.');

const unsure = () =>
  new HttpError(
    504,
    'unknown-fate',
    'You are logged out, but perhaps not everywhere or not for good; please try again.',
  );

/** For what must outlive a failover and may not: answers the error that is given. */
const tooFew = (request: FastifyRequest, answer: HttpError) => (error: unknown) => {
  if (!(error instanceof TooFewReplicas || error instanceof NotTold)) throw error;
  request.log.warn({ reason: error.message }, 'not acknowledged');
  throw answer;
};

/**
 * Logins and sessions. 401 is said only where it is certain that nobody is logged in: no cookie of ours, or Redis
 * says that there is no such session. Where Redis does not answer it is 503 or 504.
 */
export async function sessions(app: FastifyInstance, context: AppContext): Promise<void> {
  const { config, database } = context;
  const store = createStore(context);
  const cookie = sessionCookie(config.sessions);
  // Somebody who does not exist costs as much time as somebody with a wrong password.
  let nobody: Promise<string> | undefined;

  const sessionOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Session> => {
    const id = cookie.read(request, reply);
    const session = id === null ? null : await store.read(id);
    if (session === null) throw notLoggedIn();
    request.user = session.user;
    return session;
  };
  const save = async (session: Session): Promise<number> => {
    const visits = await store.save(session);
    if (visits === null) throw notLoggedIn();
    return visits;
  };

  app.decorate('authenticate', async (request: FastifyRequest, reply: FastifyReply) => {
    await save(await sessionOf(request, reply));
  });

  app.post<{ Body: Static<typeof loginBody> }>(
    '/login',
    { schema: { body: loginBody } },
    async (request, reply) => {
      const { user, password } = request.body;
      const [row] = await database.query<{ password_hash: string }>(
        'user-by-id',
        'SELECT password_hash FROM users WHERE id = $1',
        [user],
      );
      nobody ??= row === undefined ? hashPassword('', DEFAULT_PASSWORD_COST) : undefined;
      const right = await verifyPassword(password, row?.password_hash ?? (await nobody) ?? '');
      if (row === undefined || !right)
        throw new HttpError(401, 'wrong-password', 'The user or the password is wrong.');
      // Never the id that came with the request: somebody else may have put it there.
      const before = cookie.read(request, reply);
      const refused = tooFew(
        request,
        new HttpError(503, 'unavailable', 'The login could not be kept safely.'),
      );
      if (before !== null) await store.revoke(before).catch(refused);
      const session = await store.create(user).catch(refused);
      request.user = user;
      cookie.set(reply, session.id);
      return { user };
    },
  );

  app.get<{ Querystring: Static<typeof meQuery> }>(
    '/me',
    { schema: { querystring: meQuery } },
    async (request, reply) => {
      const session = await sessionOf(request, reply);
      const { workMs } = request.query;
      if (workMs > 0) await sleep(workMs);
      return { user: session.user, visits: await save(session) };
    },
  );

  app.post('/logout', async (request, reply) => {
    const id = cookie.read(request, reply);
    // The cookie stays, so that it can be tried again.
    if (id !== null) await store.revoke(id).catch(tooFew(request, unsure()));
    cookie.clear(reply);
    return reply.code(204).send();
  });

  app.post('/logout-everywhere', async (request, reply) => {
    const { user } = await sessionOf(request, reply);
    await store.revokeAll(user).catch(tooFew(request, unsure()));
    cookie.clear(reply);
    return reply.code(204).send();
  });
}
