/** A large set of manifests to time with: half of the documents are of foreign kinds. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const EXAMPLE = join(import.meta.dirname, '../examples/two-clusters/cluster-1');
const read = (name) => readFileSync(join(EXAMPLE, name), 'utf8');

/**
 * Writes `pools` IOMesh clusters, a file each with its four objects, and as many files of foreign
 * objects, four a file. Gives the number of files and documents.
 */
export function writeCorpus(folder, pools) {
  const [cluster, zookeeper, connection, storageClass] = [
    'iomesh.yaml',
    'zookeeper.yaml',
    'connection.yaml',
    'storageclass.yaml',
  ].map(read);
  const management = join(EXAMPLE, '../management');
  const managementText = ['iomesh.yaml', 'zookeeper.yaml', 'connection.yaml', 'storageclass.yaml']
    .map((name) => readFileSync(join(management, name), 'utf8'))
    .join('---\n');
  mkdirSync(join(folder, 'management'), { recursive: true });
  writeFileSync(join(folder, 'management/all.yaml'), managementText);
  for (let pool = 1; pool < pools; pool++) {
    const own = (text) =>
      text
        .replaceAll('iomesh-cluster-1', `pool-${pool}`)
        .replace(/k8s-worker-(\d)/g, (_, digit) => `worker-${pool}-${digit}`);
    const path = join(folder, `group-${pool % 50}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(
      join(path, `pool-${pool}.yaml`),
      [cluster, zookeeper, connection, storageClass].map(own).join('---\n'),
    );
    writeFileSync(join(path, `app-${pool}.yaml`), foreign(pool));
  }
  writeFileSync(join(folder, 'management/app.yaml'), foreign(0));
  return { files: pools * 2, documents: pools * 8 };
}

/** Writes a repository of `files` files of foreign objects, ten more of which are the example. */
export function writeOthers(folder, files) {
  cpSync(join(EXAMPLE, '..'), join(folder, 'storage'), { recursive: true });
  for (let number = 0; number < files - 10; number++) {
    const path = join(folder, `team-${number % 100}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `app-${number}.yaml`), foreign(number));
  }
}

function foreign(number) {
  const name = `app-${number}`;
  const container = (each) => `        - name: ${each}
          image: registry.example/${each}:1.${number}.0
          args: ["--listen=:8080", "--name=${each}"]
          env:
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
          ports:
            - containerPort: 8080
              name: http
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
${container('server')}${container('sidecar')}---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}-db
spec:
  serviceName: ${name}-db
  replicas: 3
  selector:
    matchLabels:
      app: ${name}-db
  template:
    metadata:
      labels:
        app: ${name}-db
    spec:
      containers:
${container('database')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: ${name}
rules:
  - apiGroups: [""]
    resources: ["configmaps", "secrets"]
    verbs: ["get", "list", "watch"]
`;
}
