/** Writes docs/cli.md: every command and flag, from the tables that `--help` is printed from. */
import './check-node.cjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** Leaves out the code that a verb loads when it runs: the page needs the tables only. */
const tablesOnly = {
  name: 'tables-only',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/commands/reference.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
  plugins: [tablesOnly],
  logLevel: 'warning',
});
const { referencePage } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
writeFileSync(join(root, 'docs/cli.md'), referencePage());
