import { mutate } from '../core/defaults/mutate.ts';
import type { World } from '../core/world.ts';
import type { Intent } from './admit.ts';
import { type Decision, passed } from './decision.ts';
import { patched } from './response.ts';
import type { AdmissionRequest } from './review.ts';

/** Fills what a person left out, as a patch; a deletion, a scale request and a terminating object stay as they are. */
export function complete(request: AdmissionRequest, intent: Intent, world: World | undefined): Decision {
  if (intent.kind !== 'change' || world === undefined || intent.after === undefined) return passed(request);
  const { patch } = mutate(intent.after, world, intent.before === undefined ? 'CREATE' : 'UPDATE');
  return {
    response: patched(request.uid, patch),
    outcome: patch.length === 0 ? 'allowed' : 'patched',
    denied: [],
    warned: [],
    waived: [],
  };
}
