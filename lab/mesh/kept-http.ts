import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { LabError } from '../common/errors.ts';

/**
 * The transport under a Toxiproxy client: the four calls of toxiproxy-node-client's own, over connections that
 * stay open. A partition is dozens of calls and has to stand within milliseconds; with fetch they take twice as long.
 */
export class KeptHttp {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  async get<T>(url: string): Promise<{ data: T }> {
    return { data: JSON.parse(await this.#call('GET', url)) as T };
  }

  async post<T>(url: string, body?: unknown): Promise<{ data: T }> {
    return { data: JSON.parse(await this.#call('POST', url, JSON.stringify(body ?? {}))) as T };
  }

  async delete(url: string): Promise<void> {
    await this.#call('DELETE', url);
  }

  getText(url: string): Promise<string> {
    return this.#call('GET', url);
  }

  /** LabError with Toxiproxy's own words when it refuses; the network's error when it is not there. */
  #call(method: string, url: string, body = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const call = request(url, { method, headers, agent: this.#agent }, (response) => {
        text(response).then((answer) => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) return resolve(answer);
          reject(new LabError(`Toxiproxy refused ${method} ${url} with ${status}: ${answer.trim()}`));
        }, reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}
