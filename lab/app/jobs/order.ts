/** What a job is about: nothing more is kept in the queue. */
export interface Order {
  /** The client's, so that asking twice orders once. */
  id: number;
  product: number;
}

/** Whether a worker did it, or the request itself, because the queue was away or too slow. */
export type How = 'queued' | 'inline';
