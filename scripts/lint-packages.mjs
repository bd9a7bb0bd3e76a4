/**
 * Writes package.json and package-lock.json with only the packages that the linter is built from, in the versions of
 * this project.
 *
 *   node scripts/lint-packages.mjs FOLDER
 */
import './check-node.cjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `node scripts/build.mjs --lint` imports. */
const DIRECT = [
  'diff',
  'esbuild',
  'fastest-levenshtein',
  'get-east-asian-width',
  'ignore',
  'ipaddr.js',
  'js-yaml',
  'rfc6902',
  'tinyglobby',
];

const root = join(import.meta.dirname, '..');
const [folder] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { name, version, devDependencies } = read('package.json');
const lock = read('package-lock.json');
const project = {
  name,
  version,
  devDependencies: Object.fromEntries(DIRECT.map((each) => [each, devDependencies[each]])),
};
const packages = { '': project };
for (const each of DIRECT) add(lock.packages, '', each, packages);
const write = (file, value) => writeFileSync(join(folder, file), JSON.stringify(value, null, 2));
write('package.json', project);
write('package-lock.json', { ...lock, packages });

/** Adds a package that the one at `from` depends on, as Node finds it, and all that it depends on. */
function add(all, from, name, packages) {
  let above = from;
  const pathOf = () => (above === '' ? `node_modules/${name}` : `${above}/node_modules/${name}`);
  while (all[pathOf()] === undefined) {
    if (above === '') return;
    above = above.slice(0, Math.max(0, above.lastIndexOf('/node_modules/')));
  }
  const path = pathOf();
  if (packages[path] !== undefined) return;
  packages[path] = all[path];
  const { dependencies, optionalDependencies, peerDependencies } = all[path];
  for (const each of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    add(all, path, each, packages);
}
