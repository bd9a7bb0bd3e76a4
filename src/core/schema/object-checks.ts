import { isArray, isObject, type JsonObject, own } from '../base/json.ts';

/** What the apiserver checks between the fields of one object, and JSON Schema cannot say. */
export interface ObjectError {
  /** `required` for a missing key, otherwise `requirement`. */
  readonly keyword: 'required' | 'requirement';
  /** The key, from the object. */
  readonly path: readonly string[];
}

/** The checks, by the `form` of the object. */
export const OBJECT_CHECKS: Readonly<Record<string, (object: JsonObject) => ObjectError | undefined>> = {
  requirement(object) {
    const values = own(object, 'values');
    const hasValues = isArray(values) && values.length > 0;
    const operator = own(object, 'operator');
    const fits =
      operator === 'In' || operator === 'NotIn'
        ? hasValues
        : !hasValues || (operator !== 'Exists' && operator !== 'DoesNotExist');
    return fits ? undefined : { keyword: 'requirement', path: ['values'] };
  },
  // The apiserver drops a source of another kind.
  dataSource(object) {
    const kind = own(object, 'kind') ?? '';
    const group = own(object, 'apiGroup') ?? '';
    const isKept =
      (kind === 'PersistentVolumeClaim' && group === '') ||
      (kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io');
    return isKept && (own(object, 'name') ?? '') === '' ? { keyword: 'required', path: ['name'] } : undefined;
  },
  configMap(object) {
    const [data, binaryData] = [own(object, 'data'), own(object, 'binaryData')];
    if (!isObject(data) || !isObject(binaryData)) return undefined;
    const twice = Object.keys(binaryData).find((key) => own(data, key) !== undefined);
    return twice === undefined ? undefined : { keyword: 'requirement', path: ['binaryData', twice] };
  },
};
