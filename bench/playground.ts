import { messageOf } from '../lab/common/errors.ts';
import { openDaemon } from '../lab/docker/daemon.ts';
import { allRecipes, packedArch } from '../lab/docker/pack/all-recipes.ts';
import { packImages } from '../lab/docker/pack/pack-images.ts';
import { startTestDaemon } from '../lab/docker/test-daemon.ts';
import { playgroundShell } from '../test/playground-shell.ts';
import type { Figure } from './figure.ts';

const silent = { onLeftOut: () => {}, onProgress: () => {} };

/**
 * The playground on a Docker daemon of its own, with packed images: from `docker compose up` until every health check
 * is green, and from `docker compose down -v` until nothing is left. No figures, and the reason, where there is no daemon.
 */
export async function playground(runs = 3): Promise<Figure[]> {
  const daemon = await startTestDaemon().catch((error: unknown) =>
    console.log(`  left out: ${messageOf(error)}`),
  );
  if (daemon === undefined) return [];
  try {
    await packImages(await allRecipes(silent), packedArch(), {
      daemon: await openDaemon({ DOCKER_HOST: daemon.host }),
    });
    const shell = await playgroundShell(daemon.host);
    const up: number[] = [];
    const down: number[] = [];
    for (let run = 0; run < runs; run++) {
      up.push(await secondsOf(() => shell.run('docker compose up -d --wait')));
      down.push(await secondsOf(() => shell.run('docker compose down -v')));
    }
    shell.close();
    return [
      { name: 'the playground, from docker compose up to healthy', unit: 's', samples: up, bar: { max: 20 } },
      { name: 'docker compose down -v', unit: 's', samples: down, bar: {} },
    ];
  } finally {
    await daemon.stop();
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
