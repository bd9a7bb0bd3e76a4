import { readField } from '../../schema/read-field.ts';
import { at, isArray, isObject, type Json, own } from '../../base/json.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { ReportViolation, Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';
import { DEVICE_MAP, deviceMapEntries, deviceMapOf } from '../../iomesh/device-map.ts';

/** The label with the name of a disk on its node, such as `dev.sdb`. */
const DEVICE_PATH = 'iomesh.com/bd-devicePath';

/** IOM303: a deviceMap entry selects its disks by something that a reboot does not change. */
export const deviceMapSelector: Rule = {
  code: 'IOM303',
  name: 'device-map-selector',
  severity: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    for (const [type, entry] of deviceMapEntries(deviceMapOf(subject) ?? {})) {
      if (!isObject(entry)) continue;
      const path = [...DEVICE_MAP, type, 'selector'];
      const selector = own(entry, 'selector');
      const { state } = readField(world, subject, path);
      if (state === 'absent' && !listsDisks(own(entry, 'include')))
        reportNone(subject, type, entry, path, report);
      else if (state === 'present' && isEmpty(selector)) reportEmpty(subject, type, path, report);
      reportDiskNames(subject, type, selector, path, report);
    }
  },
};

/** True for a list with at least one disk. Only 1.2 has such lists; in 1.0 the field is IOM004. */
function listsDisks(include: Json | undefined): boolean {
  return isArray(include) && include.length > 0;
}

function isEmpty(selector: Json | undefined): boolean {
  if (!isObject(selector)) return false;
  return [own(selector, 'matchLabels'), own(selector, 'matchExpressions')].every(
    (part) =>
      part === undefined ||
      part === null ||
      (isObject(part) && Object.keys(part).length === 0) ||
      (isArray(part) && part.length === 0),
  );
}

function reportNone(subject: Resource, type: string, entry: Json, path: Path, report: ReportViolation): void {
  const fact = listsDisks(own(entry, 'exclude')) ? 'only excludes disks' : 'has no selector';
  report({
    path,
    message: `deviceMap entry ${quoted(type)} of ${displayName(subject.ref)} ${fact}, so it does not define which disks it uses`,
    help: 'add a selector, for example matchLabels: {iomesh.com/bd-driverType: SSD}',
  });
}

function reportEmpty(subject: Resource, type: string, path: Path, report: ReportViolation): void {
  report({
    path,
    part: 'key',
    message: `the selector of deviceMap entry ${quoted(type)} of ${displayName(subject.ref)} is empty and matches every disk`,
    help: 'add labels to the selector, for example matchLabels: {iomesh.com/bd-driverType: SSD}',
  });
}

function reportDiskNames(
  subject: Resource,
  type: string,
  selector: Json | undefined,
  path: Path,
  report: ReportViolation,
): void {
  const found = (at: Path, part: 'key' | 'value', value: Json | undefined) =>
    report({
      path: at,
      part,
      message: `deviceMap entry ${quoted(type)} of ${displayName(subject.ref)} selects by disk name${inParentheses(value)}, which can mean another disk after a reboot`,
      help: 'use iomesh.com/bd-driverType, iomesh.com/bd-vendor or iomesh.com/bd-serial instead of iomesh.com/bd-devicePath',
    });
  const label = at(selector, ['matchLabels', DEVICE_PATH]);
  if (label !== undefined) found([...path, 'matchLabels', DEVICE_PATH], 'key', label);
  const expressions = own(selector, 'matchExpressions');
  if (!isArray(expressions)) return;
  for (const [index, each] of expressions.entries())
    if (own(each, 'key') === DEVICE_PATH)
      found([...path, 'matchExpressions', index, 'key'], 'value', own(own(each, 'values'), 0));
}

function inParentheses(value: Json | undefined): string {
  return typeof value === 'string' ? ` (${quoted(value)})` : '';
}
