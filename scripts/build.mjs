/**
 * Bundles the command line into dist/, which needs Node and nothing beside it: cli.js starts main.js, which
 * is everything but the verbs that stand on heavy libraries; those are bundles of their own, so that the
 * linter does not pay for them. main.cache is what this Node compiled of main.js in a typical run.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeLicenses } from './licenses.mjs';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Leaves the verbs that stand on heavy libraries to bundles of their own. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    for (const [filter, path] of [
      [/\/serve\/run\.ts$/, './serve.js'],
      [/\/client\/connect\.ts$/, './kubernetes.js'],
      [/\/map\/html\.ts$/, './map-html.js'],
      [/\/map\/svg\.ts$/, './map-svg.js'],
      [/\/to-yaml\.ts$/, './yaml.js'],
      [/\/rule-pages\.js$/, './rule-pages.js'],
    ])
      onResolve({ filter }, ({ kind }) => (kind === 'entry-point' ? undefined : { path, external: true }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  // Less to parse at every start; but lines stay short, for a crash prints the line it happened in.
  minify: true,
  lineLimit: 160,
  legalComments: 'none',
  define: {
    IOMESH_GUARD_VERSION: JSON.stringify(version),
    // A library asks where it stands to load an optional one; in a bundle there is nothing to find.
    'import.meta.url': JSON.stringify('file:///iomesh-guard/cli.js'),
  },
  // Code that runs with a code cache can only require.
  supported: { 'dynamic-import': false },
  metafile: true,
  logLevel: 'warning',
};

const bundles = [];
for (const [entry, outfile] of [
  ['src/loader.ts', 'cli.js'],
  ['src/cli.ts', 'main.js'],
  ['src/commands/serve/run.ts', 'serve.js'],
  ['src/cluster/client/connect.ts', 'kubernetes.js'],
  ['src/report/map/html.ts', 'map-html.js'],
  ['src/report/map/svg.ts', 'map-svg.js'],
  ['src/commands/new-pool/to-yaml.ts', 'yaml.js'],
  ['src/report/rule-pages.js', 'rule-pages.js'],
]) {
  const banner = outfile === 'cli.js' ? { banner: { js: '#!/usr/bin/env node' } } : {};
  const { metafile } = await build({
    ...common,
    ...banner,
    entryPoints: [entry],
    outfile: `dist/${outfile}`,
    plugins: [apart],
  });
  bundles.push(metafile);
}
chmodSync(join(root, 'dist/cli.js'), 0o755);
const stray = /[^\0-\x7f]/.exec(readFileSync(join(root, 'dist/main.js'), 'utf8'));
// esbuild escapes strings, but not the literals of regular expressions.
if (stray !== null)
  throw new Error(`dist/main.js is read as ASCII but holds ${stray[0]}; write it as an escape`);
const warmUp = ['lint', join(root, 'examples/two-clusters')];
execFileSync(
  process.execPath,
  [
    join(root, 'scripts/code-cache.mjs'),
    join(root, 'dist/main.js'),
    join(root, 'dist/main.cache'),
    ...warmUp,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
writeLicenses(root, bundles, join(root, 'dist/THIRD_PARTY_LICENSES.txt'));
