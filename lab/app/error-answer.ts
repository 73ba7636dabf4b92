import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { fateOf } from './fate.ts';
import { HttpError } from './http-error.ts';

interface Answer {
  statusCode: number;
  error: string;
  message: string;
}

/** Answers every error with `{ error, message }`, and with nothing of what is inside. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) {
  const { statusCode, ...body } = answerFor(error, request.method);
  if (statusCode >= 500) request.log.warn({ reason: error.message, statusCode }, 'request failed');
  if (statusCode === 500) request.log.error(error, 'unexpected error');
  return reply.code(statusCode).send(body);
}

function answerFor(error: FastifyError | Error, method: string): Answer {
  if (error instanceof HttpError)
    return { statusCode: error.statusCode, error: error.code, message: error.message };
  const status = 'statusCode' in error ? error.statusCode : undefined;
  const known = status === undefined ? undefined : CLIENT_ERRORS[status];
  if (status !== undefined && known !== undefined) return { statusCode: status, ...known };
  const isReading = method === 'GET' || method === 'HEAD';
  const fate = fateOf(error);
  if (fate === 'refused' || (fate === 'unknown' && isReading)) return UNAVAILABLE;
  return fate === 'unknown' ? UNKNOWN_FATE : INTERNAL;
}

const CLIENT_ERRORS: Readonly<Record<number, Omit<Answer, 'statusCode'>>> = {
  400: { error: 'bad-request', message: 'The request is not well-formed.' },
  404: { error: 'not-found', message: 'There is nothing here.' },
  405: { error: 'method-not-allowed', message: 'This cannot be done here.' },
  408: { error: 'request-timeout', message: 'The request took too long to arrive.' },
  413: { error: 'too-large', message: 'The request is too large.' },
  414: { error: 'uri-too-long', message: 'The address is too long.' },
  415: { error: 'unsupported-media-type', message: 'Bodies are JSON.' },
};
/** Bodies for what no route answers. */
export const NOT_FOUND = { error: 'not-found', message: 'There is nothing here.' };
export const WRONG_METHOD = { error: 'method-not-allowed', message: 'This cannot be done here.' };

const UNAVAILABLE: Answer = {
  statusCode: 503,
  error: 'unavailable',
  message: 'What this needs is away; nothing was done.',
};
const UNKNOWN_FATE: Answer = {
  statusCode: 504,
  error: 'unknown-fate',
  message: 'No answer in time; it may have been done.',
};
const INTERNAL: Answer = { statusCode: 500, error: 'internal', message: 'Something went wrong here.' };
