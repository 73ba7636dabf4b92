import { casesInSandbox } from '../hosts/test-sandbox.ts';

// At the speed of real time: what lies are clocks, not the pace.
await casesInSandbox(new URL('./clock-faults.cases.ts', import.meta.url), { speed: 1 });
