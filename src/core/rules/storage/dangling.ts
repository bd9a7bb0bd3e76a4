/** A reference to an object that is not there: what IOM503 and IOM504 both tell. */
import type { Resource } from '../../model.ts';
import type { Change, Draft } from '../../rule.ts';
import {
  isIomeshClass,
  readReference,
  type ReferenceParameter,
  referenceParameters,
} from '../../storage-class.ts';
import { quoted } from '../../words.ts';
import type { World } from '../../world.ts';
import { RECREATE } from './parameters.ts';
import { guessReference, REFERENCE_KINDS } from './references.ts';

/** What to report of a class whose reference is well-formed but names nothing. */
export function danglingDraft(subject: Resource, world: World, name: ReferenceParameter): Draft | undefined {
  if (!isIomeshClass(subject) || !referenceParameters(world.config.iomeshVersion).includes(name))
    return undefined;
  const reference = readReference(world, subject, name);
  if (reference.state !== 'present') return undefined;
  const kind = REFERENCE_KINDS[name];
  if (world.presence(kind, reference.id.namespace, reference.id.name) !== 'no') return undefined;
  const path = ['parameters', name];
  const meant = guessReference(world, name, reference.text);
  const draft = { path, message: `${name} names ${quoted(reference.text)}, but there is no such ${kind}` };
  if (meant === undefined)
    return { ...draft, help: `create the ${kind}, or name one that exists; ${RECREATE}` };
  return {
    ...draft,
    help: `did you mean ${quoted(meant)}? ${RECREATE}`,
    fix: {
      safety: 'unsafe',
      description: `write ${quoted(meant)}`,
      edits: [{ op: 'replace', path, value: meant }],
    },
  };
}

/** True where a change makes an object of that kind come or go. */
export function comesOrGoes({ before, after }: Change, kind: Resource['kind']): boolean {
  return (before === undefined || after === undefined) && (before ?? after)?.kind === kind;
}
