import type { Obj } from './apiserver.ts';

/** A list of metadata as an apiserver sends it in protobuf: `PartialObjectMetadataList` within `Unknown`. */
export function encodeMetadataList(list: Obj): Buffer {
  const { resourceVersion, continue: next = '' } = list['metadata'];
  const body = Buffer.concat([
    field(1, Buffer.concat([text(1, ''), text(2, resourceVersion), text(3, next)])),
    ...list['items'].map(({ metadata }: Obj) => field(2, field(1, encodeMetadata(metadata)))),
  ]);
  const type = Buffer.concat([text(1, 'meta.k8s.io/v1'), text(2, 'PartialObjectMetadataList')]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, type), field(2, body), text(3, ''), text(4, '')]);
}

function encodeMetadata(metadata: Obj): Buffer {
  const { name = '', namespace = '', uid = '', resourceVersion = '', labels = {}, generation = 0 } = metadata;
  const managed = metadata['managedFields'] ?? [];
  return Buffer.concat([
    ...[text(1, name), text(2, ''), text(3, namespace), text(4, ''), text(5, uid), text(6, resourceVersion)],
    ...[varint(7 * 8), varint(generation)],
    ...Object.entries(labels).map(([key, value]) =>
      field(11, Buffer.concat([text(1, key), text(2, String(value))])),
    ),
    ...managed.map((each: Obj) =>
      field(
        17,
        Buffer.concat([text(1, each['manager']), field(7, text(1, JSON.stringify(each['fieldsV1'])))]),
      ),
    ),
  ]);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
