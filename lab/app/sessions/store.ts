/** A session as a request has it. */
export interface Session {
  /** Secret: who knows it is logged in. */
  readonly id: string;
  readonly user: number;
  /** How many requests were saved before this one. */
  visits: number;
}

/**
 * Where sessions live. Both stores keep to this, and pass the same conformance suite. Every method rejects with
 * what the Redis client said when Redis does not answer; an answer of null means: there certainly is none.
 */
export interface SessionStore {
  /** A new session with an id that nobody knew before. */
  create(user: number): Promise<Session>;
  read(id: string): Promise<Session | null>;
  /**
   * Ends a request: counts the visit and begins the time to live anew. Answers the visits with this one, or null
   * when the session is gone meanwhile; then nothing was written (but see the setting `save`).
   */
  save(session: Session): Promise<number | null>;
  /** Ends one session everywhere; nothing happens when there is none. */
  revoke(id: string): Promise<void>;
  /** Ends all sessions of a user everywhere. */
  revokeAll(user: number): Promise<void>;
}
