/** One measured figure. The table's median, minimum and maximum come from its samples. */
export interface Figure {
  /** What was measured, as the table shows it. */
  name: string;
  unit: string;
  /** One number a run, in the order in which they were taken. */
  samples: number[];
  /** What the median has to keep to. */
  bar: { min?: number; max?: number };
}
