/**
 * The ConfigMaps that can matter to a review. Other applications store any number of any size, and only those that a
 * StorageClass names, or that are in the namespace of a cluster, lead to a volume.
 */
export interface ReadScope {
  readonly namespaces: ReadonlySet<string>;
  /** `namespace/name` of each object that is named, also in another namespace. */
  readonly names: ReadonlySet<string>;
}

/** True if an object `namespace/name` is in a scope. */
export function isInScope({ namespaces, names }: ReadScope, key: string): boolean {
  return names.has(key) || namespaces.has(namespaceOfKey(key));
}

/** The names of a scope that are outside its namespaces. */
export function namesOutside({ namespaces, names }: ReadScope): readonly string[] {
  return [...names].filter((key) => !namespaces.has(namespaceOfKey(key)));
}

/** What a scope has more than another one; undefined if nothing. */
export function scopeBeyond(scope: ReadScope, known: ReadScope): ReadScope | undefined {
  const namespaces = new Set([...scope.namespaces].filter((each) => !known.namespaces.has(each)));
  const names = new Set([...scope.names].filter((key) => !isInScope(known, key)));
  return namespaces.size + names.size === 0 ? undefined : { namespaces, names };
}

/** True if a list of all objects costs less than a call for each namespace and name. Taken as 20 objects of a list each. */
export function isListedWhole(scope: ReadScope, objects: number): boolean {
  return objects <= 20 * (scope.namespaces.size + namesOutside(scope).length);
}

function namespaceOfKey(key: string): string {
  return key.slice(0, Math.max(key.indexOf('/'), 0));
}
