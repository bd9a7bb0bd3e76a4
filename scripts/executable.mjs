/**
 * Writes one executable that needs no Node: a copy of a `node` with the whole command in it
 * (https://nodejs.org/api/single-executable-applications.html).
 *
 *   node scripts/executable.mjs [--node FILE] [--output FILE]
 *
 * --node names a `node` of the same release as this one, for example of linux-arm64; by default it is this one.
 * postject, which puts the command in, is fetched with npx.
 */
import './check-node.cjs';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const { values } = parseArgs({ options: { node: { type: 'string' }, output: { type: 'string' } } });
const output = resolve(values.output ?? 'iomesh-guard');
const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-executable-'));

try {
  const main = join(work, 'main.js');
  await build({ ...bundleOptions, entryPoints: ['src/cli.ts'], outfile: main });
  const worker = join(work, 'standing-worker.js');
  await build({ ...bundleOptions, entryPoints: ['src/standing/worker.ts'], outfile: worker });
  const blob = join(work, 'main.blob');
  const config = join(work, 'sea.json');
  writeFileSync(
    config,
    JSON.stringify({
      main,
      output: blob,
      // serve starts it as a thread, which needs code of its own.
      assets: { 'standing-worker.js': worker },
      disableExperimentalSEAWarning: true,
      // It suits only the executable that wrote it.
      useCodeCache: values.node === undefined,
    }),
  );
  run(process.execPath, ['--experimental-sea-config', config]);
  copyFileSync(values.node ?? process.execPath, output);
  chmodSync(output, 0o755);
  const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  run('npx', ['--yes', 'postject@1.0.0-alpha.6', output, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stdout}${stderr}`);
}
