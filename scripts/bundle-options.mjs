import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** How esbuild bundles the command line for Node. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: engines.node.replace('>=', 'node'),
  // Less to parse at every start; but lines stay short, for a crash prints the line it happened in.
  minify: true,
  lineLimit: 160,
  legalComments: 'none',
  define: {
    IOMESH_GUARD_VERSION: JSON.stringify(version),
    // A library asks where it is to load an optional one; in a bundle there is nothing to find.
    'import.meta.url': JSON.stringify('file:///iomesh-guard/cli.js'),
  },
  // Code that runs with a code cache, or in an executable, can only require.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};
