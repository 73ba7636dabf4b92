import type { Spoken } from './address-book.ts';

/** What is sent over a link to learn whether it carries data, and how its answers are told. */
export interface Ping {
  data: Buffer;
  /** How many answers are asked for. */
  answers: number;
  /** How many answers end, or begin, in the next piece of what comes back. Called with each piece, in order. */
  count(piece: string): number;
}

/** Without a password Redis reads arguments of 16,384 bytes at most (networking.c, processMultibulkBuffer). */
const REDIS_ARGUMENT_BYTES = 16_000;
/** Node's HTTP server takes 16 KiB of headers. */
const HTTP_HEADER_BYTES = 8000;
/** PostgreSQL takes a startup packet of 10,000 bytes (pqcomm.h, MAX_STARTUP_PACKET_LENGTH). */
const STARTUP_BYTES = 9000;

/** The header of a message of the cluster bus, which is all of a PING that gossips nothing (cluster.h, clusterMsg). */
const BUS_MESSAGE_BYTES = 2256;
const BUS_VERSION = 1;
const BUS_SENDER_AT = 40;

/** Requests of PostgreSQL's protocol that are answered by one byte before anybody has logged in. */
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const PROTOCOL_3 = 196_608;

/**
 * A ping in the protocol of a kind of node, with `bytes` of payload on the way there (Redis sends them back, too).
 * Any answer counts, refusals too. `turn` is how many went over the same connection before: PostgreSQL answers
 * three. Null where so many bytes cannot be sent: to PostgreSQL at most 9,000.
 */
export function pingOf(kind: Spoken, turn: number, bytes: number): Ping | null {
  switch (kind) {
    case 'redis':
    case 'sentinel':
      return redisPing(bytes);
    case 'app':
      return httpPing(bytes);
    case 'bus':
      return busPing(bytes);
    case 'postgres':
      return postgresPing(turn, bytes);
  }
}

/** Redis and Sentinel answer a PING, whatever they make of it. */
function redisPing(bytes: number): Ping {
  if (bytes === 0) return { data: Buffer.from('PING\r\n'), answers: 1, count: (piece) => lines(piece) };
  // An inline command may be 64 KB long; an argument with its length in front has no such bound.
  const parts = partsOf(bytes, REDIS_ARGUMENT_BYTES);
  const data = parts.map((size) => `*2\r\n$4\r\nPING\r\n$${size}\r\n${'x'.repeat(size)}\r\n`).join('');
  // The payload comes back in two lines, the first of which begins with a dollar; a refusal is one line.
  return {
    data: Buffer.from(data),
    answers: parts.length,
    count: (piece) => lines(piece) - piece.split('$').length + 1,
  };
}

/** An HTTP server answers every request, if only with a 404. */
function httpPing(bytes: number): Ping {
  const parts = bytes === 0 ? [0] : partsOf(bytes, HTTP_HEADER_BYTES);
  const data = parts.map((size) => {
    const padding = size === 0 ? '' : `x-padding: ${'x'.repeat(size)}\r\n`;
    return `GET /health HTTP/1.1\r\nhost: lab\r\n${padding}\r\n`;
  });
  return { data: Buffer.from(data.join('')), answers: parts.length, count: beginnings('HTTP/1.1 ') };
}

/**
 * A PING of the cluster bus by a node that nobody knows: it is answered by a PONG and otherwise ignored (cluster.c,
 * clusterProcessPacket). It always has the same length, so a payload is as many of them as make up its bytes.
 */
function busPing(bytes: number): Ping {
  const answers = Math.max(1, Math.ceil(bytes / BUS_MESSAGE_BYTES));
  const message = Buffer.alloc(BUS_MESSAGE_BYTES);
  message.write('RCmb', 0, 'latin1');
  message.writeUInt32BE(BUS_MESSAGE_BYTES, 4);
  message.writeUInt16BE(BUS_VERSION, 8);
  // The sender's node id; the type at 12 is 0, which is PING.
  message.write('0'.repeat(40), BUS_SENDER_AT, 'latin1');
  return {
    data: Buffer.concat(Array<Buffer>(answers).fill(message)),
    answers,
    count: beginnings('RCmb'),
  };
}

/** Counts how often a text begins in what comes piece by piece. */
function beginnings(begin: string): (piece: string) => number {
  let left = '';
  return (piece) => {
    const text = left + piece;
    left = text.slice(1 - begin.length);
    return text.split(begin).length - 1;
  };
}

function postgresPing(turn: number, bytes: number): Ping | null {
  if (bytes > STARTUP_BYTES) return null;
  const any = { answers: 1, count: (piece: string) => (piece === '' ? 0 : 1) };
  if (bytes === 0 && turn < 2) {
    const data = Buffer.alloc(8);
    data.writeInt32BE(8, 0);
    data.writeInt32BE(turn === 0 ? SSL_REQUEST : GSS_REQUEST, 4);
    return { data, ...any };
  }
  const name = `user\0lab\0application_name\0${'x'.repeat(bytes)}\0\0`;
  const data = Buffer.alloc(8 + name.length);
  data.writeInt32BE(data.length, 0);
  data.writeInt32BE(PROTOCOL_3, 4);
  data.write(name, 8, 'latin1');
  return { data, ...any };
}

function lines(piece: string): number {
  return piece.split('\n').length - 1;
}

/** `bytes` in parts of `most` each and a rest. */
function partsOf(bytes: number, most: number): number[] {
  const whole = Array<number>(Math.floor(bytes / most)).fill(most);
  return bytes % most === 0 ? whole : [...whole, bytes % most];
}
