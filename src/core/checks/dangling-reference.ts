/** A reference to an object that is not there: what IOM503 and IOM504 both tell. */
import { clusterText } from '../iomesh/cluster.ts';
import type { Resource } from '../base/model.ts';
import type { Violation } from '../rule.ts';
import {
  isIomeshClass,
  parseReference,
  type ReferenceParameter,
  readReference,
  referenceParameters,
} from '../iomesh/storage-class.ts';
import { quoted } from '../base/text.ts';
import type { World } from '../world.ts';
import { RECREATE } from '../iomesh/class-parameters.ts';
import { clusterBehind, guessReference, REFERENCE_KINDS } from '../iomesh/references.ts';

/** What to report of a class whose reference is well-formed but names nothing. */
export function danglingReference(
  subject: Resource,
  world: World,
  name: ReferenceParameter,
): Violation | undefined {
  if (!isIomeshClass(subject) || !referenceParameters(world.config.iomeshVersion).includes(name))
    return undefined;
  const reference = readReference(world, subject, name);
  if (reference.state !== 'present') return undefined;
  const kind = REFERENCE_KINDS[name];
  if (world.presence(kind, reference.id.namespace, reference.id.name) !== 'no') return undefined;
  const path = ['parameters', name];
  const meant = guessReference(world, name, reference.text);
  const violation = {
    path,
    message: `${name} names ${quoted(reference.text)}, but there is no such ${kind}`,
  };
  if (meant === undefined)
    return { ...violation, help: `create the ${kind}, or name one that exists; ${RECREATE}` };
  return {
    ...violation,
    help: `did you mean ${quoted(meant)}? ${RECREATE}`,
    fix: contradicts(subject, world, name, meant)
      ? {
          safety: 'shown',
          description: `write ${quoted(meant)}, and let the other reference mean the same cluster`,
        }
      : {
          safety: 'unsafe',
          description: `write ${quoted(meant)}`,
          edits: [{ op: 'replace', path, value: meant }],
        },
  };
}

/** True where a proposal would lead to another cluster than the class's other reference does. */
function contradicts(subject: Resource, world: World, name: ReferenceParameter, meant: string): boolean {
  const other = readReference(
    world,
    subject,
    name === 'iomeshCluster' ? 'clusterConnection' : 'iomeshCluster',
  );
  if (other.state !== 'present') return false;
  const [connection, cluster] =
    name === 'iomeshCluster' ? [other.id, meant] : [parseReference(meant), clusterText(other.id)];
  const behind = connection === undefined ? undefined : clusterBehind(world, connection);
  return behind !== undefined && behind !== cluster;
}
