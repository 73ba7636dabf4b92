import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { LabError } from '../common/errors.ts';

/** What is done to one of a link's streams, as Toxiproxy takes it: https://github.com/Shopify/toxiproxy#toxics */
export interface Toxic {
  name: string;
  type: 'bandwidth' | 'latency' | 'limit_data' | 'reset_peer' | 'slicer' | 'slow_close' | 'timeout';
  /** `upstream` carries requests, `downstream` replies. */
  stream: 'upstream' | 'downstream';
  /** The share of connections it is in force on, 0 to 1. */
  toxicity: number;
  attributes: Readonly<Record<string, number>>;
}

/**
 * The few calls of Toxiproxy's HTTP API that a mesh makes, over connections that stay open: a partition is
 * dozens of calls, and has to stand within milliseconds. https://github.com/Shopify/toxiproxy#http-api
 */
export class ToxiproxyApi {
  readonly #host: string;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  /** The version, as Toxiproxy writes it. An answer shows that host and process are alive. */
  version(): Promise<string> {
    return this.#call('GET', '/version');
  }

  /** Adds a toxic to a proxy; it holds for its open connections too. */
  async addToxic(proxy: string, toxic: Toxic): Promise<void> {
    await this.#call('POST', `/proxies/${proxy}/toxics`, JSON.stringify(toxic));
  }

  async removeToxic(proxy: string, toxicName: string): Promise<void> {
    await this.#call('DELETE', `/proxies/${proxy}/toxics/${toxicName}`);
  }

  /** LabError with Toxiproxy's own words when it refuses; the network's error when it is not there. */
  #call(method: string, path: string, body = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const options = { host: this.#host, port: this.#port, method, path, headers, agent: this.#agent };
      const call = request(options, (response) => {
        text(response).then((answer) => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) return resolve(answer);
          const what = `${method} ${path} on ${this.#host}`;
          reject(new LabError(`Toxiproxy refused ${what} with ${status}: ${answer.trim()}`));
        }, reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}
