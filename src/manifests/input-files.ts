import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, normalize, resolve, sep } from 'node:path';
import { describeError, errorCode } from '../system-error.ts';

/** A file to read. `name` is printed to the user. */
export interface InputFile {
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
}

/** The files to read. */
export interface InputFiles {
  readonly files: readonly InputFile[];
  /** Paths that cannot be read. Each makes the run fail. */
  readonly problems: readonly string[];
  /** Paths that were skipped on purpose. */
  readonly notes: readonly string[];
  /** The directories that were named, and those of the named files. A link in one may lead out of it. */
  readonly roots: readonly string[];
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
const SKIPPED = new Set(['.git', 'node_modules']);
const MAGIC = /[*?[\]{}!]/;

/**
 * Finds the manifest files that command-line arguments name: files, directories with their
 * subdirectories (`*.yaml`, `*.yml`, `*.json`), glob patterns, `-` for standard input. Each file once, in
 * order of name. Symbolic links are followed; a directory reached twice is read once.
 */
export async function findInputFiles(args: readonly string[], cwd: string): Promise<InputFiles> {
  const search = new FileSearch(cwd);
  for (const arg of args) {
    if (arg === '-') search.addStdin();
    else if (arg === '') search.problems.push('a path is empty');
    else await search.addArgument(arg);
  }
  return search.result();
}

class FileSearch {
  readonly problems: string[] = [];
  readonly #notes = new Set<string>();
  readonly #files = new Map<string, InputFile>();
  readonly #directories = new Set<string>();
  readonly #roots = new Set<string>();
  readonly #cwd: string;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  addStdin(): void {
    this.#files.set('-', { name: '<stdin>', path: undefined });
  }

  async addArgument(arg: string): Promise<void> {
    const path = resolve(this.#cwd, arg);
    let stat: Stats;
    try {
      stat = statSync(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && MAGIC.test(arg)) return this.#glob(arg);
      this.problems.push(`cannot read ${arg}: ${describeError(error)}`);
      return;
    }
    const name = displayPath(arg);
    this.#roots.add(stat.isDirectory() ? path : dirname(path));
    if (!stat.isDirectory()) return this.#add(path, name);
    const [before, read] = [this.#files.size, this.#directories.size];
    const problems = this.problems.length;
    this.#directory(path, name);
    // A directory that another argument leads to was read then.
    const isNew = this.#directories.size > read;
    if (isNew && this.#files.size === before && this.problems.length === problems)
      this.problems.push(`no *.yaml, *.yml or *.json file in ${arg}`);
  }

  result(): InputFiles {
    const files = [...this.#files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { files, problems: this.problems, notes: [...this.#notes], roots: [...this.#roots] };
  }

  async #glob(pattern: string): Promise<void> {
    const { glob } = await import('tinyglobby');
    const found = await glob(pattern.replaceAll('\\', '/'), {
      cwd: this.#cwd,
      dot: false,
      expandDirectories: false,
      ignore: ['**/node_modules/**', '**/.git/**'],
    });
    if (found.length === 0) this.problems.push(`no file matches ${pattern}`);
    const parts = pattern.split('/');
    const fixed = parts.slice(
      0,
      parts.findIndex((part) => MAGIC.test(part)),
    );
    this.#roots.add(resolve(this.#cwd, pattern.startsWith('/') ? '/' : '', ...fixed));
    for (const name of found) this.#add(resolve(this.#cwd, name), name);
  }

  #directory(path: string, name: string): void {
    let entries: Dirent[];
    try {
      const real = realpathSync(path);
      if (this.#directories.has(real)) return;
      this.#directories.add(real);
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      this.problems.push(`cannot read ${name}: ${describeError(error)}`);
      return;
    }
    for (const entry of entries) {
      const child = join(path, entry.name);
      const childName = name === '.' ? entry.name : `${name.replace(/\/$/, '')}/${entry.name}`;
      if (entry.isDirectory()) {
        if (SKIPPED.has(entry.name)) this.#notes.add(`skipped ${childName}`);
        else this.#directory(child, childName);
      } else if (entry.isSymbolicLink()) {
        this.#link(child, childName);
      } else if (MANIFEST.test(entry.name)) {
        if (entry.isFile()) this.#add(child, childName);
        else this.#notes.add(`skipped ${childName}: not a regular file`);
      }
    }
  }

  #link(path: string, name: string): void {
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) this.#directory(path, name);
      else if (MANIFEST.test(path) && stat.isFile()) this.#add(path, name);
    } catch (error) {
      if (MANIFEST.test(path) || errorCode(error) === 'ELOOP')
        this.problems.push(`cannot read ${name}: ${describeError(error)}`);
    }
  }

  #add(path: string, name: string): void {
    if (!this.#files.has(path)) this.#files.set(path, { name, path });
  }
}

/** The path that the user named, without `./` and double slashes. */
function displayPath(arg: string): string {
  const name = normalize(arg).split(sep).join('/');
  return name.length > 1 ? name.replace(/\/$/, '') : name;
}
