/** Loads TypeScript that looks for files beside itself, as the end-to-end tests do. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ownFolder } from '../scripts/bundle.mjs';

const root = join(import.meta.dirname, '..');

/** Bundles one TypeScript file, named from the project's root, and imports it; packages stay where they are. */
export async function loadInPlace(entry) {
  // Below node_modules, so that packages are found from there.
  const folder = join(root, 'node_modules/.cache/iomesh-guard');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${process.pid}.mjs`);
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
      plugins: [ownFolder],
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
