import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** A source file with what it imports and exports. */
export interface SourceFile {
  /** Relative to the folder that was read. */
  readonly name: string;
  /** Files of the same folder that it imports, types and dynamic imports included. */
  readonly imports: readonly string[];
  /** Packages and Node modules that it imports. */
  readonly packages: readonly string[];
  readonly exports: readonly string[];
  /** The text without comments. */
  readonly code: string;
}

/** Every TypeScript and JavaScript file below a folder. */
export function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts') && !name.endsWith('.test.ts'))
    .sort()
    .map((name) => parseSource(name, readFileSync(join(folder, name), 'utf8')));
}

/** Reads one file's imports and exports from its text. */
export function parseSource(name: string, text: string): SourceFile {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const specifiers = [...code.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1]!,
  );
  const own = specifiers.filter((each) => each.startsWith('.'));
  return {
    name,
    imports: [...new Set(own.map((each) => normalize(join(dirname(name), each))))],
    packages: specifiers.filter((each) => !each.startsWith('.')),
    exports: [
      ...[
        ...code.matchAll(
          /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm,
        ),
      ].map((match) => match[1]!),
      ...[...code.matchAll(/^export (?:type )?\{([^}]*)\}(?! from)/gm)].flatMap((match) =>
        match[1]!
          .split(',')
          .map((each) =>
            each
              .replace(/^\s*type\s+/, '')
              .split(' as ')
              .at(-1)!
              .trim(),
          )
          .filter((each) => each !== ''),
      ),
    ],
    code,
  };
}

/** Groups of files that import each other, directly or through others. */
export function importCircles(sources: readonly SourceFile[]): readonly (readonly string[])[] {
  const importsOf = new Map(sources.map(({ name, imports }) => [name, imports]));
  const reachable = new Map<string, ReadonlySet<string>>();
  for (const { name } of sources) {
    const seen = new Set<string>();
    const queue = [...importsOf.get(name)!];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(importsOf.get(next) ?? []));
    }
    reachable.set(name, seen);
  }
  const circles = new Map<string, readonly string[]>();
  for (const { name } of sources) {
    if (!reachable.get(name)!.has(name)) continue;
    const members = sources
      .map((each) => each.name)
      .filter((each) => reachable.get(name)!.has(each) && reachable.get(each)?.has(name));
    circles.set(members.join(' '), members);
  }
  return [...circles.values()];
}

/** For each entry of a folder, the entries that it may import; an entry that is missing may not exist. */
export type ImportTable = Readonly<Record<string, readonly string[]>>;

/** Imports between entries (files or folders directly inside a folder) that the table does not allow. */
export function forbiddenImports(
  sources: readonly SourceFile[],
  folder: string,
  table: ImportTable,
): readonly string[] {
  const inside = (name: string) => !relative(folder, name).startsWith('..');
  const entryOf = (name: string) => relative(folder, name).split('/')[0]!;
  const forbidden: string[] = [];
  for (const { name, imports } of sources) {
    if (!inside(name)) continue;
    const entry = entryOf(name);
    const allowed = table[entry];
    if (allowed === undefined) forbidden.push(`${name} is in no entry of the import table`);
    for (const target of imports.filter(inside))
      if (entryOf(target) !== entry && !allowed?.includes(entryOf(target)))
        forbidden.push(`${name} imports ${target}`);
  }
  return forbidden;
}

/** Names that two files export, with the files. */
export function repeatedExports(sources: readonly SourceFile[]): readonly string[] {
  const files = new Map<string, string[]>();
  for (const { name, exports } of sources)
    for (const each of new Set(exports)) files.set(each, [...(files.get(each) ?? []), name]);
  return [...files]
    .filter(([, names]) => names.length > 1)
    .map(([each, names]) => `${each}: ${names.join(', ')}`);
}
