import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../context.ts';

/** Rate limits. */
export async function limits(_app: FastifyInstance, _context: AppContext): Promise<void> {}
