/**
 * Runs a bundle once and keeps what V8 compiled: node code-cache.mjs BUNDLE CACHE [ARGUMENT…]. A process of
 * its own, because the bundle takes its arguments from `process.argv` and ends the process.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

const [node, , bundle, cache, ...args] = process.argv;
const script = new Script(Module.wrap(readFileSync(bundle, 'latin1')), { filename: bundle });
process.argv = [node, bundle, ...args];
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
process.on('exit', () => {
  writeFileSync(cache, script.createCachedData());
  process.exitCode = 0;
});
