import { sanitize } from '../core/base/sanitize.ts';
import { type FileSelection, findInputFiles } from '../manifests/input-files.ts';
import { EXIT, type Io } from './io.ts';

/** Prints the names of the files that would be read, one a line. Returns the exit code. */
export async function showFiles(paths: readonly string[], selection: FileSelection, io: Io): Promise<number> {
  const { files, problems, notes } = await findInputFiles(paths, io.cwd, selection);
  io.stdout.write(files.map(({ name }) => `${sanitize(name)}\n`).join(''));
  for (const note of notes) io.stderr.write(`note: ${sanitize(note)}\n`);
  for (const problem of problems) io.stderr.write(`error: ${sanitize(problem)}\n`);
  return problems.length > 0 ? EXIT.usage : EXIT.clean;
}
