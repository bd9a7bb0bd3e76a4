{{- define "iomesh-guard.labels" -}}
app.kubernetes.io/name: iomesh-guard
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "iomesh-guard.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "iomesh-guard.validatorFailurePolicy" -}}
{{- .Values.validator.failurePolicy | default (ternary "Ignore" "Fail" (eq (.Values.config.mode | default "enforce") "warn")) -}}
{{- end }}

{{- /* The Secret that is mounted for --cert-dir; empty if the certificates are self-managed. */ -}}
{{- define "iomesh-guard.certificateSecret" -}}
{{- if eq .Values.certificates.source "cert-manager" -}}
iomesh-guard-tls
{{- else if eq .Values.certificates.source "secret" -}}
{{ .Values.certificates.secret.name }}
{{- end -}}
{{- end }}

{{- define "iomesh-guard.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: iomesh-guard
    namespace: {{ .Release.Namespace }}
{{- end }}

{{- /* Metadata of both webhook configurations. */ -}}
{{- define "iomesh-guard.webhookMetadata" -}}
metadata:
  name: iomesh-guard
  labels:
    {{- include "iomesh-guard.labels" . | nindent 4 }}
  {{- if eq .Values.certificates.source "cert-manager" }}
  annotations:
    cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/iomesh-guard-tls
  {{- end }}
{{- end }}

{{- define "iomesh-guard.namespaceSelector" -}}
# The apiserver sets this label. With an objectSelector, a user could exclude an object by a label.
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values:
        {{- append .Values.excludedNamespaces .Release.Namespace | uniq | toYaml | nindent 8 }}
{{- end }}

{{- define "iomesh-guard.matchConditions" -}}
# On CREATE oldObject is null, on DELETE object is null. has() of a field of null is false without an error.
- name: storage-class-of-iomesh
  expression: >-
    request.resource.resource != "storageclasses"
    || (has(object.provisioner) && object.provisioner == "com.iomesh.csi-driver")
    || (has(oldObject.provisioner) && oldObject.provisioner == "com.iomesh.csi-driver")
- name: connection-config-map
  expression: >-
    request.resource.resource != "configmaps"
    || (has(object.data) && ["clusterId", "iscsiPortal", "metaAddr"].exists(key, key in object.data))
    || (has(oldObject.data) && ["clusterId", "iscsiPortal", "metaAddr"].exists(key, key in oldObject.data))
# Excludes the removal of finalizers from a terminating object.
- name: not-removing-finalizers
  expression: >-
    request.operation != "UPDATE"
    || !has(oldObject.metadata.deletionTimestamp)
    || has(object.spec) != has(oldObject.spec) || (has(object.spec) && object.spec != oldObject.spec)
    || has(object.data) != has(oldObject.data) || (has(object.data) && object.data != oldObject.data)
    || has(object.parameters) != has(oldObject.parameters) || (has(object.parameters) && object.parameters != oldObject.parameters)
{{- end }}
