import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { type Placement, parsePlacement, type Selection } from '../../../src/core/node-selector/index.ts';

export const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
export const HOSTNAME = 'kubernetes.io/hostname';

/** A requirement as written in a manifest. */
export function expression(key: string, operator: string, ...values: Json[]): JsonObject {
  return values.length === 0 ? { key, operator } : { key, operator, values };
}

/** A term of label requirements. */
export function term(...matchExpressions: JsonObject[]): JsonObject {
  return { matchExpressions };
}

/** A podPolicy that requires one of these terms. */
export function requiring(...nodeSelectorTerms: Json[]): JsonObject {
  return { affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } } };
}

/** The placement of a podPolicy at `spec.chunk.podPolicy`. */
export function place(podPolicy: Json | undefined): Placement {
  return parsePlacement(podPolicy, ['spec', 'chunk', 'podPolicy']);
}

/** The selection of a podPolicy that requires something. */
export function select(podPolicy: Json): Selection {
  const { selection } = place(podPolicy);
  if (selection === undefined) throw new Error('nothing is required');
  return selection;
}

/** The selection of one term. */
export function selectTerm(...expressions: JsonObject[]): Selection {
  return select(requiring(term(...expressions)));
}
