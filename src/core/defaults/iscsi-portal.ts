import { ISCSI_PORTAL } from '../iomesh/connection.ts';
import { fillConnection } from './connection-keys.ts';
import type { Default } from './default.ts';

export const iscsiPortal: Default = {
  name: 'iscsi-portal',
  kinds: ['ConfigMap'],
  summary: 'A connection ConfigMap names the portal where every redirector listens.',
  fill: (resource, world, operation) =>
    fillConnection(resource, world, operation, 'iscsiPortal', () => ISCSI_PORTAL),
};
