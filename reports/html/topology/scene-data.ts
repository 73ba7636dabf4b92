import type { Moment, PartState, Scene } from './scene.ts';

/** A scene as the page carries it: of each moment only the parts that changed. */
export interface SceneData extends Omit<Scene, 'moments'> {
  moments: readonly Moment[];
}

/** Ready to be embedded (`dataScript`). */
export function sceneData(scene: Scene): SceneData {
  let before: Readonly<Record<string, PartState>> = {};
  const moments = scene.moments.map((moment) => {
    const parts = Object.fromEntries(
      Object.entries(moment.parts).filter(
        ([name, state]) => JSON.stringify(before[name]) !== JSON.stringify(state),
      ),
    );
    before = moment.parts;
    return { ...moment, parts };
  });
  return { ...scene, moments };
}

/** The whole scene again. */
export function sceneFrom(data: SceneData): Scene {
  let parts: Readonly<Record<string, PartState>> = {};
  return {
    ...data,
    moments: data.moments.map((moment) => {
      parts = { ...parts, ...moment.parts };
      return { ...moment, parts };
    }),
  };
}
