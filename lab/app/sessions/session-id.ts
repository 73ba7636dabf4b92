import { randomBytes } from 'node:crypto';

/**
 * A new session's id: the user, and 144 random bits. The user is in it because all keys of one user then share
 * a hash tag, so one atomic script may touch a session and the index of its user's sessions in a cluster too.
 */
export function newSessionId(user: number): string {
  return `${user}.${randomBytes(18).toString('base64url')}`;
}

/** Whether a text may be an id. What passed the signature still may come from another application with the same secret. */
export function isSessionId(text: string): boolean {
  return /^\d{1,15}\.[A-Za-z0-9_-]{24}$/.test(text);
}

/** `session:{17}:<secret>`, the hash of one session. */
export function sessionKey(id: string): string {
  const dot = id.indexOf('.');
  return `session:{${id.slice(0, dot)}}:${id.slice(dot + 1)}`;
}

/** `sessions:{17}`, the sorted set of a user's session ids by when they expire (Unix ms, Redis' clock). */
export function indexKey(user: number | string): string {
  return `sessions:{${user}}`;
}

/** The user whose session it is. */
export function userOf(id: string): number {
  return Number(id.slice(0, id.indexOf('.')));
}
