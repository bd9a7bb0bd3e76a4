import { type Change, changedObject } from '../base/model.ts';
import { addedOwners } from './owner-reference.ts';
import { parameter } from './storage-class.ts';

/** `namespace/name` of the ConfigMaps that the rules look up by name for a change: those of a class, and owners. */
export function usedConfigMaps(change: Change): readonly string[] {
  const names = [change.before, change.after].flatMap((each) => {
    const name = each?.kind === 'StorageClass' ? parameter(each, 'clusterConnection') : undefined;
    return name === undefined ? [] : [name];
  });
  const { namespace } = changedObject(change)?.ref ?? {};
  for (const { kind, name } of addedOwners(change))
    if (kind === 'ConfigMap' && namespace !== undefined) names.push(`${namespace}/${name}`);
  return names;
}
