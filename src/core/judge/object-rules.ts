/** Every rule about objects, in order of its code. A new rule is one line here. */
import { onlyOfIomesh } from '../checks/of-iomesh.ts';
import { type Rule, withWaivedBy } from '../rule.ts';
import { droppedText } from '../rules/file/dropped-text.ts';
import { duplicateKey } from '../rules/file/duplicate-key.ts';
import { duplicateObject } from '../rules/file/duplicate-object.ts';
import { missingField } from '../rules/file/missing-field.ts';
import { placeholder } from '../rules/file/placeholder.ts';
import { unknownField } from '../rules/file/unknown-field.ts';
import { versionMismatch } from '../rules/file/version-mismatch.ts';
import { wrongType } from '../rules/file/wrong-type.ts';
import { yamlSyntax } from '../rules/file/yaml-syntax.ts';
import { affinityEmpty } from '../rules/placement/affinity-empty.ts';
import { affinityMissing } from '../rules/placement/affinity-missing.ts';
import { affinityMissingElsewhere } from '../rules/placement/affinity-missing-elsewhere.ts';
import { affinityMoved } from '../rules/placement/affinity-moved.ts';
import { affinityOverlap } from '../rules/placement/affinity-overlap.ts';
import { affinityPreferredOnly } from '../rules/placement/affinity-preferred-only.ts';
import { affinitySplit } from '../rules/placement/affinity-split.ts';
import { affinityUndecided } from '../rules/placement/affinity-undecided.ts';
import { tooFewNodes } from '../rules/placement/too-few-nodes.ts';
import { unknownNode } from '../rules/placement/unknown-node.ts';
import { clusterIdMismatch } from '../rules/connection/cluster-id-mismatch.ts';
import { connectionDuplicate } from '../rules/connection/connection-duplicate.ts';
import { connectionIncomplete } from '../rules/connection/connection-incomplete.ts';
import { connectionMissing } from '../rules/connection/connection-missing.ts';
import { iscsiPortal } from '../rules/connection/iscsi-portal.ts';
import { metaAddrTarget } from '../rules/connection/meta-addr-target.ts';
import { metaAddr } from '../rules/connection/meta-addr.ts';
import { blockDeviceNamespace } from '../rules/devices/block-device-namespace.ts';
import { dataCidr } from '../rules/devices/data-cidr.ts';
import { deviceMapMode } from '../rules/devices/device-map-mode.ts';
import { deviceMapSelector } from '../rules/devices/device-map-selector.ts';
import { deviceLabel } from '../rules/devices/device-label.ts';
import { deviceMapOverlap } from '../rules/devices/device-map-overlap.ts';
import { reclaimPolicy } from '../rules/devices/reclaim-policy.ts';
import { cpuPinning } from '../rules/images/cpu-pinning.ts';
import { editionMixed } from '../rules/images/edition-mixed.ts';
import { imageRepository } from '../rules/images/image-repository.ts';
import { imageTagEarly } from '../rules/images/image-tag-early.ts';
import { imageTagLagging } from '../rules/images/image-tag-lagging.ts';
import { imageTagParity } from '../rules/images/image-tag-parity.ts';
import { pullPolicy } from '../rules/images/pull-policy.ts';
import { sourceMissing } from '../rules/images/source-missing.ts';
import { zookeeperImageLagging } from '../rules/images/zookeeper-image-lagging.ts';
import { classContradiction } from '../rules/storage/class-contradiction.ts';
import { classUnbound } from '../rules/storage/class-unbound.ts';
import { clusterDangling } from '../rules/storage/cluster-dangling.ts';
import { clusterWithoutClass } from '../rules/storage/cluster-without-class.ts';
import { connectionDangling } from '../rules/storage/connection-dangling.ts';
import { fstype } from '../rules/storage/fstype.ts';
import { pvcAccessMode } from '../rules/storage/pvc-access-mode.ts';
import { classOfClusterItself } from '../rules/storage/class-of-cluster-itself.ts';
import { cloneAcrossClusters } from '../rules/storage/clone-across-clusters.ts';
import { parameterMissing } from '../rules/storage/parameter-missing.ts';
import { parameterValue } from '../rules/storage/parameter-value.ts';
import { pvcSize } from '../rules/storage/pvc-size.ts';
import { provisioner } from '../rules/storage/provisioner.ts';
import { pvcClass } from '../rules/storage/pvc-class.ts';
import { reclaimPolicyMisplaced } from '../rules/storage/reclaim-policy-misplaced.ts';
import { referenceFormat } from '../rules/storage/reference-format.ts';
import { replicaFactor } from '../rules/storage/replica-factor.ts';
import { thinProvision } from '../rules/storage/thin-provision.ts';
import { unknownParameter } from '../rules/storage/unknown-parameter.ts';
import { cascadingDeletion } from '../rules/lifecycle/cascading-deletion.ts';
import { classRecreated } from '../rules/lifecycle/class-recreated.ts';
import { deletedInUse } from '../rules/lifecycle/deleted-in-use.ts';
import { managementDeletedFirst } from '../rules/lifecycle/management-deleted-first.ts';
import { orphanedVolumesRule } from '../rules/lifecycle/orphaned-volumes.ts';
import { ownerAdded } from '../rules/lifecycle/owner-added.ts';
import { replicaCount } from '../rules/lifecycle/replica-count.ts';
import { riskyChange } from '../rules/lifecycle/risky-change.ts';
import { volumesLost } from '../rules/lifecycle/volumes-lost.ts';
import { scaleStep } from '../rules/lifecycle/scale-step.ts';
import { clusterName } from '../rules/cluster/cluster-name.ts';
import { licenseShared } from '../rules/cluster/license-shared.ts';
import { managementMissing } from '../rules/cluster/management-missing.ts';
import { oneClusterANamespace } from '../rules/cluster/one-cluster-a-namespace.ts';
import { tooFewWorkers } from '../rules/cluster/too-few-workers.ts';
import { podLimitExceeded } from '../rules/cluster/pod-limit.ts';
import { virtualIp } from '../rules/cluster/virtual-ip.ts';
import { zookeeperMissing } from '../rules/cluster/zookeeper-missing.ts';
import { zookeeperSpread } from '../rules/cluster/zookeeper-spread.ts';
import { valuesIgnored } from '../rules/helm/values-ignored.ts';
import { valuesNullParent } from '../rules/helm/values-null-parent.ts';
import { valuesNullSection } from '../rules/helm/values-null-section.ts';
import { valuesVariant } from '../rules/helm/values-variant.ts';

