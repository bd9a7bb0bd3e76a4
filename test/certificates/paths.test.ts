/** The secret path of the webhooks: created, rotated and restored by replicas that share a Secret. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { StoredPaths, type StoredPathsOptions } from '../../src/certificates/stored-paths.ts';
import { asString, at, type Json, type JsonObject } from '../../src/core/base/json.ts';
import { runsOf } from '../support/runs.ts';
import { Installation, MUTATING, SECRET as CERTIFICATES, settle, VALIDATING } from './support.ts';

const SECRET = '/api/v1/namespaces/guard/secrets/paths';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PATH = /^\/(validate|mutate)\/[a-z2-7]{52}$/;

/** The same installation with certificates of another program. */
class WithCertManager extends Installation {
  readonly paths: StoredPaths[] = [];

  async add(options: Partial<StoredPathsOptions> = {}): Promise<StoredPaths> {
    const { api, logger, namespace, configurations, monotonic, pollMs, retryMs } = this.options();
    const paths = await StoredPaths.open({
      ...{ api, logger, namespace, configurations, monotonic, pollMs, retryMs },
      secret: 'paths',
      ...options,
    });
    this.paths.push(paths);
    return paths;
  }

  override async settle(): Promise<void> {
    for (const each of this.paths) await settle(each);
  }

  override close(): void {
    for (const each of this.paths) each.close();
    super.close();
  }
}

const installations: Installation[] = [];
afterEach(() => {
  for (const each of installations.splice(0)) each.close();
});
function install<T extends Installation>(installation: T): T {
  installations.push(installation);
  return installation;
}

/** The paths in both configurations. */
function pathsOf({ api }: Installation): string[] {
  return [VALIDATING, MUTATING].flatMap((path) =>
    ((api.objects.get(path)?.['webhooks'] ?? []) as Json[]).map(
      (each) => asString(at(each, ['clientConfig', 'service', 'path'])) ?? '',
    ),
  );
}

function secretsOf(installation: Installation): string[] {
  return [...new Set(pathsOf(installation).map((each) => each.split('/')[2] ?? ''))];
}

function stored({ api }: Installation): { current: string; next?: string; previous: string[] } {
  const text = asString(at(api.objects.get(SECRET), ['data', 'paths.json'])) ?? '';
  return JSON.parse(Buffer.from(text, 'base64').toString());
}

describe('with self-managed certificates', () => {
  it('is set in one patch with the caBundle', async () => {
    const cluster = install(new Installation());
    const patches: string[] = [];
    cluster.api.meddle = (method, path) => void (method === 'PATCH' && patches.push(path));
    const replica = await cluster.replica();
    expect(patches).toEqual([VALIDATING, MUTATING]);
    expect(cluster.distrust(replica)).toBeUndefined();
    const [a, b, c] = pathsOf(cluster);
    expect(a).toMatch(PATH);
    expect([b, c]).toEqual([a, a!.replace('validate', 'mutate')]);
    expect(replica.paths.secrets).toContain(secretsOf(cluster)[0]);
    expect([replica.problem, replica.paths.problem]).toEqual([undefined, undefined]);
    expect(JSON.stringify(cluster.log)).not.toContain(secretsOf(cluster)[0]);
  });

  it('survives a deleted Secret, a new CA and a renewed certificate', async () => {
    const cluster = install(new Installation());
    const replicas = [await cluster.replica(), await cluster.replica()];
    await cluster.pass(20 * MINUTE, 30_000);
    const [before] = secretsOf(cluster);
    cluster.api.objects.delete(CERTIFICATES);
    await cluster.settle();
    expect(secretsOf(cluster)).toEqual([before]);
    for (const each of replicas) expect(each.paths.secrets).toContain(before);
    await cluster.pass(61 * 24 * HOUR, 24 * HOUR);
    for (const each of replicas) {
      expect([each.problem, each.paths.problem]).toEqual([undefined, undefined]);
      expect(each.paths.secrets).toContain(secretsOf(cluster)[0]);
    }
  });
});

