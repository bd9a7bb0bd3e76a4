import type { Scalar } from './scalar.ts';

/** The kinds of event. */
export const EVENT = {
  streamEnd: 0,
  documentStart: 1,
  documentEnd: 2,
  alias: 3,
  scalar: 4,
  sequenceStart: 5,
  sequenceEnd: 6,
  mappingStart: 7,
  mappingEnd: 8,
} as const;

export type EventType = (typeof EVENT)[keyof typeof EVENT];

/** The events of one document: of YAML by Parser, of JSON by JsonEvents. `next` overwrites the fields. */
export interface DocumentEvents {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  /** The text of a scalar, the name of an alias. */
  readonly value: string;
  readonly anchor: string;
  /** The full tag; empty without one. */
  readonly tag: string;
  /** True for a scalar whose type is decided by its text. */
  readonly implicit: boolean;
  /** The value of a JSON scalar, which has no tag and needs no rules. */
  readonly literal?: Scalar | undefined;
  next(): number;
}
