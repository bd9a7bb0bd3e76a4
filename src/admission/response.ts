import { truncate } from '../core/base/text.ts';
import type { PatchOperation } from '../core/base/edits.ts';
import type { Finding } from '../core/finding.ts';
import { describe, displayName } from '../core/base/model.ts';
import { formatPath } from '../core/base/path.ts';
import { sanitize } from '../core/base/sanitize.ts';

/** An AdmissionReview v1 with a response, ready to send. */
export interface ReviewResponse {
  readonly apiVersion: 'admission.k8s.io/v1';
  readonly kind: 'AdmissionReview';
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
    readonly warnings?: readonly string[] | undefined;
    readonly auditAnnotations?: Readonly<Record<string, string>> | undefined;
    readonly patchType?: 'JSONPatch' | undefined;
    readonly patch?: string | undefined;
  };
}

/** kubectl prints a denial of any length; these limits keep it readable in a terminal. */
const MAX_DENIALS = 50;
const MAX_LINE = 2000;
/**
 * If all warnings exceed 4096 characters, the apiserver cuts each at 256 and drops those beyond 4096:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go.
 * These limits count bytes, which is never less.
 */
const MAX_WARNING = 256;
const MAX_WARNINGS = 4096;

/** Admits the request. */
export function allow(
  uid: string,
  warnings: readonly string[] = [],
  audit: Readonly<Record<string, string>> = {},
): ReviewResponse {
  return review({
    uid,
    allowed: true,
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(Object.keys(audit).length === 0 ? {} : { auditAnnotations: audit }),
  });
}

/** Denies the request with all findings. With reason Forbidden, unlike Invalid, kubectl prints the whole message. */
export function deny(
  uid: string,
  denied: readonly Finding[],
  warnings: readonly string[],
  audit: Readonly<Record<string, string>>,
): ReviewResponse {
  return review({
    uid,
    allowed: false,
    status: { code: 403, reason: 'Forbidden', message: denialMessage(denied) },
    ...(warnings.length === 0 ? {} : { warnings }),
    auditAnnotations: audit,
  });
}

/** Adds a last line to a denial. */
export function withNote({ response, ...review }: ReviewResponse, note: string): ReviewResponse {
  const { status } = response;
  if (status === undefined) return { ...review, response };
  return {
    ...review,
    response: { ...response, status: { ...status, message: `${status.message}\nnote: ${note}` } },
  };
}

/** Admits the request with a patch; without one if there are no operations. */
export function patched(uid: string, patch: readonly PatchOperation[]): ReviewResponse {
  if (patch.length === 0) return review({ uid, allowed: true });
  return review({
    uid,
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
  });
}

/** The message of a denial: one line per finding with field, related objects and help. */
export function denialMessage(denied: readonly Finding[]): string {
  const lines = denied.slice(0, MAX_DENIALS).map(findingLine);
  if (denied.length > MAX_DENIALS) lines.push(`and ${denied.length - MAX_DENIALS} more`);
  return lines.length === 1
    ? (lines[0] ?? '')
    : `${denied.length} findings\n${lines.map((each) => `- ${each}`).join('\n')}`;
}

/** Warnings within the limits of the apiserver, one line each. The last one counts the findings that do not fit. */
export function warningTexts(findings: readonly Finding[]): string[] {
  const texts: string[] = [];
  const reserve = 64;
  let left = MAX_WARNINGS - reserve;
  for (const [index, finding] of findings.entries()) {
    const text = warningText(finding);
    const size = Buffer.byteLength(text);
    if (size > left) {
      texts.push(`and ${findings.length - index} more findings`);
      break;
    }
    left -= size;
    texts.push(text);
  }
  return texts;
}

function warningText(finding: Finding): string {
  const head = `${finding.code} ${finding.name}: ${sanitize(finding.message)}`;
  const field = formatPath(finding.path);
  const where = field === '' ? '' : ` (${field})`;
  const help = finding.help === undefined ? '' : `; ${sanitize(finding.help)}`;
  for (const text of [`${head}${where}${help}`, `${head}${help}`, `${head}${where}`, head])
    if (Buffer.byteLength(text) <= MAX_WARNING) return text;
  return truncateBytes(head, MAX_WARNING);
}

/** A finding in one line. A line that is too long loses the related objects before the help. */
function findingLine(finding: Finding): string {
  const full = findingText(finding, relatedText(finding));
  return full.length <= MAX_LINE ? full : truncate(findingText(finding, ''), MAX_LINE);
}

function findingText(finding: Finding, related: string): string {
  const field = formatPath(finding.path);
  const where =
    finding.object === undefined ? field : `${describe(finding.object)}${field === '' ? '' : `, ${field}`}`;
  const parts = [
    `${finding.code} ${finding.name}: ${finding.message}`,
    `[${where}${related === '' ? '' : `; see ${related}`}]`,
    ...(finding.help === undefined ? [] : [`help: ${finding.help}`]),
  ];
  return sanitize(parts.join(' '));
}

function relatedText({ related }: Finding): string {
  return related
    .map(({ resource, path, message }) => {
      if (resource === undefined) return message;
      const place = `${displayName(resource.ref)}, ${formatPath(path)}`;
      return message.includes(displayName(resource.ref)) ? message : `${place}: ${message}`;
    })
    .slice(0, 3)
    .join('; ');
}

function truncateBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  let cut = text;
  while (Buffer.byteLength(cut) > limit - 3) cut = cut.slice(0, -1);
  return `${truncate(cut, cut.length)}…`;
}

function review(response: ReviewResponse['response']): ReviewResponse {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
