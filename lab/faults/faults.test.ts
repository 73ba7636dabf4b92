import { casesInSandbox } from '../hosts/test-sandbox.ts';

await casesInSandbox(new URL('./faults.cases.ts', import.meta.url));
