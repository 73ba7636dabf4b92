/** `npm run compose`: writes docker-compose.yml, which is made of the lab's own topologies. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { playgroundText } from '../lab/compose/playground.ts';

writeFileSync(join(import.meta.dirname, '../docker-compose.yml'), playgroundText());
