import { Derived } from '../base/derived.ts';
import type { ConfiguredNode } from '../base/config.ts';
import { at, isObject, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import {
  HOSTNAME_LABEL,
  type KnownNode,
  matches,
  NAME_FIELD,
  type Requirement,
  type Selection,
  type Term,
} from '../node-selector/index.ts';
import { suggest } from '../base/suggest.ts';
import type { World } from '../world.ts';

const CONTROL_PLANE_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** Limit of the comparisons for similar names in one set of nodes, whatever the input. */
const MAX_COMPARISONS = 2_000_000;

/** The nodes that satisfy a selection, of the nodes that it was last compared with. */
const MATCHING = new Derived<Selection, { readonly of: KnownNodes; readonly found: readonly KnownNode[] }>();

/** The nodes of a world, indexed. Immutable. */
export class KnownNodes {
  /** In the order of the input. */
  readonly all: readonly KnownNode[];
  /** False if some nodes are known by name only, so that their labels are unknown. */
  readonly labelled: boolean;

  readonly #byName = new Map<string, KnownNode>();
  readonly #byLabel = new Map<string, ReadonlyMap<string, readonly KnownNode[]>>();
  readonly #suggestions = new Map<string, string | undefined>();
  #comparisons = 0;

  constructor(nodes: readonly KnownNode[], labelled: boolean) {
    this.all = nodes;
    this.labelled = labelled;
    for (const node of nodes) this.#byName.set(node.name, node);
  }

  /** True if a known node has the hostname, or for `metadata.name` the name. */
  has(key: typeof HOSTNAME_LABEL | typeof NAME_FIELD, value: string): boolean {
    return key === NAME_FIELD ? this.#byName.has(value) : this.#labelled(key, value).length > 0;
  }

  /**
   * The nodes that satisfy a selection. Of a term that lists values, only nodes with such a value are looked
   * at.
   */
  matching(selection: Selection): readonly KnownNode[] {
    const known = MATCHING.get(selection);
    if (known?.of === this) return known.found;
    const found = this.#match(selection);
    MATCHING.set(selection, { of: this, found });
    return found;
  }

  /** The nodes that satisfy both selections, at most as many as given. */
  shared(a: Selection, b: Selection, most: number): readonly KnownNode[] {
    const [listed, other] = listsValues(a) ? [a, b] : [b, a];
    const found: KnownNode[] = [];
    for (const node of this.matching(listed)) {
      if (matches(other, node)) found.push(node);
      if (found.length === most) break;
    }
    return found;
  }

  /**
   * True if it is known whether each node satisfies the selection: always for names, for other labels only if
   * labels are known.
   */
  canDecide(selection: Selection): boolean {
    return this.labelled || asksForNamesOnly(selection);
  }

  /** The known node that a mistyped name most likely means. */
  similar(name: string): string | undefined {
    if (!this.#suggestions.has(name)) {
      this.#comparisons += this.all.length;
      const affordable = this.#comparisons <= MAX_COMPARISONS;
      this.#suggestions.set(name, affordable ? suggest(name, this.#byName.keys()) : undefined);
    }
    return this.#suggestions.get(name);
  }

  #match(selection: Selection): readonly KnownNode[] {
    if (selection.terms.length === 1) return this.#matchTerm(selection.terms[0]!);
    const found = new Set<KnownNode>();
    for (const term of selection.terms) for (const node of this.#matchTerm(term)) found.add(node);
    return this.all.length === found.size ? this.all : [...found];
  }

  #matchTerm(term: Term): readonly KnownNode[] {
    const alone: Selection = { terms: [term] };
    const found = this.#candidates(term).filter((node) => matches(alone, node));
    // Selections that match every node share one list: with many clusters, separate ones would take much
    // memory.
    return found.length === this.all.length ? this.all : found;
  }

  #candidates(term: Term): readonly KnownNode[] {
    let fewest: Requirement | undefined;
    for (const requirement of term.requirements) {
      if (requirement.operator !== 'In') continue;
      if (fewest === undefined || requirement.values.length < fewest.values.length) fewest = requirement;
    }
    if (fewest === undefined) return this.all;
    const { kind, key, values } = fewest;
    const found: KnownNode[] = [];
    for (const value of new Set(values)) {
      if (kind === 'label') for (const node of this.#labelled(key, value)) found.push(node);
      else if (this.#byName.has(value)) found.push(this.#byName.get(value)!);
    }
    return found;
  }

  #labelled(key: string, value: string): readonly KnownNode[] {
    let byValue = this.#byLabel.get(key);
    if (byValue === undefined) {
      byValue = groupByLabel(this.all, key);
      this.#byLabel.set(key, byValue);
    }
    return byValue.get(value) ?? [];
  }
}

