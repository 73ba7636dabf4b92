/** One way to have a server: it can be brought so, or is not to be had there, with what there is instead. */
export type ServerWay =
  | {
      /** A phrase that names it exactly. */
      how: string;
      /** Makes the server's programs in `into`; `scratch` is removed afterwards. */
      fill(into: string, scratch: string, say: (text: string) => void): Promise<void>;
    }
  | { absent: string };
