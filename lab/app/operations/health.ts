import type { FastifyInstance } from 'fastify';
import type { ReadableFillLog } from '../fill-log.ts';
import { HttpError } from '../http-error.ts';
import type { ReadinessChecks } from './readiness.ts';

/** GET /health (the process lives), GET /ready (it can do its work) and GET /internal/fills. */
export function health(server: FastifyInstance, checks: ReadinessChecks, fills: ReadableFillLog): void {
  server.get('/health', async () => ({ ok: true }));
  server.get('/ready', async (_request, reply) => {
    const readiness = await checks.ask();
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  server.get<{ Querystring: { after?: unknown } }>('/internal/fills', async ({ query }) => {
    const after = query.after === undefined ? 0 : Number(query.after);
    if (!Number.isSafeInteger(after) || after < 0)
      throw new HttpError(400, 'bad-request', 'after: expected a whole number of at least 0');
    return fills.since(after);
  });
}
