/** The kinds of event. */
export const E = {
  streamEnd: 0,
  documentStart: 1,
  documentEnd: 2,
  alias: 3,
  scalar: 4,
  sequenceStart: 5,
  sequenceEnd: 6,
  mappingStart: 7,
  mappingEnd: 8,
} as const;

export type EventType = (typeof E)[keyof typeof E];