export const objectRules: readonly Rule[] = [
  yamlSyntax,
  duplicateKey,
  droppedText,
  unknownField,
  wrongType,
  missingField,
  placeholder,
  duplicateObject,
  versionMismatch,
  affinityOverlap,
  affinityMissing,
  affinityUndecided,
  affinityEmpty,
  affinitySplit,
  tooFewNodes,
  unknownNode,
  affinityPreferredOnly,
  affinityMoved,
  affinityMissingElsewhere,
  clusterIdMismatch,
  iscsiPortal,
  metaAddr,
  metaAddrTarget,
  connectionIncomplete,
  connectionDuplicate,
  connectionMissing,
  blockDeviceNamespace,
  deviceMapMode,
  deviceMapSelector,
  dataCidr,
  reclaimPolicy,
  deviceMapOverlap,
  deviceLabel,
  imageTagParity,
  editionMixed,
  imageTagLagging,
  imageRepository,
  pullPolicy,
  zookeeperImageLagging,
  cpuPinning,
  imageTagEarly,
  sourceMissing,
  classUnbound,
  referenceFormat,
  connectionDangling,
  clusterDangling,
  classContradiction,
  fstype,
  replicaFactor,
  thinProvision,
  reclaimPolicyMisplaced,
  unknownParameter,
  clusterWithoutClass,
  pvcClass,
  pvcAccessMode,
  cloneAcrossClusters,
  provisioner,
  parameterValue,
  parameterMissing,
  pvcSize,
  classOfClusterItself,
  managementDeletedFirst,
  deletedInUse,
  replicaCount,
  scaleStep,
  riskyChange,
  volumesLost,
  cascadingDeletion,
  ownerAdded,
  orphanedVolumesRule,
  classRecreated,
  zookeeperMissing,
  zookeeperSpread,
  oneClusterANamespace,
  clusterName,
  managementMissing,
  licenseShared,
  tooFewWorkers,
  virtualIp,
  podLimitExceeded,
  valuesIgnored,
  valuesNullParent,
  valuesVariant,
  valuesNullSection,
].map((rule) => onlyOfIomesh(withWaivedBy(rule)));
