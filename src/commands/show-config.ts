import { relative } from 'node:path';
import type { ConfigFile } from '../config/load.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { EXIT, type Io } from './io.ts';

/** Prints the configuration that is used, as JSON with all defaults. Returns the exit code. */
export function showConfig({ config, path, exclude, values, worlds }: ConfigFile, io: Io): number {
  const file = path === undefined ? null : relative(io.cwd, path);
  const patterns = exclude.flatMap((list) => list.patterns);
  const more = {
    ...(values.length > 0 && { values }),
    ...(worlds.length > 0 && {
      worlds: Object.fromEntries(
        worlds.map((each) => [
          each.name,
          {
            paths: each.paths.map((one) => relative(io.cwd, one) || '.'),
            values: each.values,
            ...each.config,
          },
        ]),
      ),
    }),
  };
  const all = { file, ...config, exclude: patterns, ...more };
  const lines = JSON.stringify(all, undefined, 2).split('\n');
  io.stdout.write(lines.map((line) => `${sanitize(line)}\n`).join(''));
  return EXIT.clean;
}
