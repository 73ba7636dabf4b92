import { expect, it } from 'vitest';
import { refusal } from './refusal.ts';

const expected = { port: 4000, token: 'secret' };
const own = { host: '127.0.0.1:4000' };
const ownOrigin = { origin: 'http://127.0.0.1:4000', 'content-type': 'application/json' };
const get = (headers: Record<string, string>, url = '/secret/') =>
  refusal({ method: 'GET', url, headers }, expected)?.status ?? 'answered';
const post = (headers: Record<string, string>, url = '/secret/order') =>
  refusal({ method: 'POST', url, headers }, expected)?.status ?? 'answered';

it.each([
  ['somebody who typed the address', own],
  ['by its other name', { host: 'localhost:4000' }],
  ['a browser’s address bar', { ...own, 'sec-fetch-site': 'none' }],
  ['the page itself', { ...own, origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-origin' }],
])('answers %s', (_, headers) => {
  expect(get(headers)).toBe('answered');
});

it.each([
  ['a name that was made to point here (DNS rebinding)', { host: 'evil.example:4000' }],
  ['another port', { host: '127.0.0.1:80' }],
  ['no host', {}],
  ['another site', { ...own, origin: 'http://evil.example' }],
  ['another page of this machine', { ...own, origin: 'http://127.0.0.1:5000' }],
  ['a sandboxed frame', { ...own, origin: 'null' }],
  ['another scheme', { ...own, origin: 'https://127.0.0.1:4000' }],
  ['an image or a link on another site', { ...own, 'sec-fetch-site': 'cross-site' }],
  ['another port of this host', { ...own, 'sec-fetch-site': 'same-site' }],
])('refuses %s', (_, headers) => {
  expect(get(headers)).toBe(403);
  expect(post({ 'content-type': 'application/json', ...headers })).toBe(403);
});

it.each(['/', '/secre/', '/secret1/', '/Secret/', '//secret/', '/order'])('refuses the address %s', (url) => {
  expect(get(own, url)).toBe(404);
  expect(post({ ...own, ...ownOrigin }, url)).toBe(404);
});

it('takes orders of its own page alone, as JSON', () => {
  expect(post({ ...own, ...ownOrigin })).toBe('answered');
  expect(post({ ...own, 'content-type': 'application/json' })).toBe(403);
  expect(post({ ...own, origin: ownOrigin.origin })).toBe(415);
  expect(post({ ...own, ...ownOrigin, 'content-type': 'text/plain' })).toBe(415);
});

it.each(['OPTIONS', 'PUT', 'DELETE', 'HEAD', 'CONNECT'])('refuses %s', (method) => {
  expect(refusal({ method, url: '/secret/', headers: { ...own, ...ownOrigin } }, expected)?.status).toBe(405);
});
