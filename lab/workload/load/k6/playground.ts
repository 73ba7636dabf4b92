/** The same users without a lab around them: for as long as LAB_LOAD_DURATION says, with k6's own summary at the end. */
import { CONTROL, k6Options } from '../k6-options.ts';
import { config } from './config.ts';

export { catalogue, session } from './main.ts';

const { scenarios, ...others } = k6Options(config.workload);
const journeys = Object.entries(scenarios).filter(([name]) => name !== CONTROL);

export const options = {
  ...others,
  scenarios: Object.fromEntries(
    journeys.map(([name, scenario]) => [name, { ...scenario, duration: __ENV.LAB_LOAD_DURATION }]),
  ),
};
