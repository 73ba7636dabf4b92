import { casesInSandbox } from '../hosts/test-sandbox.ts';

await casesInSandbox(new URL('./service-faults.cases.ts', import.meta.url));
