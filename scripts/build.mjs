/** Bundles the command line into one file: dist/cli.js needs Node and nothing beside it. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  // Lines stay apart: a crash must not print the whole bundle as its one source line.
  minifySyntax: true,
  legalComments: 'none',
  banner: { js: '#!/usr/bin/env node' },
  define: { IOMESH_GUARD_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});
chmodSync(join(root, 'dist/cli.js'), 0o755);
