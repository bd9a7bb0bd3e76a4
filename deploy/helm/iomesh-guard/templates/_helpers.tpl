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

{{- /* Not empty if `value` is true, or is auto and the apiserver has at least the release `since`. */ -}}
{{- define "iomesh-guard.isOn" -}}
{{- if eq (toString .value) "auto" -}}
{{- if semverCompare (printf ">=%s.0-0" .since) .root.Capabilities.KubeVersion.Version -}}yes{{- end -}}
{{- else if eq (toString .value) "true" -}}yes{{- end -}}
{{- end }}

{{- /* Not empty if the apiserver evaluates matchConditions: on by default since 1.28. */ -}}
{{- define "iomesh-guard.hasMatchConditions" -}}
{{- include "iomesh-guard.isOn" (dict "value" .Values.matchConditions "since" "1.28" "root" .) -}}
{{- end }}

{{- /* Not empty if the apiserver serves ValidatingAdmissionPolicies: since 1.30. */ -}}
{{- define "iomesh-guard.hasAdmissionPolicy" -}}
{{- include "iomesh-guard.isOn" (dict "value" .Values.admissionPolicy "since" "1.30" "root" .) -}}
{{- end }}

{{- /* The newest version of FlowSchemas that the apiserver serves: v1 since 1.29. */ -}}
{{- define "iomesh-guard.flowControlVersion" -}}
{{- $kubernetes := .Capabilities.KubeVersion.Version -}}
{{- if semverCompare ">=1.29.0-0" $kubernetes -}}v1
{{- else if semverCompare ">=1.26.0-0" $kubernetes -}}v1beta3
{{- else if semverCompare ">=1.23.0-0" $kubernetes -}}v1beta2
{{- else -}}v1beta1
{{- end -}}
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
{{- with .Values.config.managementConnection -}}
{{- $names = append $names (. | splitList "/" | first) -}}
{{- end -}}
{{- range $pool, $_ := .Values.config.pools -}}
{{- $names = append $names ($pool | splitList "/" | first) -}}
{{- end -}}
{{- $names | uniq | sortAlpha | toYaml -}}
{{- end }}

{{- /* Namespaces whose objects are not checked. A cluster there would count for others and never be checked. */ -}}
{{- define "iomesh-guard.exemptNamespaces" -}}
{{- $clusters := include "iomesh-guard.clusterNamespaces" . | fromYamlArray -}}
{{- if has .Release.Namespace $clusters -}}
{{- fail (printf "the release cannot be in namespace %s: that of the release is not checked, and %s has an IOMesh cluster" .Release.Namespace .Release.Namespace) -}}
{{- end -}}
{{- range .Values.excludedNamespaces -}}
{{- if has . $clusters -}}
{{- fail (printf "excludedNamespaces cannot contain %s: it has an IOMesh cluster (config.managementCluster, config.pools)" .) -}}
{{- end -}}
{{- end -}}
{{- append .Values.excludedNamespaces .Release.Namespace | uniq | toYaml -}}
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
{{- end }}
