import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { AppConfig } from './config.ts';
import { answerError, NOT_FOUND, WRONG_METHOD } from './error-answer.ts';
import { loggerOptions } from './logger-options.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the sessions part has looked; null: nobody who is logged in. */
    user: number | null;
  }
}

/** The HTTP server before any part has been added: names itself, reads cookies, and answers all errors alike. */
export async function httpServer(config: AppConfig): Promise<FastifyInstance> {
  const server = fastify({
    logger: loggerOptions(config),
    logController: new LogController({ disableRequestLogging: config.logLevel !== 'debug' }),
    bodyLimit: config.bodyLimitBytes,
    // Requests that come over a connection that is still open while the server closes are served.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => {
      reply.header('x-instance', config.instance);
      answerError(error, request, reply);
    },
    clientErrorHandler: (error, socket) => answerNoRequest(config.instance, error, socket),
  });
  server.decorateRequest('user', null);
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('x-instance', config.instance);
  });
  server.setErrorHandler(answerError);
  answerUnknownRoutes(server);
  await server.register(cookie, { secret: [...config.sessions.cookieSecrets] });
  return server;
}

/** 404, or 405 where the address is right and the method is not. */
function answerUnknownRoutes(server: FastifyInstance): void {
  const routes: { path: RegExp; methods: string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const path = new RegExp(`^${url.replace(/:[A-Za-z]+/g, '[^/]+')}/?$`);
    routes.push({ path, methods: Array.isArray(method) ? method : [method] });
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set(
      routes.filter((route) => route.path.test(path)).flatMap(({ methods }) => methods),
    );
    if (allowed.size === 0) return reply.code(404).send(NOT_FOUND);
    return reply
      .code(405)
      .header('allow', [...allowed].join(', '))
      .send(WRONG_METHOD);
  });
}

/** What came was no HTTP, or its headers were too large: there is no request to reply to. */
function answerNoRequest(instance: string, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code] = STATUS_BY_CODE[error.code ?? ''] ?? ['400 Bad Request', 'bad-request'];
  const body = JSON.stringify({ error: code, message: 'The request is not well-formed.' });
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    `x-instance: ${instance}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const STATUS_BY_CODE: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers-too-large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request-timeout'],
};
