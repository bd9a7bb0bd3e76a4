import { join, resolve } from 'node:path';
import { planPool } from '../../core/new-pool/plan.ts';
import type { Refusal } from '../../core/new-pool/request.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import type { Arguments } from '../command.ts';
import { readExisting } from '../existing-objects.ts';
import { readOneWorld } from '../worlds/one.ts';
import { EXIT, type Io } from '../io.ts';
import { filesOf, type NewFile } from './files.ts';
import { type NewPoolOptions, newPoolOptions } from './options.ts';
import { obstacles, writeAll } from './write.ts';

const READING = { example: 'iomesh-guard new pool NAME --nodes NODE,NODE,NODE', risk: 'claim these nodes' };

/** Plans a pool, and writes or prints its files. Returns the exit code. */
export async function runNew(args: Arguments, io: Io): Promise<number> {
  const options = newPoolOptions(args, io.cwd);
  const { config, paths, values, selection } = await readOneWorld(options, options.from, io);
  const { world, notes } = await readExisting(
    { from: paths, values, selection, cluster: options.cluster },
    config,
    io,
    READING,
  );
  const plan = planPool(world, options.request);
  if (!('objects' in plan)) return refusePool(plan, notes, io);
  const files = await filesOf(plan);
  const { name } = options.request;
  const folder = options.output === undefined ? undefined : resolve(io.cwd, options.output, name);
  const displayFolder = join(options.output ?? '', name);
  if (folder !== undefined) {
    const reasons = obstacles(folder, displayFolder, files);
    const help = 'nothing was written; remove it, or choose another name or --output';
    if (reasons.length > 0) return refusePool(withHelp(reasons, help), notes, io);
  }
  for (const note of [...notes, ...plan.notes]) io.stderr.write(`note: ${sanitize(note)}\n`);
  if (folder === undefined || options.dryRun) {
    io.stdout.write(toStream(files, displayFolder));
    if (options.dryRun) io.stderr.write('dry run: nothing was written\n');
    return EXIT.clean;
  }
  try {
    writeAll(folder, files);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refusePool(
      [{ message: `cannot write ${displayFolder}: ${reason}`, help: 'no file was left behind' }],
      [],
      io,
    );
  }
  for (const file of files) io.stdout.write(`${sanitize(join(displayFolder, file.name))}\n`);
  io.stderr.write(`${nextStep(options, displayFolder)}\n`);
  return EXIT.clean;
}

function withHelp(reasons: readonly string[], help: string): Refusal[] {
  return reasons.map((message, index) => (index === reasons.length - 1 ? { message, help } : { message }));
}

function refusePool(refusals: readonly Refusal[], notes: readonly string[], io: Io): number {
  for (const note of notes) io.stderr.write(`note: ${sanitize(note)}\n`);
  for (const { message, help } of refusals) {
    io.stderr.write(`error: ${sanitize(message)}\n`);
    if (help !== undefined) io.stderr.write(`  ${sanitize(help)}\n`);
  }
  return EXIT.usage;
}

/** All files as one stream of YAML documents for kubectl, each with its name in a comment. */
function toStream(files: readonly NewFile[], folder: string): string {
  return files.map(({ name, text }) => `---\n# ${sanitize(join(folder, name))}\n${text}`).join('');
}

function nextStep({ cluster }: NewPoolOptions, folder: string): string {
  const context = cluster?.context === undefined ? '' : ` --context ${cluster.context}`;
  return `next: kubectl${sanitize(context)} apply -f ${sanitize(folder)}`;
}
