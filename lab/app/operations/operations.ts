import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../context.ts';

/** GET /metrics and what else those who run the application look at. /health and /ready are the server's own. */
export async function operations(app: FastifyInstance, context: AppContext): Promise<void> {
  app.get('/metrics', async (_request, reply) => {
    reply.type(context.metrics.contentType);
    return context.metrics.metrics();
  });
}
