import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const dockerfile = readFileSync(join(import.meta.dirname, '../Dockerfile'), 'utf8');
const [entrypoint] = /(?<=^ENTRYPOINT ).*/m.exec(dockerfile);

/** The V8 flags of the image. */
export const imageFlags = JSON.parse(entrypoint).filter((each) => each.startsWith('--'));

/** The environment of the image, for a process that is started like it. */
export const imageEnv = {
  ...process.env,
  ...Object.fromEntries(
    Array.from(dockerfile.matchAll(/^ENV (\w+)=(\S+)$/gm), ([, name, value]) => [name, value]),
  ),
};
