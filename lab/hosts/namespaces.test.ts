import { casesInSandbox } from './test-sandbox.ts';

await casesInSandbox(new URL('./namespaces.cases.ts', import.meta.url), { asUser: true });
