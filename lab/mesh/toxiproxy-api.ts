import { Toxiproxy, Proxy as ToxiproxyProxy, Toxic as ToxiproxyToxic } from 'toxiproxy-node-client';
import { KeptHttp } from './kept-http.ts';

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

/** What a mesh asks of one Toxiproxy. https://github.com/Shopify/toxiproxy#http-api */
export class ToxiproxyApi {
  readonly #client: Toxiproxy;

  constructor(host: string, port: number) {
    this.#client = new Toxiproxy(`http://${host}:${port}`);
    // The client's transport is a class with private members, so nothing but itself has its type.
    this.#client.api = new KeptHttp() as unknown as Toxiproxy['api'];
  }

  /** The version, as Toxiproxy writes it. An answer shows that host and process are alive. */
  version(): Promise<string> {
    return this.#client.getVersion();
  }

  /** Adds a toxic to a proxy; it holds for its open connections too. */
  async addToxic(proxy: string, toxic: Toxic): Promise<void> {
    await this.#proxy(proxy).addToxic(toxic);
  }

  async removeToxic(proxy: string, toxic: Toxic): Promise<void> {
    await new ToxiproxyToxic(this.#client.api, this.#proxy(proxy).getPath(), toxic).remove();
  }

  /** A proxy by its name alone: it was made from Toxiproxy's configuration file, and nothing has to be asked first. */
  #proxy(name: string): ToxiproxyProxy {
    return new ToxiproxyProxy(this.#client, { name, listen: '', upstream: '', enabled: true, toxics: [] });
  }
}
