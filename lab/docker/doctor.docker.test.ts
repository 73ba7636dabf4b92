import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { dockerTest } from './test-docker.ts';

dockerTest('lab doctor shows the daemon, and which images are there', ({ own }) => {
  const bin = path.join(import.meta.dirname, '../cli/bin.mjs');
  const doctor = (environment: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, [bin, 'doctor'], {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_HOST: own.host, ...environment },
    }).stdout;
  expect(doctor({})).toMatch(/docker +\d+\.\d+\S* at unix:.* \((amd64|arm64), .*\); all images are there\n/);
  expect(doctor({ LAB_IMAGE_K6: 'failover-lab/k6:0.0' })).toMatch(/images not there: k6\n +they are pulled/);
});
