import { at, checks, defineScenario, faults, schedule, standalone, users } from 'failover-lab';

/** Conversations, each of one user, who pauses between two turns. */
const CONVERSATIONS = 30;
const THINK_MS = 100;
/** Talk before the crash. */
const TALK_MS = 2500;
/** Never reached before the crash: a user pauses at least for half of THINK_MS. */
const RARELY = 100;
const OFTEN = 5;
/**
 * What may be lost of one conversation: the turns that wait for others, and those that are being written. While a
 * batch is written another one may fill up: for that its writing has to take as long as OFTEN turns, 250 ms.
 */
const BOUND = OFTEN - 1 + OFTEN;

export default defineScenario({
  name: 'context-lost',
  title: 'An assistant forgets what was said',
  claim:
    '"Redis keeps the context, the database gets it in time": when Redis comes back empty, every conversation has forgotten what was still waiting to be written.',
  headline: true,
  variants: {
    vulnerable: `Turns are in Redis, and go to the database ${RARELY} at a time.`,
    hardened: `Turns are in Redis, and go to the database ${OFTEN} at a time, in the background.`,
  },
  mitigations: {
    'persist-before-answer': 'Every turn is in the database before the user gets an answer.',
  },
  advice: `State what a crash may cost and choose the batch from it: with batches of ${OFTEN} it is ${OFTEN - 1} turns and those being written. The price: a write to the database for each batch. Where no turn may be lost, write before the answer (conversations.persistBeforeAnswer); the price is that wait in each answer, and no answers while the database is away.`,
  settings: [
    { name: 'conversations.persistEveryTurns', vulnerable: String(RARELY), hardened: String(OFTEN) },
  ],
  compare: [
    { check: 'conversations', figure: 'lost', label: 'turns lost', unit: '' },
    { check: 'conversations', figure: 'mostLostInOne', label: 'most of one conversation', unit: '' },
    { check: 'says', figure: 'p50Ms', label: 'median time of a turn', unit: 'ms' },
    { check: 'says', figure: 'p95Ms', label: '95th percentile', unit: 'ms' },
  ],
  experiment: ({ hardened, mitigation }) => ({
    topology: standalone({ redis: { save: '""', appendonly: 'no' } }),
    app: {
      instances: 2,
      settings: {
        conversations: {
          persistEveryTurns: hardened ? OFTEN : RARELY,
          persistBeforeAnswer: mitigation === 'persist-before-answer',
        },
      },
    },
    workloads: [
      users({
        name: 'talkers',
        journeys: [{ kind: 'conversations', users: CONVERSATIONS, thinkMs: THINK_MS, recallShare: 0.1 }],
      }),
    ],
    nemesis: schedule(at(TALK_MS).inject(faults.restart('primary', { data: 'lost' }))),
    checks: [
      checks.conversations({ maxLostPerConversation: mitigation === null ? BOUND : 0 }),
      checks.users({ name: 'says', operations: ['say'] }),
      checks.vacuity({
        minimumRatePerSecond: (CONVERSATIONS * 1000) / THINK_MS / 4,
        minimumWritesInWindow: 0,
      }),
    ],
    expect: [
      hardened
        ? {
            check: 'conversations',
            verdict: 'valid',
            because: `${OFTEN - 1} turns wait for the next batch, and one batch may be on its way`,
          }
        : mitigation !== null
          ? {
              check: 'conversations',
              verdict: 'valid',
              figures: { lost: { max: 0 } },
              because: 'whatever was acknowledged is in the database',
            }
          : {
              check: 'conversations',
              verdict: 'invalid',
              figures: {
                lostConversations: { min: CONVERSATIONS },
                mostLostInOne: { min: BOUND + 1 },
              },
              because: `no conversation has reached ${RARELY} turns, so none is in the database`,
            },
    ],
  }),
});
