import type { FastifyInstance } from 'fastify';
import { products } from './cache/products.ts';
import type { AppContext } from './context.ts';
import { conversations } from './conversations/conversations.ts';
import { orders } from './jobs/orders.ts';
import { limits } from './limits/limits.ts';
import { operations } from './operations/operations.ts';
import { sessions } from './sessions/sessions.ts';

/** Adds a part's routes and hooks, and registers with the context what it closes and when it is ready. */
export type Part = (app: FastifyInstance, context: AppContext) => Promise<void>;

/** In the order in which they are added: sessions first, they say who asks (`request.user`). */
export const parts: readonly Part[] = [sessions, limits, products, orders, conversations, operations];
