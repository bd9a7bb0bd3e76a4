/** Loads TypeScript of this project into a script: Node 20 cannot strip types by itself. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** What asks where it stands gets its own folder, not that of the bundle. */
export const ownFolder = {
  name: 'own-folder',
  setup({ onLoad }) {
    onLoad({ filter: /\.(?:ts|mjs)$/ }, ({ path }) =>
      path.includes('node_modules')
        ? undefined
        : {
            loader: path.endsWith('.ts') ? 'ts' : 'js',
            contents: readFileSync(path, 'utf8').replaceAll(
              'import.meta.dirname',
              JSON.stringify(dirname(path)),
            ),
          },
    );
  },
};

/** Bundles one TypeScript file, named from the project's root, and imports it. */
export async function load(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-'));
  const outfile = join(folder, 'module.mjs');
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      plugins: [ownFolder],
      // CommonJS packages in the bundle ask for Node's own modules by require.
      banner: {
        js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
      },
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
