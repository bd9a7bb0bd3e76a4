/** A field path: object keys and list indexes from the root of an object. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * A path as people write it: `spec.chunk.terms[0].values[2]`. A key that is not a plain word is quoted:
 * `parameters["csi.storage.k8s.io/fstype"]`.
 */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_KEY.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** True if `prefix` is `path` or an ancestor of it. */
export function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}

/** True if one path is the other or an ancestor of it. */
export function isRelated(a: Path, b: Path): boolean {
  return a.length <= b.length ? isPrefix(a, b) : isPrefix(b, a);
}

/**
 * The path one step down. V8 leaves 16 places free in a list that was spread into or pushed to, which is more than the
 * path itself, and many are kept with their object; a copy has none.
 */
export function childPath(path: Path, step: string | number): Path {
  return [...path, step].slice();
}

/** The path one step up. The root is its own parent. */
export function parentPath(path: Path): Path {
  return path.slice(0, -1);
}
