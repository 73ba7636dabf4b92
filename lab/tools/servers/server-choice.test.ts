import { describe, expect, it } from 'vitest';
import { UsageError } from '../../common/errors.ts';
import { means, refusedImage, serverChoice } from './server-choice.ts';

describe('what --redis means', () => {
  it.each([
    ['redis:7.2', { kind: 'name', product: 'redis', version: '7.2' }],
    ['redis:7', { kind: 'name', product: 'redis', version: '7' }],
    ['valkey:9.0.1', { kind: 'name', product: 'valkey', version: '9.0.1' }],
    ['/opt/valkey/bin', { kind: 'path', path: '/opt/valkey/bin' }],
    ['./redis:7.2', { kind: 'path', path: './redis:7.2' }],
    // A file of this directory, whatever it is called.
    ['package.json', { kind: 'path', path: 'package.json' }],
    ['redis:8-alpine', { kind: 'image', image: 'redis:8-alpine' }],
    ['valkey/valkey:8', { kind: 'image', image: 'valkey/valkey:8' }],
    ['redis@sha256:0a', { kind: 'image', image: 'redis@sha256:0a' }],
    ['keydb:6', { kind: 'image', image: 'keydb:6' }],
  ])('%s', (given, choice) => {
    expect(serverChoice(given)).toEqual(choice);
  });

  it.each([
    ['redis', /expected a version behind the name, as redis:7\.2/],
    ['valkey:', /expected a version behind the name/],
    ['redis:6.2', /expected Redis 7\.0 or later, got 6\.2/],
    ['redis:6', /expected Redis 7\.0 or later, got 6/],
  ])('%s is refused', (given, message) => {
    expect(() => serverChoice(given)).toThrow(UsageError);
    expect(() => serverChoice(given)).toThrow(message);
  });

  it('says who runs images', () => {
    expect(refusedImage('redis:8-alpine').message).toMatch(
      /redis:8-alpine.*an image, which only containers run/,
    );
  });
});

it('a shorter version means all that begin with it', () => {
  const versions = ['7.2.4', '7.20.0', '8.0.2', '8.2.0'];
  expect(versions.filter((version) => means('7.2', version))).toEqual(['7.2.4']);
  expect(versions.filter((version) => means('8', version))).toEqual(['8.0.2', '8.2.0']);
  expect(versions.filter((version) => means('8.0.2', version))).toEqual(['8.0.2']);
});
