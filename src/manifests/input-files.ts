import {
  type Dirent,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { didYouMean, differOnlyInSpelling } from '../core/base/suggest.ts';
import { describeError, errorCode } from '../system-error.ts';
import { type ExcludeList, gitRoot, IgnoreReader, isIgnored, type PathMatcher } from './ignored-paths.ts';
import { KUSTOMIZATIONS, patchFiles } from './kustomization.ts';
import { namesIomesh } from './signs.ts';

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

/** What is not read of the directories and patterns that are named. */
export interface FileSelection {
  readonly exclude: readonly ExcludeList[];
  /** True to read hidden directories and what git ignores. */
  readonly noIgnore: boolean;
  /** The configuration of the run, which is no manifest; undefined if any file may be one. */
  readonly config?: { readonly path: string | undefined; readonly isNamed: boolean } | undefined;
  /** True if a configuration below a directory that is named makes that directory a world of its own. */
  readonly hasWorlds?: boolean | undefined;
  /** The files to read of all that are found; default all. */
  readonly only?: ((path: string) => boolean) | undefined;
  /** The file that standard input is the text of, also for its name; undefined if it is none. */
  readonly stdinFile?: string | undefined;
  /** True if a directory without a manifest gets a note, not a problem. */
  readonly allowEmpty?: boolean | undefined;
}

const EVERYTHING: FileSelection = { exclude: [], noIgnore: true };

const MANIFEST = /\.(?:ya?ml|json)$/i;
/** Charts have templates of other names, which can hold objects too. */
const TEMPLATE = /\.(?:ya?ml|json|tpl|txt)$/i;
const CONFIG = /^iomesh-guard\.ya?ml$/;
const NEVER_READ = new Set(['.git', 'node_modules']);
const MAGIC = /[*?[\]{}!]/;
const MAX_TEMPLATE = 1024 * 1024;
/** No more templates of a chart are searched for a sign of IOMesh. */
const MAX_TEMPLATES = 200;

/**
 * Finds the manifest files that command-line arguments name: files, directories with their subdirectories
 * (`*.yaml`, `*.yml`, `*.json`), glob patterns, `-` for standard input; `!pattern` excludes. Each file once,
 * in order of name. Symbolic links are followed; a directory reached twice is read once. Below a directory
 * that is named, these are not read: hidden directories, what git ignores, the templates of Helm charts,
 * and the patches of kustomizations, which are no whole objects.
 */
export async function findInputFiles(
  args: readonly string[],
  cwd: string,
  selection: FileSelection = EVERYTHING,
): Promise<InputFiles> {
  const search = await FileSearch.create(args, cwd, selection);
  for (const arg of args) {
    if (arg === '-') search.addStdin();
    else if (arg === '') search.problems.push('a path is empty');
    else if (!isExclusion(arg, cwd)) await search.addArgument(arg);
  }
  return search.result();
}

/** True for `!pattern`, unless there is a file of that name. */
function isExclusion(arg: string, cwd: string): boolean {
  return /^!./.test(arg) && lstatSync(resolve(cwd, arg), { throwIfNoEntry: false }) === undefined;
}

class FileSearch {
  readonly problems: string[] = [];
  readonly #notes = new Set<string>();
  readonly #files = new Map<string, InputFile>();
  /** The files that were named, which are read in any case. */
  readonly #named = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #roots = new Set<string>();
  /** The directory of a kustomization, by the path of its patch. */
  readonly #patches = new Map<string, string>();
  /** The directories whose kustomization was read. */
  readonly #kustomized = new Set<string>();
  readonly #cwd: string;
  readonly #selection: FileSelection;
  readonly #reader: IgnoreReader | undefined;
  readonly #excludes: readonly PathMatcher[];
  /** How many files and directories were found, also those found before, and how many were excluded. */
  #found = 0;
  #excluded = 0;

  private constructor(cwd: string, selection: FileSelection, reader: IgnoreReader | undefined) {
    this.#cwd = cwd;
    this.#selection = selection;
    this.#reader = reader;
    this.#excludes = selection.exclude.flatMap((each) => reader?.matcher(each) ?? []);
  }

  static async create(args: readonly string[], cwd: string, given: FileSelection): Promise<FileSearch> {
    const excluded = args.filter((arg) => isExclusion(arg, cwd)).map((arg) => `/${arg.slice(1)}`);
    const exclude =
      excluded.length === 0 ? given.exclude : [...given.exclude, { folder: cwd, patterns: excluded }];
    // A named file is read in any case. A named path can be in a repository outside the working directory.
    const readsGit = () =>
      !given.noIgnore &&
      args.some((each) => MAGIC.test(each) || leadsToDirectory(resolve(cwd, each))) &&
      ['.', ...args].some((each) => gitRoot(resolve(cwd, each)) !== undefined);
    const reader = exclude.length > 0 || readsGit() ? await IgnoreReader.load() : undefined;
    return new FileSearch(cwd, { ...given, exclude }, reader);
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
      const meant = errorCode(error) === 'ENOENT' ? similarPath(arg, path) : '';
      this.problems.push(`cannot read ${arg}: ${describeError(error)}${meant}`);
      return;
    }
    const name = displayPath(arg);
    this.#roots.add(stat.isDirectory() ? path : dirname(path));
    if (!stat.isDirectory()) {
      this.#named.add(path);
      return this.#add(path, name);
    }
    const [found, excluded] = [this.#found, this.#excluded];
    const problems = this.problems.length;
    // A directory that git ignores was named on purpose: what ignores it does not count in it.
    const above = this.#above(path);
    this.#directory(path, name, isIgnored(above, path, true) ? [] : above);
    if (this.#found === found && this.problems.length === problems)
      this.#addEmpty(
        this.#excluded > excluded
          ? `every *.yaml, *.yml and *.json file in ${arg} is excluded: see --exclude, exclude: in the configuration, and .gitignore`
          : `no *.yaml, *.yml or *.json file in ${arg}`,
      );
  }

  #addEmpty(text: string): void {
    if (this.#selection.allowEmpty === true) this.#notes.add(text);
    else this.problems.push(text);
  }

  result(): InputFiles {
    for (const [path, folder] of this.#patches) {
      const file = this.#files.get(path);
      if (file === undefined || this.#named.has(path)) continue;
      this.#files.delete(path);
      if (!showsIomesh(path)) continue;
      const where = relative(this.#cwd, folder).split(sep).join('/') || '.';
      this.#notes.add(
        `skipped ${file.name}: a patch is no whole object; \`iomesh-guard lint --kustomize ${where}\` checks the result`,
      );
    }
    const files = [...this.#files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { files, problems: this.problems, notes: [...this.#notes], roots: [...this.#roots] };
  }

  async #glob(pattern: string): Promise<void> {
    const { glob } = await import('tinyglobby');
    const matches = await glob(pattern.replaceAll('\\', '/'), {
      cwd: this.#cwd,
      dot: false,
      expandDirectories: false,
      onlyFiles: false,
      ignore: ['**/node_modules/**', '**/.git/**'],
    });
    const parts = pattern.split('/');
    const magic = parts.findIndex((part) => MAGIC.test(part));
    this.#roots.add(resolve(this.#cwd, pattern.startsWith('/') ? '/' : '', ...parts.slice(0, magic)));
    if (matches.length === 0) {
      this.problems.push(`no file matches ${pattern}`);
      return;
    }
    const [found, excluded] = [this.#found, this.#excluded];
    const problems = this.problems.length;
    for (const match of matches.sort()) {
      const name = match.replace(/\/$/, '');
      const path = resolve(this.#cwd, name);
      const matchers = this.#above(path);
      const isDirectory = leadsToDirectory(path);
      const chart = this.#chartAbove(name);
      this.#findPatches(dirname(path));
      if (chart !== undefined) this.#chart(resolve(this.#cwd, chart, 'templates'), chart);
      else if (this.#isSkipped(path, isDirectory, matchers)) this.#excluded += 1;
      else if (isDirectory) this.#directory(path, name, matchers);
      else if (MANIFEST.test(name)) this.#add(path, name);
    }
    if (this.#found === found && this.problems.length === problems)
      this.#addEmpty(
        this.#excluded > excluded
          ? `everything that matches ${pattern} is excluded: see --exclude, exclude: in the configuration, and .gitignore`
          : `no *.yaml, *.yml or *.json file matches ${pattern}`,
      );
  }

  /** The directory of the chart of whose templates a path is one. */
  #chartAbove(name: string): string | undefined {
    const parts = name.split('/');
    for (
      let depth = parts.lastIndexOf('templates');
      depth >= 0;
      depth = parts.lastIndexOf('templates', depth - 1)
    ) {
      const chart = parts.slice(0, depth).join('/') || '.';
      if (existsSync(resolve(this.#cwd, chart, 'Chart.yaml'))) return chart;
      if (depth === 0) break;
    }
    return undefined;
  }

  /** Notes the patches of the kustomization of a directory. */
  #findPatches(folder: string): void {
    if (this.#kustomized.has(folder)) return;
    this.#kustomized.add(folder);
    for (const name of KUSTOMIZATIONS)
      for (const patch of patchFiles(folder, name)) this.#patches.set(patch, folder);
  }

  /** What git ignores of a path, by the files of the directories above it. */
  #above(path: string): readonly PathMatcher[] {
    if (this.#selection.noIgnore || this.#reader === undefined) return [];
    const root = gitRoot(path);
    return root === undefined ? [] : this.#reader.above(path, root);
  }

  #isSkipped(path: string, isDirectory: boolean, matchers: readonly PathMatcher[]): boolean {
    return isIgnored(matchers, path, isDirectory) || isIgnored(this.#excludes, path, isDirectory);
  }

  #directory(path: string, name: string, above: readonly PathMatcher[]): void {
    let entries: Dirent[];
    try {
      const real = realpathSync(path);
      if (this.#directories.has(real)) {
        this.#found += 1;
        return;
      }
      this.#directories.add(real);
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      this.problems.push(`cannot read ${name}: ${describeError(error)}`);
      return;
    }
    const names = new Set(entries.map((entry) => entry.name));
    const inGit = !this.#selection.noIgnore && names.has('.gitignore') && gitRoot(path) !== undefined;
    const own = inGit ? this.#reader?.gitignore(path) : undefined;
    const matchers = own === undefined ? above : [...above, own];
    if (KUSTOMIZATIONS.some((each) => names.has(each))) this.#findPatches(path);
    for (const entry of entries) {
      const child = join(path, entry.name);
      const childName = name === '.' ? entry.name : `${name.replace(/\/$/, '')}/${entry.name}`;
      if (entry.isDirectory() || entry.isSymbolicLink()) {
        const isDirectory = entry.isDirectory() || leadsToDirectory(child);
        if (isDirectory && this.#isPassedOver(entry.name)) continue;
        if (this.#isSkipped(child, isDirectory, matchers)) this.#excluded += 1;
        else if (isDirectory && entry.name === 'templates' && names.has('Chart.yaml'))
          this.#chart(child, name);
        else if (entry.isDirectory()) this.#directory(child, childName, matchers);
        else this.#link(child, childName, matchers);
      } else if (MANIFEST.test(entry.name)) {
        if (this.#isSkipped(child, false, matchers)) this.#excluded += 1;
        else if (entry.isFile()) this.#add(child, childName);
        else this.#notes.add(`skipped ${childName}: not a regular file`);
      }
    }
  }

  #isPassedOver(name: string): boolean {
    return NEVER_READ.has(name) || (!this.#selection.noIgnore && name.startsWith('.'));
  }

  /** The templates of a chart are no YAML before they are rendered. */
  #chart(templates: string, chart: string): void {
    this.#excluded += 1;
    if (!holdsIomesh(templates)) return;
    this.#notes.add(
      `skipped the templates of the chart ${chart}: \`helm template NAME ${chart} | iomesh-guard lint -\` checks what they render`,
    );
  }

  #link(path: string, name: string, matchers: readonly PathMatcher[]): void {
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) this.#directory(path, name, matchers);
      else if (MANIFEST.test(path) && stat.isFile()) this.#add(path, name);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') {
        if (MANIFEST.test(path)) this.#notes.add(`skipped ${name}: a link to a file that does not exist`);
      } else if (MANIFEST.test(path) || errorCode(error) === 'ELOOP')
        this.problems.push(`cannot read ${name}: ${describeError(error)}`);
    }
  }

  #isWanted(path: string): boolean {
    return this.#selection.only?.(path) !== false;
  }

  #add(path: string, name: string): void {
    this.#found += 1;
    const { config } = this.#selection;
    if (config !== undefined && (path === config.path || CONFIG.test(basename(path)))) {
      const isOther = path !== config.path && !config.isNamed && this.#isWanted(path);
      if (isOther && this.#selection.hasWorlds !== true)
        this.problems.push(
          `${name} is not the configuration of this run; add --world ${dirname(name)}, or name it with --config, or exclude it`,
        );
      return;
    }
    if (!this.#isWanted(path)) return;
    if (!this.#files.has(path)) this.#files.set(path, { name, path });
  }
}

/** `; did you mean X?` for a path whose last part is mistyped. */
function similarPath(arg: string, path: string): string {
  try {
    const names = readdirSync(dirname(path)).filter((each) => differOnlyInSpelling(each, basename(path)));
    return didYouMean(basename(path), names, (near) => displayPath(join(dirname(arg), near)));
  } catch {
    return '';
  }
}

/** True for a directory, and for a link to one. */
function leadsToDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** True if a file names something of IOMesh; false if it cannot be read. */
function showsIomesh(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_TEMPLATE && namesIomesh(readFileSync(path, 'latin1'));
  } catch {
    return false;
  }
}

/** True if one of the files below a directory names something of IOMesh. */
function holdsIomesh(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => TEMPLATE.test(name))
      .slice(0, MAX_TEMPLATES)
      .some((name) => showsIomesh(join(folder, name)));
  } catch {
    return false;
  }
}

/** The path that the user named, without `./` and double slashes. */
function displayPath(arg: string): string {
  const name = normalize(arg).split(sep).join('/');
  return name.length > 1 ? name.replace(/\/$/, '') : name;
}
