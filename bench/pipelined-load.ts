import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const connections = 8;
/** Requests under way on each connection. */
const depth = 8;

/** Requests by the thousand, so cheap that whoever answers them is what is measured. */
export interface PipelinedLoad {
  start(): void;
  /** Sends nothing more, and waits for what is under way. */
  stop(): Promise<void>;
  /** Answers with status 200 so far; any other ends the measurement with an error. */
  answered(): number;
  end(): void;
}

/** Raw HTTP on kept connections, several requests under way on each, each of them one of `requests` at random. */
export async function pipelinedLoad(port: number, requests: readonly string[]): Promise<PipelinedLoad> {
  const buffers = requests.map((request) => Buffer.from(request));
  const good = Buffer.from('HTTP/1.1 200');
  const any = Buffer.from('HTTP/1.1 ');
  let running = false;
  let answered = 0;
  let underWay = 0;
  let idle: (() => void) | undefined;
  let failure: Error | undefined;

  const send = (socket: Socket, count: number) => {
    underWay += count;
    const batch = Array.from({ length: count }, () => buffers[Math.floor(Math.random() * buffers.length)]);
    socket.write(Buffer.concat(batch as Buffer[]));
  };
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(port, '127.0.0.1').setNoDelay();
      await once(socket, 'connect');
      // The end of the last piece: a status line may be cut in two.
      let rest = Buffer.alloc(0);
      socket.on('data', (data) => {
        const text = rest.length === 0 ? data : Buffer.concat([rest, data]);
        let count = 0;
        let from = 0;
        for (let at = text.indexOf(any); at >= 0; at = text.indexOf(any, from)) {
          if (at + good.length > text.length) break;
          if (!text.subarray(at, at + good.length).equals(good))
            failure ??= new Error(`expected 200, got ${text.subarray(at, at + 200).toString()}`);
          from = at + good.length;
          count++;
        }
        rest = Buffer.from(text.subarray(Math.max(from, text.length - good.length + 1)));
        answered += count;
        underWay -= count;
        if (running && failure === undefined && count > 0) send(socket, count);
        else if (underWay === 0 || failure !== undefined) idle?.();
      });
      return socket;
    }),
  );
  return {
    start() {
      running = true;
      for (const socket of sockets) send(socket, depth);
    },
    async stop() {
      running = false;
      if (underWay > 0 && failure === undefined)
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      idle = undefined;
      if (failure !== undefined) throw failure;
    },
    answered: () => answered,
    end: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
