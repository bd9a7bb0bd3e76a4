/** A configuration that knows many nodes. */
import { writeFileSync } from 'node:fs';

/** Names nodes as bench/corpus.mjs does: ten a pool, as many as asked for. */
export function writeNodes(path, count) {
  const own = ['k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2'];
  // A configuration has 10 000 at most.
  const names = Array.from(
    { length: count - own.length },
    (_, index) => `worker-${Math.floor(index / 10)}-${index % 10}`,
  );
  writeFileSync(path, `nodes:\n${[...own, ...names].map((name) => `  - ${name}\n`).join('')}`);
}
