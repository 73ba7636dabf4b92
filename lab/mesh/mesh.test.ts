import { casesInSandbox } from '../hosts/test-sandbox.ts';

await casesInSandbox(new URL('./mesh.cases.ts', import.meta.url));
