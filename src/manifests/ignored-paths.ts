import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';

/** Patterns as in a `.gitignore` of a directory. */
export interface ExcludeList {
  readonly folder: string;
  readonly patterns: readonly string[];
}

/** Decides whether a path is ignored; undefined if no pattern matches. `path` is absolute. */
export interface PathMatcher {
  decide(path: string, isDirectory: boolean): boolean | undefined;
}

const MAX_GITIGNORE = 1024 * 1024;
const MAX_PATTERN = 1000;
/** The library makes regular expressions, whose time grows with the number of `*` in a name. */
const MANY_STARS = /(?:\*+[^*/]+){4}\*/;

/** Reads `.gitignore` files and patterns. The library is loaded when it is made. */
export class IgnoreReader {
  readonly #ignore: () => Ignore;
  readonly #files = new Map<string, PathMatcher | undefined>();

  private constructor(ignore: () => Ignore) {
    this.#ignore = ignore;
  }

  static async load(): Promise<IgnoreReader> {
    const { default: ignore } = await import('ignore');
    return new IgnoreReader(() => ignore());
  }

  matcher({ folder, patterns }: ExcludeList): PathMatcher {
    const usable = patterns.filter((each) => each.length <= MAX_PATTERN && !MANY_STARS.test(each));
    const rules = this.#ignore().add(usable);
    return {
      decide(path, isDirectory) {
        const inside = relative(folder, path).split(sep).join('/');
        if (inside === '' || inside.startsWith('..') || inside.includes(':')) return undefined;
        const { ignored, unignored } = rules.test(isDirectory ? `${inside}/` : inside);
        return ignored ? true : unignored ? false : undefined;
      },
    };
  }

  /** The `.gitignore` of a directory, if it has one that can be read. */
  gitignore(folder: string, file = join(folder, '.gitignore')): PathMatcher | undefined {
    if (!this.#files.has(file)) this.#files.set(file, this.#read(folder, file));
    return this.#files.get(file);
  }

  /** What git ignores of a path by the files of the directories above it, in the repository `root`. */
  above(path: string, root: string): readonly PathMatcher[] {
    const folders: string[] = [];
    for (let each = path; each !== root; each = dirname(each)) folders.push(dirname(each));
    return [
      this.gitignore(root, join(root, '.git/info/exclude')),
      ...folders.reverse().map((each) => this.gitignore(each)),
    ].filter((each) => each !== undefined);
  }

  #read(folder: string, file: string): PathMatcher | undefined {
    try {
      const stat = statSync(file);
      if (!stat.isFile() || stat.size > MAX_GITIGNORE) return undefined;
      return this.matcher({ folder, patterns: readFileSync(file, 'utf8').split(/\r?\n/) });
    } catch {
      return undefined;
    }
  }
}

/** The last pattern that matches decides, as in git. */
export function isIgnored(matchers: readonly PathMatcher[], path: string, isDirectory: boolean): boolean {
  for (let index = matchers.length - 1; index >= 0; index--) {
    const decision = matchers[index]?.decide(path, isDirectory);
    if (decision !== undefined) return decision;
  }
  return false;
}

/** The root of the git repository that a file or directory is in. */
export function gitRoot(folder: string): string | undefined {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, '.git'))) return each;
    if (dirname(each) === each) return undefined;
  }
}
