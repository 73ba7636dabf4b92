import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ClusterCommand } from './cluster-command.ts';

const [a, b] = [{}, {}] as [Socket, Socket];

/** An error as ioredis' decoder makes it of a node's answer. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

/** A command whose `reject` a cluster's client has put its own around, which does `onReject`. */
function command(onReject: (error: Error) => void = () => {}): ClusterCommand {
  const made = new ClusterCommand('set', ['k', 1]);
  made.promise.catch(() => {});
  made.reject = onReject;
  return made;
}

test('waits for a connection: never written', () => {
  expect(command().written).toBe('never');
});

test('written once, no answer yet', () => {
  const one = command();
  one.toWritable(a);
  expect(one.written).toBe('once');
});

test('refused by one node and by another: certain, and the last one has answered', () => {
  const one = command();
  one.toWritable(a);
  one.reject(reply('MOVED 1 127.0.0.1:2'));
  expect(one).toMatchObject({ written: 'refused', rejections: 1, isAnswered: true, socket: a });
  one.toWritable(b);
  expect(one.written).toBe('once');
  one.reject(reply('CLUSTERDOWN The cluster is down'));
  expect(one).toMatchObject({ written: 'refused', rejections: 2, isAnswered: true, socket: b });
});

test('a connection lost on the way: the one that had it may have executed it, whatever others say later', () => {
  const one = command();
  one.toWritable(a);
  one.reject(new Error('Connection is closed.'));
  expect(one).toMatchObject({ written: 'perhaps', isAnswered: false });
  one.toWritable(b);
  one.reject(reply('READONLY'));
  expect(one).toMatchObject({ written: 'perhaps', isAnswered: true, socket: b });
});

test('sent again by the same node’s client after a reconnect', () => {
  const one = command();
  one.toWritable(a);
  one.toWritable(b);
  expect(one.written).toBe('perhaps');
});

test('refused before it was written to the next node: no answer of that one', () => {
  const one = command();
  one.toWritable(a);
  one.reject(reply('MOVED 1 127.0.0.1:2'));
  one.reject(reply('NOAUTH Authentication required.'));
  expect(one).toMatchObject({ written: 'refused', isAnswered: false });
});

test('what the client decides is called with the error, and ioredis’ own reject still rejects', async () => {
  const one = new ClusterCommand('set', ['k', 1]);
  const own = one.reject;
  const heard: string[] = [];
  one.reject = (error) => {
    heard.push(error.message);
    own.call(one, error);
  };
  one.reject(new Error('x'));
  await expect(one.promise).rejects.toThrow('x');
  expect(heard).toEqual(['x']);
  expect(one.rejections).toBe(1);
});
