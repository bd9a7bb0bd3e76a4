{{- /*
One webhook. Arguments: root, name, path (validate or mutate), failurePolicy, sideEffects, timeoutSeconds;
`connections` for ConfigMaps, `namespaces` for Namespaces. The caller adds rules and matchConditions.
*/ -}}
{{- define "iomesh-guard.webhook" -}}
{{- $root := .root -}}
- name: {{ .name }}.iomesh-guard.io
  admissionReviewVersions: [v1]
  # No caBundle and no path: the replicas set both.
  clientConfig:
    service:
      namespace: {{ $root.Release.Namespace }}
      name: iomesh-guard
      port: 443
  failurePolicy: {{ .failurePolicy }}
  {{- if eq .path "mutate" }}
  reinvocationPolicy: IfNeeded
  {{- end }}
  matchPolicy: Equivalent
  sideEffects: {{ .sideEffects }}
  timeoutSeconds: {{ .timeoutSeconds }}
  # The apiserver sets this label. With an objectSelector, a user could exclude an object by a label.
  namespaceSelector:
    matchExpressions:
      - key: kubernetes.io/metadata.name
        {{- if or .namespaces (and .connections (not (include "iomesh-guard.hasMatchConditions" $root))) }}
        # The replicas keep this list up to date with the namespaces of the IOMesh clusters.
        operator: In
        values:
          {{- include "iomesh-guard.clusterNamespaces" $root | nindent 10 }}
        {{- else }}
        operator: NotIn
        values:
          {{- include "iomesh-guard.exemptNamespaces" $root | nindent 10 }}
        {{- end }}
{{- end }}

{{- define "iomesh-guard.clusterRules" -}}
rules:
  - apiGroups: [iomesh.com]
    apiVersions: ["*"]
    resources: [iomeshclusters]
    operations: [{{ . }}]
    scope: Namespaced
  - apiGroups: [zookeeper.pravega.io]
    apiVersions: ["*"]
    resources: [zookeeperclusters]
    operations: [{{ . }}]
    scope: Namespaced
{{- end }}

{{- define "iomesh-guard.connectionRules" -}}
rules:
  - apiGroups: [""]
    apiVersions: [v1]
    resources: [configmaps]
    operations: [{{ . }}]
    scope: Namespaced
{{- end }}

{{- define "iomesh-guard.classRules" -}}
rules:
  - apiGroups: [storage.k8s.io]
    apiVersions: [v1]
    resources: [storageclasses]
    operations: [{{ . }}]
    scope: Cluster
{{- end }}

{{- define "iomesh-guard.connectionCondition" -}}
# Other applications use each of the keys too. Misspelled ones count: a StorageClass can name the ConfigMap.
# With more than 250 keys the cost limit of CEL could be reached. On CREATE oldObject is null, on DELETE object is null.
- name: connection-config-map
  expression: >-
    [object, oldObject].exists(o, o != null
    && has(o.metadata.name) && o.metadata.name.contains("iomesh") && o.metadata.name.endsWith("-csi-configmap"))
    || [object, oldObject].exists(o, o != null && has(o.data) && (
    ["clusterId", "iscsiPortal", "metaAddr"].filter(key, key in o.data).size() > 1
    || (["clusterId", "iscsiPortal", "metaAddr"].exists(key, key in o.data) && has(o.metadata.name)
    && (o.metadata.name.contains("iomesh") || o.metadata.name.endsWith("-csi-configmap")))
    || (o.data.size() <= 250 && o.data.filter(key,
    key.lowerAscii().replace("-", "").replace("_", "").replace(".", "")
    in ["clusterid", "iscsiportal", "metaaddr", "metaaddress"]).size() > (has(o.metadata.name)
    && (o.metadata.name.contains("iomesh") || o.metadata.name.endsWith("-csi-configmap")) ? 0 : 1))
    || ("iscsiPortal" in o.data && o.data.iscsiPortal == "127.0.0.1:3260")
    || ("metaAddr" in o.data && o.data.metaAddr.matches("iomesh|-meta-client"))))
{{- end }}

{{- define "iomesh-guard.classCondition" -}}
{{- $provisioner := .Values.config.provisioner | default "com.iomesh.csi-driver" -}}
# On CREATE oldObject is null, on DELETE object is null. has() of a field of null is false without an error.
- name: storage-class-of-iomesh
  expression: >-
    (has(object.provisioner) && object.provisioner == "{{ $provisioner }}")
    || (has(object.parameters) && ["clusterConnection", "iomeshCluster"].exists(key, key in object.parameters))
    || (has(oldObject.provisioner) && oldObject.provisioner == "{{ $provisioner }}")
    || (has(oldObject.parameters) && ["clusterConnection", "iomeshCluster"].exists(key, key in oldObject.parameters))
{{- end }}

{{- /* Argument: the field with the evaluated object. */ -}}
{{- define "iomesh-guard.finalizersCondition" -}}
# Excludes the removal of finalizers from a terminating object.
- name: not-removing-finalizers
  expression: >-
    request.operation != "UPDATE"
    || !has(oldObject.metadata.deletionTimestamp)
    || has(object.{{ . }}) != has(oldObject.{{ . }}) || (has(object.{{ . }}) && object.{{ . }} != oldObject.{{ . }})
{{- end }}

{{- /* Argument: the field with the evaluated object. */ -}}
{{- define "iomesh-guard.cleanUpCondition" -}}
# Excludes deletions by these controllers, also while no replica is ready: they follow an admitted deletion. The
# garbage collector also changes the owners of objects that are kept.
- name: not-cleaning-up
  expression: >-
    !(request.userInfo.username in [
    "system:serviceaccount:kube-system:namespace-controller",
    "system:serviceaccount:kube-system:generic-garbage-collector",
    "system:kube-controller-manager"])
    || request.operation == "CREATE"
    || (request.operation == "UPDATE"
    && (has(object.{{ . }}) != has(oldObject.{{ . }}) || (has(object.{{ . }}) && object.{{ . }} != oldObject.{{ . }})))
{{- end }}
