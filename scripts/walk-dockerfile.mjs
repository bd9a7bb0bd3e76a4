/**
 * Walks the Dockerfile where no container engine runs: every build step in a directory of its own, with
 * only what the build context lets in, then starts the result as the image would and asks its probes.
 * Base images are not fetched: this machine's Node stands in for theirs, and it runs as this user.
 *
 *   node scripts/walk-dockerfile.mjs
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'iomesh-guard-image-'));
const stages = new Map();
let stage;
let child;

/** What .dockerignore lets into the context: here it names everything it lets in, behind `!`. */
function contextFiles() {
  return readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
}

function instructions() {
  return readFileSync(join(root, 'Dockerfile'), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1).trim()]);
}

function inStage(path) {
  return join(stage.folder, path.startsWith('/') ? path : join(stage.workdir, path));
}

const steps = {
  FROM(text) {
    const name = / as (\S+)$/i.exec(text)?.[1] ?? 'final';
    stage = { name, folder: join(work, name), workdir: '/', entrypoint: [], cmd: [] };
    mkdirSync(stage.folder, { recursive: true });
    stages.set(name, stage);
  },
  WORKDIR(path) {
    stage.workdir = path;
    mkdirSync(inStage(path), { recursive: true });
  },
  COPY(text) {
    const words = text.split(/\s+/);
    const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice(7)) : undefined;
    const target = words.pop();
    const allowed = contextFiles();
    for (const source of words) {
      if (from === undefined && !allowed.some((name) => `${source}/`.startsWith(`${name}/`)))
        throw new Error(`COPY ${source}: .dockerignore keeps it out`);
      const path = from === undefined ? join(root, source) : join(from.folder, source);
      if (!existsSync(path))
        throw new Error(`COPY ${source}: no such file in the ${from === undefined ? 'context' : 'stage'}`);
      const into = target.endsWith('/') ? join(inStage(target), source.split('/').at(-1)) : inStage(target);
      // What is generated is not in a fresh context.
      cpSync(path, into, {
        recursive: true,
        filter: (each) => from !== undefined || !/(schema\/compiled|report\/rule-pages)\.js$/.test(each),
      });
    }
  },
  RUN(command) {
    execFileSync('sh', ['-c', command], { cwd: inStage('.'), stdio: 'inherit' });
  },
  ENTRYPOINT(json) {
    stage.entrypoint = JSON.parse(json);
  },
  CMD(json) {
    stage.cmd = JSON.parse(json);
  },
  USER(text) {
    if (/^(0|root)\b/.test(text)) throw new Error('the image would run as root');
    stage.user = text;
  },
  EXPOSE() {},
};

function answers(port, path) {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', () => resolve(0));
  });
}

try {
  for (const [name, text] of instructions()) {
    console.log(`${name} ${text}`);
    if (steps[name] === undefined) throw new Error(`${name} is an instruction this script does not know`);
    steps[name](text);
  }
  if (stage.user === undefined) throw new Error('the image names no USER: it would run as root');
  const files = readdirSync(stage.folder, { recursive: true }).filter((name) =>
    statSync(join(stage.folder, name)).isFile(),
  );
  console.log(`the image holds, beside its base: ${files.sort().join(', ')}`);

  const certs = join(work, 'certs');
  execFileSync(process.execPath, [join(root, 'scripts/certs.mjs'), certs]);
  const [node, ...script] = stage.entrypoint;
  const inImage = script.map((each) => (each.startsWith('/') ? join(stage.folder, each) : each));
  const args = ['--world', join(root, 'examples/two-clusters'), '--cert-dir', certs, '--host', '127.0.0.1'];
  console.log(`start: ${node} stands for ${relative('/', process.execPath)}`);
  child = spawn(
    process.execPath,
    [...inImage, ...stage.cmd, ...args, '--port', '0', '--health-port', '0', '--drain', '0'],
    {
      cwd: join(stage.folder, stage.workdir),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let log = '';
  child.stdout.on('data', (chunk) => {
    log += chunk;
  });
  let serving;
  for (let tries = 0; tries < 100 && serving === undefined; tries++) {
    await sleep(100);
    serving = log
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line))
      .find((line) => line.msg === 'serving');
  }
  if (serving === undefined) throw new Error(`it did not begin to serve; it said:\n${log}`);
  for (const path of ['/livez', '/readyz', '/metrics']) {
    const status = await answers(serving.healthPort, path);
    console.log(`${path} ${status}`);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const code = await ended;
  if (code !== 0) throw new Error(`SIGTERM ended it with exit code ${code}`);
  console.log('stopped by SIGTERM with exit code 0');
} catch (error) {
  console.error(`walk-dockerfile: ${error.message}`);
  process.exitCode = 1;
} finally {
  child?.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}
