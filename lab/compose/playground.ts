import { Document, isPair, isScalar, visit } from 'yaml';
import { appServices } from './app-services.ts';
import { type ComposeFile, composeFile } from './compose-file.ts';
import { hostService } from './host-service.ts';
import { type PlaygroundPlan, playgroundPlan, USERS_HOST } from './playground-plan.ts';
import { redisServices } from './redis-services.ts';
import { usersService } from './users-service.ts';

const HEADER = ` The failover lab as a standing playground: docs/playground.md has exercises.
 
   npm ci && docker compose up -d --wait
 
 Written by "npm run compose" from lab/compose; changes belong there.
`;

/** The playground, as plain data. */
export function playground(plan: PlaygroundPlan = playgroundPlan()): ComposeFile {
  const hosts = plan.hosts.filter(({ links }) => links.length > 0).map((host) => hostService(host, plan));
  const users = hosts.filter(({ name }) => name === USERS_HOST);
  const always = hosts.filter(({ name }) => name !== USERS_HOST);
  return composeFile(
    'failover-lab',
    [
      ...always,
      ...redisServices(plan),
      ...appServices(plan),
      ...users.map((host) => ({ ...host, service: { profiles: ['load'], ...host.service } })),
      usersService(plan),
    ],
    Object.fromEntries(
      plan.zones.map(({ name, subnet, range }) => [
        name,
        { ipam: { config: [{ subnet, ip_range: range }] } },
      ]),
    ),
  );
}

/** The text of docker-compose.yml. */
export function playgroundText(): string {
  // Version 1.1 of YAML, in which Compose reads it, has octal numbers as people know them.
  const document = new Document(playground(), { version: '1.1', aliasDuplicateObjects: false });
  document.commentBefore = HEADER;
  visit(document, {
    Scalar(key, node, path) {
      const pair = path.at(-1);
      if (key === 'value' && isPair(pair) && isScalar(pair.key) && pair.key.value === 'mode')
        node.format = 'OCT';
    },
    // A list of words is easier to read as what it is: a command.
    Seq(_, node) {
      if (node.items.every((item) => isScalar(item) && !String(item.value).includes('\n'))) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
