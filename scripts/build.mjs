/**
 * Bundles the command line: dist/cli.js needs Node and nothing beside it, but for `serve`, whose server
 * lies in dist/serve.js so that the linter does not pay for it.
 */
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
    onResolve({ filter: /\/serve\/run\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './serve.js', external: true },
    );
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
  metafile: true,
  logLevel: 'warning',
};

const cli = await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.js',
  banner: { js: '#!/usr/bin/env node' },
  plugins: [apart],
});
const serve = await build({
  ...common,
  entryPoints: ['src/commands/serve/run.ts'],
  outfile: 'dist/serve.js',
  plugins: [apart],
});
chmodSync(join(root, 'dist/cli.js'), 0o755);
writeLicenses(root, [cli.metafile, serve.metafile], join(root, 'dist/THIRD_PARTY_LICENSES.txt'));
