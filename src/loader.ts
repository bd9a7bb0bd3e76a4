/**
 * What `iomesh-guard` starts. It runs main.js, which lies beside it, with the code cache the build left
 * there: half of a short run would otherwise go into compiling. V8 itself refuses a cache that was made
 * by another version or of another text; then main.js is compiled as usual.
 */
import { readFileSync } from 'node:fs';
import { wrap } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const filename = join(__dirname, 'main.js');

function codeCache(): Buffer | undefined {
  try {
    return readFileSync(join(__dirname, 'main.cache'));
  } catch {
    return undefined;
  }
}

// The bundle is ASCII: read as such it takes half the memory.
const cachedData = codeCache();
const script = new Script(wrap(readFileSync(filename, 'latin1')), {
  filename,
  ...(cachedData === undefined ? {} : { cachedData }),
});
script.runInThisContext()(exports, require, module, filename, __dirname);
