import type { Operation } from '../history/operation.ts';

/** How an operation was for its user: done, turned down for a reason (4xx), or broken. */
export type UserErrorKind = 'ok' | 'rejected' | 'error';

/** 4xx are the application's decisions; everything else that is not `ok` is an error, refused connections too. */
export function userErrorKind({ outcome, error }: Pick<Operation, 'outcome' | 'error'>): UserErrorKind {
  if (outcome === 'ok') return 'ok';
  return error?.startsWith('http 4') ? 'rejected' : 'error';
}