describe('with mounted certificates', () => {
  it('is stored in a Secret of its own, and leaves the caBundle alone', async () => {
    const cluster = install(new WithCertManager());
    const [one, other] = await Promise.all([cluster.add(), cluster.add()]);
    await cluster.settle();
    expect(pathsOf(cluster).every((each) => PATH.test(each))).toBe(true);
    for (const each of [one, other]) {
      expect(each.problem).toBeUndefined();
      expect(each.secrets).toContain(secretsOf(cluster)[0]);
    }
    expect(JSON.stringify([...cluster.api.objects.values()])).not.toContain('caBundle');
    expect(Object.keys(cluster.api.objects.get(SECRET)!['data'] as JsonObject)).toEqual(['paths.json']);
  });

  it('never overwrites a Secret of others', async () => {
    const cluster = install(new WithCertManager());
    cluster.api.put(SECRET, { metadata: { name: 'paths' }, data: { password: 'eA==' } });
    const paths = await cluster.add();
    expect(paths.problem).toBe('there is no secret path yet');
    expect(cluster.log.map(({ reason }) => reason).join()).toContain('set --path-secret NAME');
    expect(cluster.api.objects.get(SECRET)).toMatchObject({ data: { password: 'eA==' } });
  });

  it('waits for the webhook configurations', async () => {
    const cluster = install(new WithCertManager(false));
    const paths = await cluster.add({ retryMs: 20 });
    expect(paths.problem).toMatch(/^ValidatingWebhookConfiguration guard and .* not found$/);
    cluster.configure();
    await expect.poll(() => paths.problem).toBeUndefined();
    expect(paths.secrets).toContain(secretsOf(cluster)[0]);
  });
});

describe('the path of an older version', () => {
  /** The configurations as an upgrade leaves them. */
  function keepOldPaths({ api }: Installation): void {
    for (const [key, path] of [
      [VALIDATING, '/validate'],
      [MUTATING, '/mutate'],
    ] as const) {
      const { webhooks, ...rest } = structuredClone(api.objects.get(key)!);
      const old = (webhooks as JsonObject[]).map((each) => ({
        ...each,
        clientConfig: { service: { name: 'webhook', namespace: 'guard', path } },
      }));
      api.put(key, { ...rest, webhooks: old });
    }
  }
  const OLD = ['/validate', '/validate', '/mutate'];

  it.each([
    ['self-managed', () => new Installation()],
    ['mounted', () => new WithCertManager()],
  ])('is kept for ten minutes and answered for five more, with %s certificates', async (_, create) => {
    const cluster = install(create());
    keepOldPaths(cluster);
    const add = async () =>
      cluster instanceof WithCertManager ? await cluster.add() : (await cluster.replica()).paths;
    const one = await add();
    await cluster.pass(MINUTE, 30_000);
    const other = await add();
    for (const each of [one, other]) expect([each.fixed, each.problem]).toEqual([true, undefined]);
    await cluster.pass(8 * MINUTE, 30_000);
    expect(pathsOf(cluster)).toEqual(OLD);
    await cluster.pass(2 * MINUTE, 30_000);
    expect(pathsOf(cluster).every((each) => PATH.test(each))).toBe(true);
    for (const each of [one, other]) {
      expect([each.fixed, each.problem]).toEqual([true, undefined]);
      expect(each.secrets).toContain(secretsOf(cluster)[0]);
    }
    await cluster.pass(5 * MINUTE, 30_000);
    for (const each of [one, other]) expect([each.fixed, each.problem]).toEqual([false, undefined]);
    expect(cluster.log.filter(({ msg }) => String(msg).includes('older version'))).toHaveLength(2);
  });

  it('is not answered if the configurations have another one', async () => {
    const cluster = install(new WithCertManager());
    const paths = await cluster.add();
    await cluster.settle();
    expect(paths.fixed).toBe(false);
  });
});

describe('another program that removes the path', () => {
  it.each([
    ['self-managed', () => new Installation()],
    ['mounted', () => new WithCertManager()],
  ])('is noticed at the next read of a configuration, with %s certificates', async (_, create) => {
    const cluster = install(create());
    const keeper = cluster instanceof WithCertManager ? await cluster.add() : await cluster.replica();
    await cluster.settle();
    const before = pathsOf(cluster);
    const read = () => ({
      kind: 'ValidatingWebhookConfiguration' as const,
      name: 'guard',
      object: cluster.api.objects.get(VALIDATING),
      webhooks: cluster.api.objects.get(VALIDATING)!['webhooks'] as Json[],
    });
    const requests = cluster.api.requests.length;
    keeper.observe(read());
    expect(cluster.api.requests).toHaveLength(requests);
    const webhooks = read().webhooks.map((each) => {
      const copy = structuredClone(each) as { clientConfig: { service: JsonObject } };
      return { ...copy, clientConfig: { service: { name: 'webhook', namespace: 'guard' } } };
    });
    cluster.api.put(VALIDATING, { ...cluster.api.objects.get(VALIDATING), webhooks } as JsonObject);
    keeper.observe(read());
    await expect.poll(() => pathsOf(cluster)).toEqual(before);
  });
});

