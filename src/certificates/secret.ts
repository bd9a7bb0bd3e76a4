import { asString, at, isArray, isObject, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Api, statusOf } from '../cluster/api.ts';
import { type AuthorityPem, type LeafPem, readAuthority, readLeaf } from './pem.ts';
import { decodePaths, type PathSecrets } from './path-plan.ts';
import type { CertificateSet } from './plan.ts';

export type StoredCertificates = CertificateSet<AuthorityPem, LeafPem>;

/** The Secret in the cluster. */
export interface SecretState {
  readonly secret: JsonObject | undefined;
  /** Undefined if there are none, or they are invalid. */
  readonly certificates: StoredCertificates | undefined;
  /** Undefined if there are none, or they are invalid. */
  readonly paths: PathSecrets | undefined;
}

const PATHS = 'paths.json';
const CERTIFICATES = 'ca.crt ca.key ca-next.crt ca-next.key ca-previous.json tls.crt tls.key'.split(' ');

/** What a Secret of the replicas is for: the secret paths only, or the certificates as well. */
const USES = {
  certificates: { keys: [...CERTIFICATES, PATHS], flag: '--certificate-secret' },
  paths: { keys: [PATHS], flag: '--path-secret' },
} as const;

/** The Secret in which the replicas share their certificates and the secret paths. */
export class ReplicaSecret {
  readonly #api: Api;
  readonly #collection: string;
  readonly #namespace: string;
  readonly #name: string;
  readonly #use: (typeof USES)[keyof typeof USES];

  constructor(api: Api, namespace: string, name: string, use: keyof typeof USES = 'certificates') {
    this.#api = api;
    this.#namespace = namespace;
    this.#name = name;
    this.#use = USES[use];
    this.#collection = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
  }

  /** Reads the Secret. Rejects if it has other content, which is never overwritten. */
  async read(signal: AbortSignal): Promise<SecretState> {
    let secret: JsonObject;
    try {
      secret = await this.#api.request('GET', `${this.#collection}/${encodeURIComponent(this.#name)}`, {
        signal,
      });
    } catch (error) {
      if (statusOf(error) === 404) return { secret: undefined, certificates: undefined, paths: undefined };
      throw error;
    }
    const data = own(secret, 'data');
    const { keys, flag } = this.#use;
    const foreign = isObject(data)
      ? Object.keys(data).filter((key) => !(keys as readonly string[]).includes(key))
      : [];
    const [first] = foreign;
    if (first !== undefined || asString(own(secret, 'type')) === 'kubernetes.io/tls')
      throw new Error(
        `Secret ${this.#namespace}/${this.#name} was not created by iomesh-guard${first === undefined ? '' : ` (it has the key ${JSON.stringify(first.slice(0, 80))})`}; set ${flag} NAME, or delete the Secret`,
      );
    return { secret, certificates: decode(data), paths: decodePaths(textOf(data, PATHS)) };
  }

  /** Writes the Secret. Returns false if it was changed since it was read. */
  async write(
    { secret, ...stored }: SecretState,
    changes: Partial<Pick<SecretState, 'certificates' | 'paths'>>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { certificates, paths } = { ...stored, ...changes };
    const texts = {
      ...(certificates && encode(certificates)),
      ...(paths && { [PATHS]: JSON.stringify(paths) }),
    };
    const data = Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    );
    const path = `${this.#collection}/${encodeURIComponent(this.#name)}`;
    try {
      if (secret === undefined) {
        const metadata = { namespace: this.#namespace, name: this.#name };
        const body = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data };
        await this.#api.request('POST', this.#collection, { body, signal });
      } else await this.#api.request('PUT', path, { body: { ...secret, data }, signal });
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 409 || (status === 404 && secret !== undefined)) return false;
      throw error;
    }
  }
}

function encode({ current, next, leaf, previous }: StoredCertificates): Record<string, string> {
  return {
    'ca.crt': current.cert,
    'ca.key': current.key ?? '',
    ...(next === undefined ? {} : { 'ca-next.crt': next.cert, 'ca-next.key': next.key ?? '' }),
    'ca-previous.json': JSON.stringify(
      previous.map(({ authority, until }) => ({ cert: (authority as AuthorityPem).cert, until })),
    ),
    'tls.crt': leaf.cert,
    'tls.key': leaf.key,
  };
}

function textOf(data: Json | undefined, key: string): string | undefined {
  const value = asString(own(data, key));
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
}

function decode(data: Json | undefined): StoredCertificates | undefined {
  const text = (key: string) => textOf(data, key);
  const authority = (name: string): AuthorityPem | undefined => {
    const [cert, key] = [text(`${name}.crt`), text(`${name}.key`)];
    return cert === undefined || key === undefined ? undefined : readAuthority(cert, key);
  };
  const [current, next] = [authority('ca'), authority('ca-next')];
  const [cert, key] = [text('tls.crt'), text('tls.key')];
  if (current === undefined || cert === undefined || key === undefined) return undefined;
  if (next === undefined && text('ca-next.crt') !== undefined) return undefined;
  const previous = decodePrevious(text('ca-previous.json'));
  const leaf = readLeaf(cert, key, [current]);
  if (leaf === undefined || previous === undefined) return undefined;
  return { current, next, leaf, previous };
}

function decodePrevious(text: string | undefined): StoredCertificates['previous'] | undefined {
  let list: Json;
  try {
    list = JSON.parse(text ?? '') as Json;
  } catch {
    return undefined;
  }
  if (!isArray(list)) return undefined;
  const previous: { authority: AuthorityPem; until: number }[] = [];
  for (const each of list) {
    const authority = readAuthority(asString(at(each, ['cert'])) ?? '');
    const until = own(each, 'until');
    if (authority === undefined || typeof until !== 'number') return undefined;
    previous.push({ authority, until });
  }
  return previous;
}
