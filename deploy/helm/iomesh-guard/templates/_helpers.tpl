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

{{- /* Not empty if the apiserver evaluates matchConditions: on by default since 1.28. */ -}}
{{- define "iomesh-guard.hasMatchConditions" -}}
{{- if eq (toString .Values.matchConditions) "auto" -}}
{{- if semverCompare ">=1.28.0-0" .Capabilities.KubeVersion.Version -}}yes{{- end -}}
{{- else if eq (toString .Values.matchConditions) "true" -}}yes{{- end -}}
{{- end }}

{{- /* Not empty if the apiserver serves ValidatingAdmissionPolicies: since 1.30. */ -}}
{{- define "iomesh-guard.hasAdmissionPolicy" -}}
{{- if eq (toString .Values.admissionPolicy) "auto" -}}
{{- if semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version -}}yes{{- end -}}
{{- else if eq (toString .Values.admissionPolicy) "true" -}}yes{{- end -}}
{{- end }}

{{- define "iomesh-guard.validatorFailurePolicy" -}}
{{- .Values.validator.failurePolicy | default (ternary "Ignore" "Fail" (eq (.Values.config.mode | default "enforce") "warn")) -}}
{{- end }}

{{- /* Of the webhooks for ConfigMaps and StorageClasses: without matchConditions those of others reach us too. */ -}}
{{- define "iomesh-guard.sharedKindFailurePolicy" -}}
{{- .Values.validator.sharedKindFailurePolicy | default (ternary (include "iomesh-guard.validatorFailurePolicy" .) "Ignore" (include "iomesh-guard.hasMatchConditions" . | eq "yes")) -}}
{{- end }}

{{- /* Namespaces in which a cluster of the configuration lies. The replicas add those of the live clusters. */ -}}
{{- define "iomesh-guard.clusterNamespaces" -}}
{{- $names := list (.Values.config.managementCluster | default "iomesh-system/iomesh" | splitList "/" | first) -}}
{{- range $pool, $_ := .Values.config.pools -}}
{{- $names = append $names ($pool | splitList "/" | first) -}}
{{- end -}}
{{- $names | uniq | sortAlpha | toYaml -}}
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