describe('rotation', () => {
  /** An installation whose path has not been rotated for some minutes. */
  async function calm(): Promise<WithCertManager> {
    const cluster = install(new WithCertManager());
    await cluster.add();
    await cluster.add();
    await cluster.pass(10 * MINUTE, 30_000);
    return cluster;
  }

  it('takes place every hour: prepared, set after two minutes, the former one answered five minutes', async () => {
    const cluster = await calm();
    const [first] = secretsOf(cluster);
    const log: [minute: number, what: string][] = [];
    let last = '';
    for (let half = 0; half < 160; half += 1) {
      await cluster.pass(30_000);
      const { current, next, previous } = stored(cluster);
      const what = `${current === first ? 'first' : 'second'}, ${next === undefined ? '' : 'next, '}${previous.length}`;
      if (what !== last) log.push([half / 2, what]);
      last = what;
      for (const { secrets } of cluster.paths) expect(secrets).toContain(secretsOf(cluster)[0]);
    }
    expect(log.map(([, what]) => what)).toEqual(['first, 0', 'first, next, 0', 'second, 1', 'second, 0']);
    const [, prepared, promoted, retired] = log.map(([minute]) => minute);
    expect(prepared).toBeLessThan(60);
    expect(promoted! - prepared!).toBe(2);
    expect(retired! - promoted!).toBe(5);
    expect(secretsOf(cluster)).toEqual([stored(cluster).current]);
    for (const { secrets } of cluster.paths) expect(secrets).toEqual([stored(cluster).current]);
  });

  it('takes place after a gap in service, once', async () => {
    const cluster = await calm();
    const [before] = secretsOf(cluster);
    await cluster.pass(10 * MINUTE, 30_000);
    expect(secretsOf(cluster)).toEqual([before]);
    for (const each of cluster.paths) each.expose();
    await cluster.pass(3 * MINUTE, 30_000);
    const [after] = secretsOf(cluster);
    expect(after).not.toBe(before);
    await cluster.pass(10 * MINUTE, 30_000);
    expect(secretsOf(cluster)).toEqual([after]);
  });

  it('takes place after a replica has started, for failed calls may have shown the path', async () => {
    const cluster = await calm();
    const [before] = secretsOf(cluster);
    await cluster.add();
    expect(secretsOf(cluster)).toEqual([before]);
    await cluster.pass(3 * MINUTE, 30_000);
    expect(secretsOf(cluster)).not.toContain(before);
  });
});

