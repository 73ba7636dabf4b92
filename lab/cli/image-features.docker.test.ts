import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { packedName } from '../docker/images.ts';
import { OWNER_LABEL } from '../docker/labels.ts';
import { ownerLabel } from '../docker/owner.ts';
import { dockerTest } from '../docker/test-docker.ts';
import { findTools } from '../tools/find-tools.ts';
import { inspectServer } from '../tools/servers/inspect-server.ts';
import { imageFeatures } from './image-features.ts';

dockerTest('a server in an image offers what its binary offers, and nothing is left', async ({ daemon }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lab-image-features-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { 'redis-server': packed } = await findTools(['redis-server']);
  const images = { redis: packedName('redis'), node: packedName('node') };
  const labels = { [OWNER_LABEL]: ownerLabel() };
  const features = await imageFeatures(daemon.docker, { images, folder, labels });
  expect(features).toEqual((await inspectServer(packed.path)).features);
  expect(features.FAILOVER).toBe(true);
  const left = await daemon.docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  expect(left).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});
