import type { PatchOperation } from '../core/base/edits.ts';
import type { Finding } from '../core/finding.ts';
import { describe, displayName } from '../core/base/model.ts';
import { formatPath } from '../core/base/path.ts';
import { sanitize, truncate } from '../core/base/sanitize.ts';

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

/** What kubectl shows of a denial has no fixed bound; a thousand followers must not fill a terminal all the same. */
const MAX_DENIALS = 50;
const MAX_LINE = 2000;
/** The apiserver cuts a warning here, and drops what goes over the sum. */
const MAX_WARNING = 256;
const MAX_WARNINGS = 4096;

/** Nothing to say against it. */
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

/** Refused, with every reason. The reason is Forbidden: kubectl then prints the message, and all of it. */
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

/** A denial with a line below its reasons. */
export function withNote({ response, ...review }: ReviewResponse, note: string): ReviewResponse {
  const { status } = response;
  if (status === undefined) return { ...review, response };
  return {
    ...review,
    response: { ...response, status: { ...status, message: `${status.message}\nnote: ${note}` } },
  };
}

/** Allowed with a patch; without operations there is no patch, and the object stays as it is. */
export function patched(uid: string, patch: readonly PatchOperation[]): ReviewResponse {
  if (patch.length === 0) return review({ uid, allowed: true });
  return review({
    uid,
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
  });
}

/** The text of a denial: a line a finding, each with its field, the other side and the way out. */
export function denialMessage(denied: readonly Finding[]): string {
  const lines = denied.slice(0, MAX_DENIALS).map(line);
  if (denied.length > MAX_DENIALS) lines.push(`and ${denied.length - MAX_DENIALS} more`);
  return lines.length === 1
    ? (lines[0] ?? '')
    : `${denied.length} findings\n${lines.map((each) => `- ${each}`).join('\n')}`;
}

/**
 * Warnings fit for the apiserver: one line each, at most 256 characters, at most 4096 in all. Where
 * more was found than fits, the last one says how many.
 */
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

/** A finding in a line. Where that gets long, the other places go first: what to do about it must be seen. */
function line(finding: Finding): string {
  const full = told(finding, sidesOf(finding));
  return full.length <= MAX_LINE ? full : truncate(told(finding, ''), MAX_LINE);
}

function told(finding: Finding, sides: string): string {
  const field = formatPath(finding.path);
  const where =
    finding.object === undefined ? field : `${describe(finding.object)}${field === '' ? '' : `, ${field}`}`;
  const parts = [
    `${finding.code} ${finding.name}: ${finding.message}`,
    `[${where}${sides === '' ? '' : `; see ${sides}`}]`,
    ...(finding.help === undefined ? [] : [`help: ${finding.help}`]),
  ];
  return sanitize(parts.join(' '));
}

function sidesOf({ related }: Finding): string {
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
