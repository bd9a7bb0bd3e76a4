/** StorageClasses that are meant for IOMesh, but have another provisioner. */
import { type Config, DEFAULT_CONFIG } from '../base/config.ts';
import { asString, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { suggest } from '../base/suggest.ts';
import { placeholderIn } from '../schema/placeholder.ts';
import { parameterNames } from './class-parameters.ts';
import { DEFAULT_CLASS, hasWordIomesh, isIomeshClass, referencesIomesh } from './storage-class.ts';

/** A provisioner that is not the name of the IOMesh CSI driver. */
export interface MisnamedClass {
  readonly provisioner: string;
  /**
   * `foreign`: the class has parameters of IOMesh, but the provisioner does not resemble the name of the driver.
   * The driver may be installed under this name.
   */
  readonly kind: 'placeholder' | 'misspelt' | 'foreign';
}

/** Parameters of IOMesh that drivers of the same vendor have too. They do not identify a class by themselves. */
const OF_VENDOR: readonly string[] = ['replicaFactor', 'thinProvision'];
/** Parts of the name of a CSI driver that do not tell it from others. */
const COMMON_WORDS: ReadonlySet<string> = new Set(['com', 'io', 'org']);

/** The wrong provisioner of a class that is evidently meant for IOMesh; undefined for any other class. */
export function misnamedClass(resource: Resource, config: Config): MisnamedClass | undefined {
  if (resource.kind !== 'StorageClass' || isIomeshClass(resource, config)) return undefined;
  const provisioner = asString(own(resource.json, 'provisioner'));
  if (provisioner === undefined) return undefined;
  const { name } = resource.ref;
  const references = referencesIomesh(resource);
  const parameters = parameterNames(resource).some((each) => OF_VENDOR.includes(each));
  const evident = references || parameters || hasWordIomesh(name);
  if (placeholderIn(provisioner) !== undefined)
    return evident ? { provisioner, kind: 'placeholder' } : undefined;
  // Only the default name is unlike any other driver's.
  const isDefault = config.provisioner === DEFAULT_CONFIG.provisioner;
  if (resembles(provisioner, DEFAULT_CONFIG.provisioner)) return { provisioner, kind: 'misspelt' };
  if (!isDefault && evident && resembles(provisioner, config.provisioner))
    return { provisioner, kind: 'misspelt' };
  return references || (parameters && name === DEFAULT_CLASS) ? { provisioner, kind: 'foreign' } : undefined;
}

/** True for a similar spelling, and for the same words in another order or with other separators. */
function resembles(provisioner: string, name: string): boolean {
  return (
    provisioner === name || suggest(provisioner, [name]) !== undefined || words(provisioner) === words(name)
  );
}

function words(name: string): string {
  const all = name.toLowerCase().split(/[^a-z0-9]+/);
  return all
    .filter((word) => !COMMON_WORDS.has(word))
    .sort()
    .join(' ');
}
