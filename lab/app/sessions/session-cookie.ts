import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppConfig } from '../config.ts';
import { isSessionId } from './session-id.ts';

/** The cookie that carries a session's id. */
export interface SessionCookie {
  /** The id, if the request has one that we signed; signed with an older secret it is sent again, signed with today's. */
  read(request: FastifyRequest, reply: FastifyReply): string | null;
  set(reply: FastifyReply, id: string): void;
  clear(reply: FastifyReply): void;
}

/**
 * Signed, HttpOnly, SameSite=Lax, for the host or the whole domain. It has no Max-Age: how long a session lives
 * slides with its use, and is Redis' to say.
 */
export function sessionCookie({
  cookieName,
  cookieDomain,
  cookieSecure,
}: AppConfig['sessions']): SessionCookie {
  const domain = cookieDomain === null ? {} : { domain: cookieDomain };
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: cookieSecure, ...domain } as const;
  const set = (reply: FastifyReply, id: string) => {
    reply.setCookie(cookieName, id, { ...options, signed: true });
  };
  return {
    set,
    read(request, reply) {
      const raw = request.cookies[cookieName];
      if (raw === undefined) return null;
      const { valid, renew, value } = request.unsignCookie(raw);
      if (!valid || value === null || !isSessionId(value)) return null;
      if (renew) set(reply, value);
      return value;
    },
    clear: (reply) => void reply.clearCookie(cookieName, options),
  };
}
