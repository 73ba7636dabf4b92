/** One turn of a conversation. Nothing else about it is kept: no headers, no tokens, no further fields of the request. */
export interface Turn {
  /** Counted from 1 by the client, so that a retry is known for one. */
  turn: number;
  text: string;
}