describe('changes by other writers', () => {
  it.each<[string, (webhooks: JsonObject[]) => void]>([
    ['no path', (webhooks) => setAll(webhooks, undefined)],
    ['the fixed path', (webhooks) => setAll(webhooks, '/validate')],
    ['an unknown secret in one webhook', ([first]) => set(first!, `/validate/${'a'.repeat(52)}`)],
  ])('restores the path: %s', async (_what, change) => {
    const cluster = install(new WithCertManager());
    const paths = await cluster.add();
    const before = pathsOf(cluster);
    const { metadata, webhooks } = structuredClone(cluster.api.objects.get(VALIDATING)!);
    change(webhooks as unknown as JsonObject[]);
    cluster.api.put(VALIDATING, { metadata: metadata!, webhooks: webhooks! });
    await settle(paths);
    expect(pathsOf(cluster)).toEqual(before);
    expect(paths.problem).toBeUndefined();
  });

  it.each([
    ['is deleted', undefined],
    ['is no JSON', '{'],
    ['has another content', '{"current":"x","previous":[]}'],
    ['is a list', '[]'],
  ])('keeps the path of the configurations if the stored one %s', async (_what, text) => {
    const cluster = install(new WithCertManager());
    const paths = await cluster.add();
    const before = secretsOf(cluster);
    if (text === undefined) cluster.api.objects.delete(SECRET);
    else {
      const data = { 'paths.json': Buffer.from(text).toString('base64') };
      cluster.api.put(SECRET, { metadata: { name: 'paths' }, data });
    }
    await settle(paths);
    expect(secretsOf(cluster)).toEqual(before);
    expect(paths.secrets).toContain(before[0]);
  });

  it('is not ready while a configuration has a path that is not answered', async () => {
    const cluster = install(new WithCertManager());
    cluster.api.meddle = (method) => {
      if (method === 'PATCH') throw new Error('forbidden');
    };
    const paths = await cluster.add({ retryMs: 20 });
    expect(paths.problem).toBe('the webhook configurations do not have the secret path');
    cluster.api.meddle = () => undefined;
    await expect.poll(() => paths.problem).toBeUndefined();
  });

  function setAll(webhooks: readonly JsonObject[], path: string | undefined): void {
    for (const each of webhooks) set(each, path);
  }

  function set(webhook: JsonObject, path: string | undefined): void {
    const { path: _, ...service } = at(webhook, ['clientConfig', 'service']) as JsonObject;
    const clientConfig = { service: path === undefined ? service : { ...service, path } };
    Object.assign(webhook, { clientConfig });
  }
});

/** Three replicas whose requests wait until they are chosen, but no longer than a request may take. */
class History {
  readonly cluster = new WithCertManager();
  checks = 0;
  readonly rotated = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  readonly #idleSince = new Map<StoredPaths, number>();
  readonly #luck: Iterator<number>;

  constructor(luck: Iterator<number>) {
    this.#luck = luck;
  }

  async run(minutes: number): Promise<void> {
    const { cluster } = this;
    await Promise.all([cluster.add(), cluster.add(), cluster.add()]);
    await cluster.settle();
    for (const each of cluster.paths) this.#idleSince.set(each, cluster.now);
    cluster.api.meddle = () => new Promise((resolve) => this.#waiting.push(resolve));
    for (const end = cluster.now + minutes * MINUTE; cluster.now < end; ) {
      const luck = this.#number();
      if (luck % 199 === 0) cluster.api.objects.delete(SECRET);
      if (luck % 97 === 0) cluster.paths[luck % 3]!.expose();
      if (luck % 83 === 0) cluster.configure();
      for (const each of cluster.paths) {
        const since = this.#idleSince.get(each);
        if (since !== undefined && cluster.now - since >= 22_500 + (luck % 16) * 1_000) void this.#pass(each);
      }
      // A request and a pass take no longer than ten seconds.
      for (let steps = luck % 5; steps > 0; steps -= 1) await this.#step();
      if (luck % 3 === 0) {
        while (this.#waiting.length > 0) await this.#step();
        cluster.now += (this.#number() % 10) * 1_000;
      }
      this.check();
    }
    while (this.#waiting.length > 0) await this.#step();
  }

  check(): void {
    const secrets = secretsOf(this.cluster).filter((each) => each !== '');
    for (const each of secrets) this.rotated.add(each);
    for (const paths of this.cluster.paths)
      for (const each of secrets) {
        expect(paths.secrets).toContain(each);
        this.checks += 1;
      }
  }

  async #pass(paths: StoredPaths): Promise<void> {
    this.#idleSince.delete(paths);
    await settle(paths);
    this.#idleSince.set(paths, this.cluster.now);
  }

  async #step(): Promise<void> {
    const [next] = this.#waiting.splice(this.#number() % Math.max(1, this.#waiting.length), 1);
    next?.();
    await new Promise((resolve) => setImmediate(resolve));
    this.check();
  }

  #number(): number {
    return this.#luck.next().value as number;
  }
}

it('every replica answers the path of every webhook, in any order of reads and writes', async () => {
  const runs = runsOf(12);
  let checks = 0;
  let rotated = 0;
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (luck) => {
      const history = new History(luck);
      try {
        await history.run(90);
      } finally {
        history.cluster.close();
      }
      checks += history.checks;
      rotated += history.rotated.size;
    }),
    { numRuns: runs, endOnFailure: true },
  );
  console.info(`paths: ${runs} histories, ${rotated} secrets, ${checks} checks`);
  expect(rotated).toBeGreaterThan(runs);
}, 180_000);
