/** The installed definition of IOMeshClusters: its fields show the release of IOMesh. */
import { definitionEvidence, type VersionEvidence } from '../core/base/version-evidence.ts';
import type { Api } from './api.ts';

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/iomeshclusters.iomesh.com';

/** How often {@link InstalledDefinition} is read: an upgrade of IOMesh replaces it. */
const REFRESH_MS = 300_000;
const READ_MS = 5_000;

/** What the installed definition shows; undefined if it is not there or may not be read. Never rejects. */
export async function readDefinition(api: Api, signal: AbortSignal): Promise<VersionEvidence | undefined> {
  try {
    return definitionEvidence(await api.request('GET', PATH, { signal }));
  } catch {
    return undefined;
  }
}

/** Keeps what the definition shows up to date. */
export class InstalledDefinition {
  readonly #api: Api;
  readonly #timer: NodeJS.Timeout;
  #evidence: VersionEvidence | undefined;
  readonly #first: Promise<void>;

  constructor(api: Api) {
    this.#api = api;
    this.#first = this.#read();
    this.#timer = setInterval(() => void this.#read(), REFRESH_MS);
    this.#timer.unref();
  }

  /**
   * What was read last, once the first attempt has ended. `fresh`: read now, because nothing else shows the release,
   * and the definition may have been replaced a moment ago.
   */
  async current(fresh: boolean): Promise<VersionEvidence | undefined> {
    await (fresh ? this.#read() : this.#first);
    return this.#evidence;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    this.#evidence = (await readDefinition(this.#api, AbortSignal.timeout(READ_MS))) ?? this.#evidence;
  }
}
