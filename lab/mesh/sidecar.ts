import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { until } from '../common/until.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import { tailOf } from '../hosts/log-tail.ts';
import type { AddressBook } from './address-book.ts';
import { type Link, linkName, linksOf } from './link.ts';
import { type LinkProxy, linkProxy, proxyName } from './link-proxy.ts';
import { type Toxic, ToxiproxyApi } from './toxiproxy-api.ts';

const API_PORT = 8474;
const FIRST_RELAY_PORT = 20_000;

/**
 * A host's own Toxiproxy with a proxy for each of the host's links, and beside each of these a relay on the
 * host's outer address that leads into the link's own listener. Through the relays the lab sends probes over
 * exactly the link that processes on the host use, toxics and dropped packets included.
 */
export class Sidecar {
  readonly host: Host;
  readonly #links: readonly Link[];
  readonly #book: AddressBook;
  readonly #binary: string;
  readonly #api: ToxiproxyApi;
  /** Toxics in force, so that they come back with a restarted sidecar. */
  readonly #toxics = new Map<string, { link: Link; toxic: Toxic }>();
  #process: RunningProcess | null = null;

  constructor(host: Host, book: AddressBook, binary: string) {
    this.host = host;
    this.#book = book;
    this.#binary = binary;
    this.#links = linksOf(host.name, book);
    this.#api = new ToxiproxyApi(host.address, API_PORT);
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  get process(): RunningProcess | null {
    return this.#process;
  }

  /** Where Toxiproxy takes orders, by HTTP: no link leads there. */
  get api(): { host: string; port: number } {
    return { host: this.host.address, port: API_PORT };
  }

  /** The address over which the lab probes a link of this host. */
  relay(link: Link): { host: string; port: number } {
    const index = this.#links.findIndex((own) => own.node === link.node && own.port === link.port);
    if (index < 0) throw new RangeError(`${linkName(link)} is not a link of ${this.host.name}`);
    return { host: this.host.address, port: FIRST_RELAY_PORT + index };
  }

  /** Starts Toxiproxy and waits until it answers; the listeners exist by then, since it creates them first. */
  async start(): Promise<void> {
    const file = path.join(this.host.dir, 'toxiproxy.json');
    writeFileSync(file, JSON.stringify(this.#links.flatMap((link) => this.#proxies(link))));
    const process = await this.host.start({
      name: `toxiproxy-${this.host.name}`,
      command: this.#binary,
      args: ['-config', file, '-host', this.host.address, '-port', String(API_PORT)],
      env: { LOG_LEVEL: 'error', GOMAXPROCS: '2' },
    });
    this.#process = process;
    await until(
      () => {
        if (process.exit !== null) {
          throw new LabError(`Toxiproxy on ${this.host.name} ended at once`, {
            details: tailOf(process.log),
          });
        }
        return this.version();
      },
      { what: `Toxiproxy on ${this.host.name}`, withinMs: real(10_000), everyMs: 3 },
    );
    await Promise.all([...this.#toxics.values()].map(({ link, toxic }) => this.#post(link, toxic)));
  }

  /** Asks Toxiproxy for its version: an answer shows that host and process are alive, whatever its links do. */
  version(): Promise<string> {
    return this.#api.version();
  }

  async add(link: Link, toxic: Toxic): Promise<void> {
    this.#toxics.set(`${linkName(link)} ${toxic.name}`, { link, toxic });
    if (this.#isUp()) await this.#post(link, toxic);
  }

  async remove(link: Link, toxic: Toxic): Promise<void> {
    this.#toxics.delete(`${linkName(link)} ${toxic.name}`);
    if (!this.#isUp()) return;
    await this.#api.removeToxic(proxyName(link), toxic);
  }

  #isUp(): boolean {
    return this.#process !== null && this.#process.exit === null;
  }

  async #post(link: Link, toxic: Toxic): Promise<void> {
    await this.#api.addToxic(proxyName(link), toxic);
  }

  #proxies(link: Link): LinkProxy[] {
    const proxy = linkProxy(link, this.#book);
    const { host, port } = this.relay(link);
    const relay = {
      ...proxy,
      name: `relay-${proxy.name}`,
      listen: `${host}:${port}`,
      upstream: proxy.listen,
    };
    return [proxy, relay];
  }
}
