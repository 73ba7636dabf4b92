import { real } from '../common/lab-speed.ts';
import { Stranger } from './reach.ts';

/** How long a server may take to answer a connection that it has taken. */
export const ANSWER_MS = real(2000);

/** Whether an answer says that a server is full (`maxclients`). A password that is missing is no refusal of the connection. */
export function isRefusal(answer: string): boolean {
  return /max number of clients/.test(answer);
}

/** Whether a server takes a further connection, which is closed again. */
export async function accepts(address: { host: string; port: number }): Promise<boolean> {
  const one = new Stranger(address);
  const answer = await one.ask('PING', ANSWER_MS).finally(() => one.close());
  return answer !== null && !isRefusal(answer);
}
