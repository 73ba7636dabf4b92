import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { LabError, UsageError } from '../common/errors.ts';
import { setupTools } from '../tools/setup-tools.ts';
import { images, packedName } from './images.ts';
import { loadArchive } from './load-archive.ts';
import { packedArch } from './pack/all-recipes.ts';
import { archiveOf, prepared } from './pack/archive.ts';
import { packImages } from './pack/pack-images.ts';
import { programFiles } from './pack/program-files.ts';
import type { Recipe } from './pack/recipe.ts';
import { redisRecipe } from './pack/recipes.ts';
import { runOnce } from './run-once.ts';
import { dockerTest } from './test-docker.ts';
import { usableImages } from './usable-images.ts';

/** An environment that names an image and has a cache of its own. */
function environment(named: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const cache = mkdtempSync(path.join(tmpdir(), 'lab-images-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  return { FAILOVER_LAB_CACHE: cache, ...named };
}

async function small(name: string): Promise<Recipe> {
  return {
    // A role without trials.
    role: 'reaper',
    names: [`failover-lab/${name}:test`],
    version: '1.2.3',
    source: '/bin/cat',
    entries: await programFiles('/bin/cat', '/bin/cat'),
    command: ['cat', '/etc/hostname'],
    environment: { PATH: '/bin' },
  };
}

dockerTest(
  'uses packed images where the official ones are not there, and remembers what is in them',
  async ({ daemon }) => {
    const env = environment();
    const [redis, toxiproxy] = await usableImages(daemon, ['redis', 'toxiproxy'], { environment: env });
    expect(redis).toMatchObject({ reference: packedName('redis'), from: 'packed' });
    const inside = await runOnce(daemon.docker, packedName('redis'), ['redis-server', '--version']);
    expect(inside.output).toContain(`v=${redis?.version} `);
    expect(inside.output.trim()).toBe(redis?.says);
    expect(toxiproxy?.version).toMatch(/^2\.\d+\.\d+$/);
    const memory = JSON.parse(
      readFileSync(path.join(env.FAILOVER_LAB_CACHE ?? '', 'what-images-say.json'), 'utf8'),
    );
    expect(memory).toEqual({
      [`redis ${redis?.id}`]: redis?.says,
      [`toxiproxy ${toxiproxy?.id}`]: toxiproxy?.says,
    });
    expect(await usableImages(daemon, ['redis', 'toxiproxy'], { environment: env })).toEqual([
      redis,
      toxiproxy,
    ]);
  },
);

dockerTest('says what to do about an image that is missing', async ({ daemon }) => {
  // The tests' daemon has no way out, so a pull fails as at an air-gapped site.
  const official = await usableImages(daemon, ['reaper'], { environment: environment() }).catch(
    (error: unknown) => error,
  );
  expect(official).toBeInstanceOf(LabError);
  expect(official).toMatchObject({
    message: `expected the image ${images.reaper.official}, for ${images.reaper.purpose}, got none`,
    details: expect.arrayContaining([
      `where a registry can be reached: docker pull ${images.reaper.official}`,
      'where none can: lab images pack',
    ]),
  });
  const named = usableImages(daemon, ['redis'], {
    environment: environment({ LAB_IMAGE_REDIS: 'failover-lab/redis:0.0' }),
  });
  await expect(named).rejects.toThrow(UsageError);
  await expect(named).rejects.toThrow('failover-lab/redis:0.0, which LAB_IMAGE_REDIS names, for Redis');
  const chosen = usableImages(daemon, ['redis'], {
    chosen: { redis: 'Not An Image' },
    environment: environment(),
  });
  await expect(chosen).rejects.toThrow(
    'expected an image as redis:8 or registry/owner/name:tag for Redis, Sentinel and redis-cli, got "Not An Image"',
  );
});

dockerTest('refuses an image without redis-sentinel', async ({ daemon }) => {
  const tools = await setupTools(['redis-server']);
  const whole = await redisRecipe(tools['redis-server'], undefined, false);
  const entries = whole.entries.filter(({ path: file }) => !file.endsWith('-sentinel'));
  const name = 'failover-lab/half:test';
  await packImages([{ ...whole, role: 'reaper', names: [name], entries }], packedArch(), { daemon });
  await expect(
    usableImages(daemon, ['redis'], { environment: environment({ LAB_IMAGE_REDIS: name }) }),
  ).rejects.toThrow(`expected an image with redis-sentinel, got one without it: ${name}`);
});

dockerTest('refuses an image for another processor', async ({ daemon }) => {
  const other = packedArch() === 'amd64' ? 'arm64' : 'amd64';
  const recipe = await small('foreign');
  await loadArchive(daemon, await archiveOf(prepared(recipe, other)), 'foreign');
  await expect(
    usableImages(daemon, ['redis'], { environment: environment({ LAB_IMAGE_REDIS: recipe.names[0] }) }),
  ).rejects.toThrow(`expected an image for ${packedArch()}, got one for ${other}: failover-lab/foreign:test`);
  await expect(packImages([recipe], other, { daemon })).rejects.toThrow(`expected a daemon for ${other}`);
});

dockerTest('packs the same content to the same image, once', async ({ daemon }) => {
  const recipe = await small('once');
  const id = async () => (await daemon.docker.getImage(recipe.names[0] ?? '').inspect()).Id;
  const pack = async (what: Recipe) => (await packImages([what], packedArch(), { daemon }))[0]?.state;
  expect(await pack(recipe)).toBe('packed');
  const first = await id();
  expect(await pack({ ...recipe, source: '/elsewhere/cat' })).toBe('there already');
  expect(await pack({ ...recipe, entries: [...recipe.entries, { path: '/etc/more', text: 'more' }] })).toBe(
    'packed',
  );
  expect(await id()).not.toBe(first);
  expect(await pack(recipe)).toBe('packed');
  expect(await id()).toBe(first);
});

dockerTest('writes archives that another daemon loads', async ({ daemon }) => {
  const recipe = await small('carried');
  const output = mkdtempSync(path.join(tmpdir(), 'lab-archives-'));
  onTestFinished(() => rmSync(output, { recursive: true }));
  const [written] = await packImages([recipe], packedArch(), { output });
  expect(readdirSync(output)).toEqual([`carried-test-${packedArch()}.tar`]);
  const file = written?.file ?? '';
  expect(await loadArchive(daemon, createReadStream(file), file)).toEqual(recipe.names);
  const { output: said } = await runOnce(daemon.docker, recipe.names[0] ?? '', ['cat', '/etc/passwd']);
  expect(said).toContain('cat: /etc/passwd');
  await expect(loadArchive(daemon, createReadStream('/etc/passwd'), '/etc/passwd')).rejects.toThrow(
    'expected an archive of images: /etc/passwd',
  );
});
