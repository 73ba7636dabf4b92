import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../context.ts';

/** Conversations. */
export async function conversations(_app: FastifyInstance, _context: AppContext): Promise<void> {}
