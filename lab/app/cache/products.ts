import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../context.ts';

/** The catalogue. */
export async function products(_app: FastifyInstance, _context: AppContext): Promise<void> {}
