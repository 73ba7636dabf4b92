import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../context.ts';

/** Logins, and who asks. */
export async function sessions(_app: FastifyInstance, _context: AppContext): Promise<void> {}
