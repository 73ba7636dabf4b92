/** A fault that a menu offers; made from the forms in which `lab fault` is asked (lab/faults/words). */
export interface MenuFault {
  /** As in a scenario: `crashHost`. */
  name: string;
  /** `node`: `target` is the node; `link`: `from` is a host and `to` a node; `system`: nothing is clicked. */
  at: 'node' | 'link' | 'system';
  /** Kinds of node that it is for; empty for all. */
  kinds: readonly string[];
  /** What else it takes. */
  fields: readonly MenuField[];
}

export interface MenuField {
  name: string;
  /** What its value has to be, in words. */
  words: string;
  optional: boolean;
  /** What the field holds at first; empty for nothing. */
  usual: string;
  /** The only values that there are; empty for any. */
  choices: readonly string[];
  /** Its words stand alone, with blanks between them, instead of behind its name. */
  isRest: boolean;
}
