import { LabError } from '../common/errors.ts';
import { clockLibrary } from '../time/clock-library.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';

/** What puts processes on a lab's own clock, where it is needed or can be had; else null. LabError where it is needed and cannot be had. */
export async function libraryIf(labClock: 'needed' | 'useful' | 'none'): Promise<string | null> {
  if (labClock === 'none') return null;
  try {
    return await clockLibrary({ cache: cacheDirectory(process.env) });
  } catch (error) {
    if (labClock === 'useful' && error instanceof LabError) return null;
    throw error;
  }
}
