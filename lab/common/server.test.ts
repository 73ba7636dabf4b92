import { expect, it } from 'vitest';
import { isServerIn, type ServerRange, serverAmong, serverRangeText, serverText } from './server.ts';

it('knows which servers a range holds', () => {
  const range: ServerRange = { product: 'redis', since: '7.2', below: '7.4' };
  const versions = ['7.0.15', '7.2.0', '7.2.15', '7.4.0', '8.0.2'];
  expect(versions.filter((version) => isServerIn({ product: 'redis', version }, range))).toEqual([
    '7.2.0',
    '7.2.15',
  ]);
  expect(isServerIn({ product: 'valkey', version: '7.2.5' }, range)).toBe(false);
  expect(isServerIn({ product: 'valkey', version: '7.2.5' }, { product: 'valkey' })).toBe(true);
});

it('says them in words', () => {
  expect(serverRangeText({ product: 'redis', since: '7.2', below: '7.4' })).toBe(
    'Redis from 7.2 on, below 7.4',
  );
  expect(serverRangeText({ product: 'valkey' })).toBe('Valkey');
  expect(serverText({ product: 'valkey', version: '8.1.1' })).toBe('Valkey 8.1.1');
});

it('finds the server among what took part', () => {
  expect(serverAmong({ node: '24.0.0', 'valkey-server': '9.1.2' })).toEqual({
    product: 'valkey',
    version: '9.1.2',
  });
  expect(serverAmong({ node: '24.0.0' })).toBeNull();
});
