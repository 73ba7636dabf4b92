import path from 'node:path';

/** The program that runs one variant of one scenario. */
export const LAB_PROCESS = path.join(import.meta.dirname, `lab-process${path.extname(import.meta.filename)}`);

/** The lab shares the machine with what it measures: V8 is to collect its garbage instead of growing. */
export const NODE_OPTIONS = ['--optimize-for-size', '--disable-warning=ExperimentalWarning'];
