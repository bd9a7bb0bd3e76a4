import { joined, plural, truncate } from '../core/base/text.ts';
import type { PatchOperation } from '../core/base/edits.ts';
import type { Finding } from '../core/finding.ts';
import { describe, displayName, type ObjectRef, sameObject } from '../core/base/model.ts';
import { formatPath } from '../core/base/path.ts';
import { sanitize } from '../core/base/sanitize.ts';
import type { CreationRefusal } from './refusal.ts';

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
 * The apiserver sends warnings of any length while all of one request, also those of other webhooks, have at
 * most 4096 characters. Beyond that it cuts each at 256 and drops the rest:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go.
 * These limits count bytes, which is never less.
 */
const MAX_WARNINGS = 4096;
/** Up to this length together, which leaves room for the warnings of others, a warning can be longer than 256. */
const MAX_COMPLETE = 3072;
/** The length of a warning that is shortened. */
const MAX_WARNING = 256;
/** A shortened message has at least this length; a help that leaves less is replaced. */
const MIN_MESSAGE = 72;

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

/** Denies the request because it cannot be verified now. */
export function denyUnverified(uid: string, reason: string): ReviewResponse {
  return review({
    uid,
    allowed: false,
    status: { code: 503, reason: 'ServiceUnavailable', message: sanitize(reason) },
  });
}

/** Denies a request that the apiserver cannot carry out, as the apiserver would. */
export function refuse(uid: string, { code, reason, message }: CreationRefusal): ReviewResponse {
  return review({ uid, allowed: false, status: { code, reason, message: sanitize(message) } });
}

/** The same answer with other warnings. */
export function withWarnings(
  { response, ...review }: ReviewResponse,
  warnings: readonly string[],
): ReviewResponse {
  return { ...review, response: { ...response, warnings } };
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
export function patched(
  uid: string,
  patch: readonly PatchOperation[],
  warnings: readonly string[] = [],
): ReviewResponse {
  if (patch.length === 0) return allow(uid, warnings);
  return review({
    uid,
    allowed: true,
    ...(warnings.length === 0 ? {} : { warnings }),
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

/**
 * Warnings within the limits of the apiserver, one line each. Each names its object, unless that is the
 * subject of the request. Findings that differ only in their object share a line. The first lines are complete;
 * later ones are shortened if they do not all fit, and the last one counts the findings that are left out.
 */
export function warningTexts(
  findings: readonly Finding[],
  subject?: ObjectRef,
  noteOf: (finding: Finding) => string | undefined = () => undefined,
): string[] {
  const lines = warningLines(findings, subject, noteOf).map((line) => ({
    full: fullWarning(line),
    short: shortWarning(line),
    count: line.count,
  }));
  const texts: string[] = [];
  // The bytes that the lines from here on need at least.
  let needed = lines.reduce((sum, { short }) => sum + Buffer.byteLength(short), 0);
  const mayBeComplete = needed <= MAX_COMPLETE;
  // Room for the last line, which counts the rest.
  let left = mayBeComplete ? MAX_COMPLETE : MAX_WARNINGS - 64;
  for (const [index, { full, short }] of lines.entries()) {
    needed -= Buffer.byteLength(short);
    const text = mayBeComplete && Buffer.byteLength(full) <= left - needed ? full : short;
    if (Buffer.byteLength(text) > left) {
      const count = lines.slice(index).reduce((sum, each) => sum + each.count, 0);
      texts.push(`and ${count} more ${plural(count, 'finding')}`);
      break;
    }
    left -= Buffer.byteLength(text);
    texts.push(text);
  }
  return texts;
}

/** The parts of a warning: `head objects: message where; help; note`. */
interface WarningLine {
  readonly code: string;
  readonly head: string;
  /** Empty for the subject of the request. */
  readonly objects: readonly ObjectRef[];
  readonly message: string;
  readonly where: string;
  readonly help: string;
  readonly note: string;
  readonly count: number;
}

function warningLines(
  findings: readonly Finding[],
  subject: ObjectRef | undefined,
  noteOf: (finding: Finding) => string | undefined,
): WarningLine[] {
  const lines = new Map<string, WarningLine>();
  for (const finding of findings) {
    const { code, name, object } = finding;
    const field = formatPath(finding.path);
    const other = object !== undefined && !(subject !== undefined && sameObject(object, subject));
    const line: WarningLine = {
      code,
      head: `${code} ${name}: `,
      objects: other ? [object] : [],
      message: sanitize(finding.message),
      where: field === '' ? '' : ` (${sanitize(field)})`,
      help: finding.help === undefined ? '' : `; ${sanitize(finding.help)}`,
      note: sanitize(noteOf(finding) ?? ''),
      count: 1,
    };
    const { head, message, where, help, note } = line;
    // No text contains it: each is sanitized.
    const key = [head, message, where, help, note, other ? object.kind : ''].join('\0');
    const known = lines.get(key);
    lines.set(
      key,
      known === undefined
        ? line
        : { ...known, objects: [...known.objects, ...line.objects], count: known.count + 1 },
    );
  }
  return [...lines.values()];
}

function fullWarning({ head, objects, message, where, help, note }: WarningLine): string {
  return `${head}${objectsText(objects, objects.length)}${message}${where}${help}${note}`;
}

/**
 * A warning of at most 256 bytes. It loses the path first, then the end of a list of objects, then the end of
 * the message, so that the help remains. A help that leaves no room for the message is replaced by the command
 * that prints the page of the rule.
 */
function shortWarning(line: WarningLine): string {
  const full = fullWarning(line);
  if (Buffer.byteLength(full) <= MAX_WARNING) return full;
  const { code, head, objects, message, note } = line;
  const page = `; see: iomesh-guard explain ${code}`;
  for (const help of line.help === '' ? [''] : [line.help, page]) {
    const end = `${help}${note}`;
    for (let most = objects.length; most >= Math.min(1, objects.length); most -= 1) {
      const begin = `${head}${objectsText(objects, most)}`;
      const room = MAX_WARNING - Buffer.byteLength(begin) - Buffer.byteLength(end);
      if (Buffer.byteLength(message) <= room) return `${begin}${message}${end}`;
      if (most <= 1 && room >= MIN_MESSAGE) return `${begin}${truncateWords(message, room)}${end}`;
    }
  }
  return truncateWords(`${head}${objectsText(objects, 1)}${message}`, MAX_WARNING);
}

/** `IOMeshCluster a/a: `, `IOMeshClusters a/a, b/b and 8 more: `; empty without objects. */
function objectsText(objects: readonly ObjectRef[], most: number): string {
  const [first] = objects;
  if (first === undefined) return '';
  const names = objects.slice(0, most).map(displayName);
  const rest = objects.length - names.length;
  const list = rest > 0 ? `${names.join(', ')} and ${rest} more` : joined(names, names.length);
  return sanitize(`${first.kind}${objects.length === 1 ? '' : 's'} ${list}: `);
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
      const name = displayName(resource.ref);
      if (message.includes(name)) return message;
      const field = formatPath(path);
      return `${name}${message.includes(field) ? '' : `, ${field}`}: ${message}`;
    })
    .slice(0, 3)
    .join('; ');
}

/** The text with at most `limit` bytes; an ellipsis replaces the words at the end that do not fit. */
function truncateWords(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  const room = limit - Buffer.byteLength('…');
  let kept = '';
  for (const word of text.split(/(?<= )/)) {
    if (Buffer.byteLength(`${kept}${word}`.trimEnd()) > room) break;
    kept += word;
  }
  return `${kept.trimEnd()}…`;
}

function review(response: ReviewResponse['response']): ReviewResponse {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
