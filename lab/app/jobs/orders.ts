import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../context.ts';

/** Orders. */
export async function orders(_app: FastifyInstance, _context: AppContext): Promise<void> {}
