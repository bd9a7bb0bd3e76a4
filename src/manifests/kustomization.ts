import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asString, isArray, type Json, own } from '../core/base/json.ts';
import { readYaml } from './yaml/read-yaml.ts';

/** The names of a kustomization (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.7.1/api/konfig/general.go). */
export const KUSTOMIZATIONS: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const MAX_BYTES = 1024 * 1024;
/** Lists of files, or of entries with the path of a file, that are parts of objects. */
const PATCH_KEYS = ['patches', 'patchesStrategicMerge', 'patchesJson6902', 'replacements', 'configurations'];

/** The absolute paths of the files that the kustomization of a directory names as patches; none if it cannot be read. */
export function patchFiles(folder: string, name: string): readonly string[] {
  const file = join(folder, name);
  let json: Json;
  try {
    if (statSync(file).size > MAX_BYTES) return [];
    json = readYaml(`${readFileSync(file, 'utf8').replaceAll('\r\n', '\n')}\n`).json;
  } catch {
    return [];
  }
  return PATCH_KEYS.flatMap((key) => {
    const entries = own(json, key);
    return isArray(entries) ? entries.map((entry) => asString(entry) ?? asString(own(entry, 'path'))) : [];
  })
    .filter((path): path is string => path !== undefined && !path.includes('\n'))
    .map((path) => resolve(folder, path));
}
