import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * The client library does not say that its modules do nothing when they are loaded. Without that, the bundle has its
 * classes for 700 kinds, of which nothing uses one: objects are JSON.
 * https://esbuild.github.io/plugins/#on-resolve-results (sideEffects)
 */
const withoutUnusedModels = {
  name: 'without-unused-models',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\.|^@kubernetes\/client-node$/ }, async ({ path, pluginData, ...from }) => {
      const isOfLibrary = !path.startsWith('.') || /client-node[/\\]dist/.test(from.resolveDir);
      if (!isOfLibrary || pluginData?.isResolved) return undefined;
      const { importer, kind, namespace, resolveDir } = from;
      const options = { importer, kind, namespace, resolveDir, pluginData: { isResolved: true } };
      return { ...(await resolve(path, options)), sideEffects: false };
    });
  },
};

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
  plugins: [withoutUnusedModels],
  logLevel: 'warning',
};
