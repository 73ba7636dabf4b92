import { casesInSandbox } from '../hosts/test-sandbox.ts';

await casesInSandbox(new URL('./postgres.cases.ts', import.meta.url), { asUser: true });
