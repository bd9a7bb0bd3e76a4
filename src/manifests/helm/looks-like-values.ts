const KEY = /^iomesh:[ \t]*(?:#.*)?\r?$/m;
const CHILD = /^[ \t]+(?:chunk|meta|redirector|zookeeper|diskDeploymentMode|edition|platform):/m;

/** True for a text that looks like the values of IOMesh's chart: by its lines alone, so also one that cannot be parsed. */
export function looksLikeValues(text: string): boolean {
  const at = text.search(KEY);
  return at >= 0 && CHILD.test(text.slice(at, at + MAX_LENGTH));
}

/** No more of a file is looked at. */
const MAX_LENGTH = 100_000;
