/**
 * Bundles the command line into dist/, which needs Node and nothing beside it: cli.js starts main.js, which
 * is everything but the verbs that stand on heavy libraries; those are bundles of their own, so that the
 * linter does not pay for them.
 *
 *   node scripts/build.mjs [--lint] [METAFILE]
 *
 * --lint leaves out what needs a cluster, and its packages: see lint-packages.mjs.
 * METAFILE is where to write what esbuild says about the bundles, for the SBOM.
 */
import './check-node.cjs';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';
import { writeLicenses } from './licenses.mjs';

const {
  values: { lint: isLintOnly },
  positionals: [metafile],
} = parseArgs({ options: { lint: { type: 'boolean' } }, allowPositionals: true });
const root = join(import.meta.dirname, '..');
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Leaves the verbs that stand on heavy libraries to bundles of their own. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    for (const [filter, path] of [
      [/\/serve\/run\.ts$/, './serve.js'],
      [/\/watch-findings\.ts$/, './audit-watch.js'],
      [/\/client\/connect\.ts$/, './kubernetes.js'],
      [/\/map\/html\.ts$/, './map-html.js'],
      [/\/map\/svg\.ts$/, './map-svg.js'],
      [/\/to-yaml\.ts$/, './yaml.js'],
      [/\/rule-pages\.js$/, './rule-pages.js'],
    ])
      onResolve({ filter }, ({ kind }) => (kind === 'entry-point' ? undefined : { path, external: true }));
  },
};

/** The bundles that are needed only with a cluster. */
const NEED_CLUSTER = ['serve.js', 'standing-worker.js', 'audit-watch.js', 'kubernetes.js'];

/** The wrapper of CommonJS: the loader runs main.js as a script. */
const WRAPPER = ['(function (exports, require, module, __filename, __dirname) {', '})'];

const common = { ...bundleOptions, metafile: true };

const bundles = [];
for (const [entry, outfile] of [
  ['src/cli.ts', 'main.js'],
  ['src/commands/serve/run.ts', 'serve.js'],
  ['src/standing/worker.ts', 'standing-worker.js'],
  ['src/commands/audit/watch-findings.ts', 'audit-watch.js'],
  ['src/cluster/client/connect.ts', 'kubernetes.js'],
  ['src/report/map/html.ts', 'map-html.js'],
  ['src/report/map/svg.ts', 'map-svg.js'],
  ['src/commands/new-pool/to-yaml.ts', 'yaml.js'],
  ['src/report/rule-pages.js', 'rule-pages.js'],
]) {
  if (isLintOnly && NEED_CLUSTER.includes(outfile)) continue;
  const { metafile: about } = await build({
    ...common,
    entryPoints: [entry],
    outfile: `dist/${outfile}`,
    plugins: [apart, ...common.plugins],
    ...(outfile === 'main.js' && { banner: { js: WRAPPER[0] }, footer: { js: WRAPPER[1] } }),
  });
  bundles.push(about);
}
const main = readFileSync(join(root, 'dist/main.js'));
const stray = /[^\0-\x7f]/.exec(main.toString());
// esbuild escapes strings, but not the literals of regular expressions.
if (stray !== null)
  throw new Error(`dist/main.js is read as ASCII but holds ${stray[0]}; write it as an escape`);
await build({
  ...common,
  // Any Node can read it: one that is too old gets a message.
  target: 'node6',
  banner: { js: '#!/usr/bin/env node' },
  define: {
    NODE_RANGE: JSON.stringify(engines.node),
    MAIN_HASH: JSON.stringify(createHash('sha256').update(main).digest('hex').slice(0, 16)),
  },
  entryPoints: ['src/loader.ts'],
  outfile: 'dist/cli.js',
});
chmodSync(join(root, 'dist/cli.js'), 0o755);
writeLicenses(root, bundles, join(root, 'dist/THIRD_PARTY_LICENSES.txt'));

if (metafile !== undefined) {
  const all = (part) => Object.assign({}, ...bundles.map((each) => each[part]));
  mkdirSync(dirname(metafile), { recursive: true });
  writeFileSync(metafile, JSON.stringify({ inputs: all('inputs'), outputs: all('outputs') }));
}
