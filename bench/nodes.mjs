/** A configuration that knows many nodes. */
import { writeFileSync } from 'node:fs';

/** Names nodes as bench/corpus.mjs does: ten a pool, as many as asked for. */
export function writeNodes(path, count) {
  const names = Array.from({ length: count }, (_, index) => `worker-${Math.floor(index / 10)}-${index % 10}`);
  const own = ['k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2'];
  writeFileSync(path, `nodes:\n${[...own, ...names].map((name) => `  - ${name}\n`).join('')}`);
}
