import { applyEdits, type FixEdit } from '../base/edits.ts';
import { atLeast } from '../base/iomesh-version.ts';
import { asString, at, isObject, type JsonObject } from '../base/json.ts';
import { describe, displayName, isBeingDeleted, type Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { either, joined, plural, quoted } from '../base/text.ts';
import { clusterText, objectsOf } from '../iomesh/cluster.ts';
import {
  type ImageField,
  imageFields,
  imagesOf,
  imageText,
  parseTag,
  runningTags,
  VARIANT_FIELDS,
} from '../iomesh/images.ts';
import { DEFAULT_CLASS } from '../iomesh/storage-class.ts';
import type { World } from '../world.ts';
import type { UpgradeTarget } from './chart-tags.ts';
import { idOf, poolsByName, releaseThatInstalled, VENDOR_CHART } from './clusters.ts';
import { mergePatch } from './scale.ts';
import { canBeStored, helm, kubectl, objectWords, type ShellCommand } from './shell.ts';
import { deniedSentences, StepWriter } from './steps.ts';
import type { OperationPlan, PlanRefusal } from './types.ts';

/** The configuration of the vendor's own webhook, which the guide deletes before an upgrade. */
const VENDOR_WEBHOOK = 'iomesh-validating-webhook-configuration';

/** The plan to upgrade all clusters: the management cluster, then one pool after the other. */
export function upgradePlan(world: World, target: UpgradeTarget): OperationPlan | PlanRefusal {
  const { management } = world;
  if (management === undefined)
    return {
      message: `the management cluster ${clusterText(world.config.managementCluster)} is not in the input`,
      hint: 'add its file or --context NAME, or set managementCluster in iomesh-guard.yaml',
    };
  const writer = new StepWriter(world);
  const unknown: string[] = [];
  const untold = imageFields(management).filter(({ component }) => !target.tags.has(component));
  if (untold.length > 0)
    unknown.push(
      `the new image ${plural(untold.length, 'tag')} of ${joined(untold.map(({ component }) => component))}: ${target.source} does not name ${plural(untold.length, 'it', 'them')}`,
    );
  upgradeManagement(writer, management, target, unknown);
  for (const pool of poolsByName(world)) upgradePool(writer, pool, target, unknown);
  return {
    operation: 'upgrade',
    cluster: undefined,
    target: [...targetTexts(target)],
    steps: writer.steps,
    lost: { count: 0, bound: 0, names: [] },
    unknown: [...new Set(unknown)],
    stops: [...droppedVariants(world, management, target), ...deniedSentences(writer.steps)],
  };
}

/** The edition or platform that the new tag of a component no longer names: at 1.0 another image. */
function droppedVariants(world: World, management: Resource, { tags }: UpgradeTarget): string[] {
  const found = imagesOf(management).flatMap((field) => {
    const [now, next] = [imageText(world, management, field, 'tag') ?? '', tags.get(field.component)];
    if (field.group !== 'zbs' || now === '' || next === undefined) return [];
    return VARIANT_FIELDS.flatMap((variant) => {
      const dropped = parseTag(now)[variant];
      return dropped !== '' && parseTag(next)[variant] === ''
        ? [`the installed images have the ${variant} "${dropped}", but ${quoted(next)} names none`]
        : [];
    });
  });
  return [...new Set(found)];
}

/** `meta, chunk and redirector: "v5.4.0"`, one line for each tag. */
function targetTexts({ tags, source }: UpgradeTarget): string[] {
  const byTag = new Map<string, string[]>();
  for (const [component, tag] of tags) byTag.set(tag, [...(byTag.get(tag) ?? []), component]);
  return [...byTag].map(([tag, components]) => `${joined(components)}: ${quoted(tag)} (${source})`);
}

function upgradeManagement(
  writer: StepWriter,
  management: Resource,
  target: UpgradeTarget,
  unknown: string[],
): void {
  const { world } = writer;
  const id = idOf(management);
  const { zookeeper } = objectsOf(world, id);
  const edits = tagEdits(world, management, target);
  const zookeeperEdits = zookeeper === undefined ? [] : tagEdits(world, zookeeper, target);
  const release = releaseThatInstalled(management);
  const changes = edits.length + zookeeperEdits.length > 0;
  const byHelm = target.chart !== undefined || release !== undefined;
  // From 1.1 on the operator, which Helm upgrades, chooses the tags that are not set.
  const chosen = target.chart !== undefined && missingTags(target).length > 0;
  if (changes || chosen) {
    const objects = [
      { before: management, after: edited(management, edits) },
      ...(zookeeper === undefined || zookeeperEdits.length === 0
        ? []
        : [{ before: zookeeper, after: edited(zookeeper, zookeeperEdits) }]),
    ];
    if (byHelm) {
      const recreated = prepareHelm(writer);
      writer.add({
        title: `upgrade the management cluster ${displayName(management.ref)} with Helm, which changes all its images in one edit`,
        command: helmUpgrade(release?.name ?? id.name, release?.namespace ?? id.namespace, target, unknown),
        wait: imagesWait(management, target),
        changes: [...recreated, ...objects],
      });
    } else {
      unknown.push(
        `whether Helm installed ${displayName(management.ref)}, and with which chart its operator and CSI driver are upgraded: helm list -n ${id.namespace} shows the release`,
      );
      writer.add({
        title: `set the images of the management cluster ${displayName(management.ref)} in one edit`,
        command: patchOf(management, edits),
        wait: imagesWait(management, target),
        changes: objects,
      });
    }
  } else if (showsTarget(management, target) !== true)
    writer.add({
      title: `wait for the management cluster ${displayName(management.ref)}, which already has the new images in its spec`,
      wait: imagesWait(management, target),
    });
  if (showsTarget(management, target) === undefined)
    unknown.push(
      `what the pods of ${displayName(management.ref)} run: the input has no status.runningImages; read the running cluster with --context`,
    );
  const now = writer.world.getByKey(management.key);
  if (now !== undefined) writer.assume([{ before: now, after: withRunningImages(now, target) }]);
}

/** The guide of 1.0 deletes the default class and the vendor's webhook; helm upgrade creates both again. */
function prepareHelm(writer: StepWriter): readonly { readonly after: Resource }[] {
  const { world } = writer;
  if (atLeast(world.iomeshVersion, '1.1')) return [];
  const defaultClass = world.get('StorageClass', undefined, DEFAULT_CLASS);
  if (defaultClass !== undefined)
    writer.add({
      title: `delete the StorageClass ${DEFAULT_CLASS} of the chart, because the parameters of a class cannot be changed; helm upgrade creates it again, and no volume is affected`,
      command: kubectl('delete', ...objectWords(defaultClass.ref)),
      changes: [{ before: defaultClass }],
    });
  writer.add({
    title: "delete the vendor's own webhook configuration, which helm upgrade creates again",
    command: kubectl('delete', 'validatingwebhookconfiguration', VENDOR_WEBHOOK, '--ignore-not-found'),
  });
  return defaultClass === undefined ? [] : [{ after: defaultClass }];
}

function helmUpgrade(
  name: string,
  namespace: string,
  { chart }: UpgradeTarget,
  unknown: string[],
): ShellCommand {
  const base = ['upgrade', name];
  if (chart?.knowsRelease !== true)
    unknown.push(
      `the values of the installed release and of its chart, which --reuse-values keeps: helm get values ${name} -n ${namespace} --all -o yaml prints them; write them to a file and add --values FILE`,
    );
  if (chart !== undefined && !chart.valuesFile)
    return helm(...base, chart.path, '-n', namespace, '--reuse-values');
  unknown.push('the version of the chart that has these images: replace CHART_VERSION in helm upgrade');
  return helm(
    ...base,
    VENDOR_CHART,
    '-n',
    namespace,
    '--version',
    'CHART_VERSION',
    '--reuse-values',
    ...(chart === undefined ? [] : ['-f', chart.path]),
  );
}

function upgradePool(writer: StepWriter, pool: Resource, target: UpgradeTarget, unknown: string[]): void {
  const { world } = writer;
  const name = displayName(pool.ref);
  if (isBeingDeleted(pool) || !canBeStored(pool.ref)) {
    unknown.push(
      isBeingDeleted(pool)
        ? `when ${name} is gone: it is being deleted and is not upgraded`
        : `how to upgrade ${quoted(name)}: Kubernetes does not accept its name`,
    );
    return;
  }
  const edits = tagEdits(world, pool, target);
  const wait = imagesWait(pool, target);
  if (edits.length > 0)
    writer.add({
      title: `set the images of pool ${name} in one edit`,
      command: patchOf(pool, edits),
      wait,
      changes: [{ before: pool, after: edited(pool, edits) }],
    });
  else if (showsTarget(pool, target) !== true)
    writer.add({
      title: `wait for pool ${name}, ${hasTags(world, pool) ? 'which already has the new images in its spec' : 'for which the operator chooses the images'}`,
      wait,
    });
  if (atLeast(world.iomeshVersion, '1.1')) upgradeZookeeper(writer, pool, target, unknown);
}

/** From 1.1 on, the guide ends an upgrade with the ZooKeeper image of every pool. */
function upgradeZookeeper(
  writer: StepWriter,
  pool: Resource,
  target: UpgradeTarget,
  unknown: string[],
): void {
  const { zookeeper } = objectsOf(writer.world, idOf(pool));
  if (zookeeper === undefined || !canBeStored(zookeeper.ref)) return;
  if (!target.tags.has('zookeeper')) {
    unknown.push(
      'the new tag of ZooKeeper: after helm upgrade, give the ZookeeperCluster of every pool the tag of the management cluster',
    );
    return;
  }
  const edits = tagEdits(writer.world, zookeeper, target);
  if (edits.length === 0) return;
  writer.add({
    title: `set the image of ${describe(zookeeper.ref)}`,
    command: patchOf(zookeeper, edits),
    wait: {
      until: 'status.currentVersion is the new tag',
      check: kubectl('get', ...objectWords(zookeeper.ref), '-o', 'jsonpath={.status.currentVersion}'),
    },
    changes: [{ before: zookeeper, after: edited(zookeeper, edits) }],
  });
}

/** The tags to set. From 1.1 on a tag that is not set stays so, because the operator chooses it. */
function tagEdits(world: World, resource: Resource, { tags }: UpgradeTarget): readonly FixEdit[] {
  return imagesOf(resource).flatMap((field): FixEdit[] => {
    const tag = tags.get(field.component);
    const now = imageText(world, resource, field, 'tag');
    if (tag === undefined || now === tag) return [];
    if (now === '' && atLeast(world.iomeshVersion, '1.1')) return [];
    return [{ op: 'add', path: field.tag, value: tag }];
  });
}

function hasTags(world: World, resource: Resource): boolean {
  return imagesOf(resource).some((field) => imageText(world, resource, field, 'tag') !== '');
}

function missingTags({ tags }: UpgradeTarget): readonly ImageField[] {
  return imageFields({ kind: 'IOMeshCluster' }).filter(({ component }) => !tags.has(component));
}

function edited(resource: Resource, edits: readonly FixEdit[]): Resource {
  return { ...resource, json: applyEdits(resource.json, edits) };
}

function patchOf(resource: Resource, edits: readonly FixEdit[]): ShellCommand {
  const fields = edits.flatMap((edit): (readonly [Path, string])[] =>
    'value' in edit && typeof edit.value === 'string' ? [[edit.path, edit.value]] : [],
  );
  return kubectl('patch', ...objectWords(resource.ref), '--type=merge', '-p', mergePatch(fields));
}

/** The components whose running images the status shows. */
const SHOWN_IN_STATUS = ['meta', 'chunk'] as const;

function imagesWait(cluster: Resource, { tags }: UpgradeTarget) {
  const wanted = [...new Set(SHOWN_IN_STATUS.flatMap((component) => tags.get(component) ?? []))];
  const images = wanted.length === 0 ? 'the new images' : `only the tag ${either(wanted.map(quoted))}`;
  return {
    until: `status.runningImages of ${displayName(cluster.ref)} shows ${images}, and all pods are ready`,
    check: kubectl(
      'get',
      ...objectWords(cluster.ref),
      '-o',
      'jsonpath={.status.runningImages} {.status.readyReplicas}',
    ),
  };
}

/** Whether the pods of a cluster run the new images; undefined if the status does not show what they run. */
function showsTarget(cluster: Resource, { tags }: UpgradeTarget): boolean | undefined {
  let known = false;
  for (const field of imageFields(cluster)) {
    const running = runningTags(cluster, field);
    if (running.length === 0) continue;
    known = true;
    if (!running.every((tag) => tag === tags.get(field.component))) return false;
  }
  return known ? true : undefined;
}

/** The cluster as its status is after the wait. */
function withRunningImages(cluster: Resource, { tags }: UpgradeTarget): Resource {
  const edits = imageFields(cluster).flatMap(({ component }): FixEdit[] => {
    const path = ['status', 'runningImages', component];
    const [tag, images] = [tags.get(component), at(cluster.json, path)];
    if (tag === undefined || images === undefined) return [];
    if (!isObject(images)) return [{ op: 'replace', path, value: withTag(asString(images) ?? '', tag) }];
    const value: JsonObject = Object.fromEntries(
      Object.entries(images).map(([pod, image]) => [pod, withTag(asString(image) ?? '', tag)]),
    );
    return [{ op: 'replace', path, value }];
  });
  return edited(cluster, edits);
}

function withTag(image: string, tag: string): string {
  const colon = image.lastIndexOf(':');
  return `${colon > image.lastIndexOf('/') ? image.slice(0, colon) : image}:${tag}`;
}
