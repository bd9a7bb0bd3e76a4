import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects the garbage of this thread: of the whole heap, or only of the young generation. */
export const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;
