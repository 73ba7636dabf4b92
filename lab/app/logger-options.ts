import type { FastifyLoggerOptions, PinoLoggerOptions } from 'fastify/types/logger.js';
import type { AppConfig } from './config.ts';

/**
 * One JSON line for each event, with the instance's name. An error is logged as its type, message, code and stack:
 * what else hangs on it is left out, because a Redis client's error carries the command with its arguments, session
 * ids and passwords among them.
 */
export function loggerOptions(config: AppConfig): FastifyLoggerOptions & PinoLoggerOptions {
  return { level: config.logLevel, base: { instance: config.instance }, serializers: { err: plainError } };
}

function plainError(error: Error & { code?: unknown }) {
  const { code } = error;
  return { type: error.name, message: error.message, code: String(code ?? ''), stack: error.stack ?? '' };
}