/**
 * The known nodes of a world: those of the configuration and the Node objects, whose labels replace those of
 * the configuration. Undefined if the input names no node.
 */
export function knownNodes(world: World): KnownNodes | undefined {
  const { base, change } = world;
  return base !== undefined && (change?.after ?? change?.before)?.kind !== 'Node'
    ? knownNodes(base)
    : world.memoize(KnownNodes, () => readNodes(world));
}

function readNodes(world: World): KnownNodes | undefined {
  const { nodes: configured } = world.config;
  const objects = world.all('Node');
  let known = KNOWN.get(objects);
  if (known === undefined || known.configured !== configured) {
    known = { configured, nodes: build(configured ?? [], objects) };
    KNOWN.set(objects, known);
  }
  return known.nodes;
}

/** By the list of Node objects: each change that is stored makes a new world, and a cluster can have 10 000 nodes. */
const KNOWN = new WeakMap<
  readonly Resource[],
  { readonly configured: readonly ConfiguredNode[] | undefined; readonly nodes: KnownNodes | undefined }
>();

/** The known nodes that satisfy a selection; undefined if the known nodes cannot decide it. */
export function nodesMatching(world: World, selection: Selection): readonly KnownNode[] | undefined {
  const nodes = knownNodes(world);
  return nodes?.canDecide(selection) === true ? nodes.matching(selection) : undefined;
}

/**
 * True for a requirement that is decided by the name of a node alone, as its kubelet sets the hostname label.
 */
export function asksForName({ kind, key }: Requirement): boolean {
  return kind === 'field' || key === HOSTNAME_LABEL;
}

/** True for a selection that is decided by the names of nodes alone. */
export function asksForNamesOnly({ terms }: Selection): boolean {
  return terms.every(({ requirements }) => requirements.every(asksForName));
}

/** True for a node that storage pods can run on: any that is not of the control plane. */
export function isWorker(node: KnownNode): boolean {
  return !CONTROL_PLANE_LABELS.some((label) => Object.hasOwn(node.labels, label));
}

function build(configured: readonly ConfiguredNode[], objects: readonly Resource[]): KnownNodes | undefined {
  const labels = new Map<string, ReadonlyMap<string, string>>();
  const described = new Set<string>();
  for (const { name, labels: given } of configured) {
    const known = new Map(Object.entries(given));
    if ([...known.keys()].some((key) => key !== HOSTNAME_LABEL)) described.add(name);
    labels.set(name, known);
  }
  for (const { ref, json } of objects) {
    if (ref.name === '') continue;
    described.add(ref.name);
    labels.set(ref.name, new Map([...(labels.get(ref.name) ?? []), ...labelsOf(json)]));
  }
  if (labels.size === 0) return undefined;
  const nodes = [...labels].map(([name, known]) => ({
    name,
    // The kubelet sets the label, to the name of the node.
    labels: Object.fromEntries([[HOSTNAME_LABEL, name], ...known]),
  }));
  return new KnownNodes(nodes, described.size === labels.size);
}

function labelsOf(json: Resource['json']): [string, string][] {
  const labels = at(json, ['metadata', 'labels']);
  if (!isObject(labels)) return [];
  return Object.keys(labels).flatMap((key): [string, string][] => {
    const value = own(labels, key);
    return typeof value === 'string' ? [[key, value]] : [];
  });
}

function groupByLabel(nodes: readonly KnownNode[], key: string): ReadonlyMap<string, readonly KnownNode[]> {
  const groups = new Map<string, KnownNode[]>();
  for (const node of nodes) {
    const value = Object.hasOwn(node.labels, key) ? node.labels[key] : undefined;
    if (value === undefined) continue;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [node]);
    else group.push(node);
  }
  return groups;
}

/** True if every term lists values of a key, so that few nodes are candidates. */
function listsValues(selection: Selection): boolean {
  return selection.terms.every(({ requirements }) => requirements.some(({ operator }) => operator === 'In'));
}
