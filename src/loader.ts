/**
 * What `iomesh-guard` starts. It runs main.js, which lies next to it, with the code that V8 compiled in an earlier
 * `lint`: compiling is a fourth of a short run (docs/decisions/0001-start-with-a-code-cache.md).
 */
import '../scripts/check-node.cjs';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** Put in by the build: a hash of main.js. */
declare const MAIN_HASH: string;

const filename = join(__dirname, 'main.js');
const cacheFile = join(__dirname, 'main.cache');
const main = statSync(filename);
const HEADER_BYTES = 128;

/** Whether the `lint` that wrote a cache had compiled what prints findings. */
type CacheContent = 'clean' | 'findings';

/** A cache that can be used. */
interface CodeCache {
  readonly data: Buffer;
  readonly content: CacheContent;
}

/**
 * The beginning of a cache of this Node and this main.js. V8 in Node 20 uses the cache of another release and
 * crashes (https://github.com/nodejs/node/issues/62781), and of the text it compares only the length. The
 * executable counts because distributions build one version in different ways, the time of main.js because
 * people edit it.
 */
function headerOf(node: Stats, content: CacheContent): string {
  const release = [process.version, process.platform, process.arch, node.size, node.mtimeMs];
  const header = [...release, MAIN_HASH, main.size, main.mtimeMs, content].join(' ');
  // V8 copies data that is not aligned, which takes 3 ms.
  return `${header.padEnd(HEADER_BYTES - 1)}\n`;
}

/** A cache is code: only root and the owner of main.js may have written it. Windows has neither owner nor mode. */
function isTrusted(cache: Stats): boolean {
  return process.getuid === undefined || (isOwner(cache.uid) && (cache.mode & 0o022) === 0);
}

function isOwner(uid: number): boolean {
  return uid === 0 || uid === main.uid;
}

function readCache(): CodeCache | undefined {
  let file: number | undefined;
  try {
    file = openSync(cacheFile, 'r');
    if (!isTrusted(fstatSync(file))) return undefined;
    const bytes = readFileSync(file);
    const header = bytes.toString('latin1', 0, HEADER_BYTES);
    const node = statSync(process.execPath);
    const content = header === headerOf(node, 'findings') ? 'findings' : 'clean';
    if (content === 'clean' && header !== headerOf(node, 'clean')) return undefined;
    // V8 crashes on damaged code. Comparing two copies takes 0.5 ms; for a checksum, loading node:zlib takes 3 ms.
    const middle = (HEADER_BYTES + bytes.length) / 2;
    const data = bytes.subarray(HEADER_BYTES, middle);
    return data.equals(bytes.subarray(middle)) ? { data, content } : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Keeps what was compiled so far, if root or the owner of main.js runs it and may write here. */
function writeCache(script: Script, content: CacheContent): void {
  if (process.getuid !== undefined && !isOwner(process.getuid())) return;
  try {
    accessSync(__dirname, constants.W_OK);
    const temporary = `${cacheFile}.${process.pid}`;
    const header = Buffer.from(headerOf(statSync(process.execPath), content));
    const data = script.createCachedData();
    try {
      writeFileSync(temporary, Buffer.concat([header, data, data]), { flag: 'wx', mode: 0o644 });
      renameSync(temporary, cacheFile);
    } catch {
      rmSync(temporary, { force: true });
    }
  } catch {
    // The next run works without a cache, too.
  }
}

const cache = readCache();
// The bundle is ASCII: read as such it takes half the memory. The build put the wrapper of CommonJS around it,
// because adding it here copies the whole text.
const source = readFileSync(filename, 'latin1');
const script = new Script(source, cache === undefined ? { filename } : { filename, cachedData: cache.data });
const isUsed = cache !== undefined && script.cachedDataRejected !== true;
// Without the functions that print findings, a `lint` of one file takes a tenth more CPU time if it has findings.
if (!isUsed || cache.content === 'clean')
  process.on('exit', (code) => {
    // Only a finished `lint` has compiled what the next one needs.
    const args = process.argv.slice(2);
    if (args[0] !== 'lint' || args.includes('--help') || args.includes('-h')) return;
    if (code === 1) writeCache(script, 'findings');
    else if (code === 0 && !isUsed) writeCache(script, 'clean');
  });
script.runInThisContext()(exports, require, module, filename, __dirname);
