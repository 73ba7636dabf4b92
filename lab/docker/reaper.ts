import { messageOf } from '../common/errors.ts';
import { type Daemon, useDaemon } from './daemon.ts';
import { listImages } from './list-images.ts';

/**
 * Labels by which Testcontainers' reaper, a container that this starts or finds, removes whatever carries them soon
 * after this process is gone, a SIGKILL's too. None where it is off (TESTCONTAINERS_RYUK_DISABLED=true), its image is
 * not there, or it does not come up, of which `say` is told: then the next lab's sweep removes what is left.
 */
export async function reaperLabels(
  daemon: Daemon,
  environment: NodeJS.ProcessEnv = process.env,
  say: (text: string) => void = () => {},
): Promise<Record<string, string>> {
  if (environment.TESTCONTAINERS_RYUK_DISABLED === 'true') return {};
  const [image] = await listImages(daemon, { environment }, ['reaper']);
  if (image === undefined || image.sizeBytes === null) return {};
  try {
    // Loaded only here: it is large.
    const { getContainerRuntimeClient, getReaper, LABEL_TESTCONTAINERS_SESSION_ID } = await import(
      'testcontainers'
    );
    process.env.RYUK_CONTAINER_IMAGE = image.reference;
    useDaemon(daemon);
    const { sessionId } = await getReaper(await getContainerRuntimeClient());
    return { 'org.testcontainers': 'true', [LABEL_TESTCONTAINERS_SESSION_ID]: sessionId };
  } catch (error) {
    say(`without Testcontainers’ reaper: ${messageOf(error)}`);
    return {};
  }
}
