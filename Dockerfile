# By digest, so that a build does not change with a moved tag; each is the index of all platforms. SECURITY.md says how
# to compare them with the registry, and how to build with the latest ones: they get security fixes under a new digest.
# https://github.com/docker-library/repo-info/blob/2fb42a7c1204ce90c8bf85e458cec1447d6f2bbb/repos/node/remote/24-bookworm-slim.md
ARG BUILD_IMAGE=node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a
# By tag: no cluster runs it.
ARG SHELL_IMAGE=node:24-alpine

# Build the bundle, and the list of what is in it, from its sources.
FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY schemas schemas
COPY docs/rules docs/rules
COPY scripts scripts
COPY src src
RUN npm run sbom

# For jobs whose steps run in a shell of the image, as in GitLab: docker build --target shell
FROM ${SHELL_IMAGE} AS shell
COPY --from=build /build/dist /app/dist
RUN ln -s /app/dist/cli.js /usr/local/bin/iomesh-guard

# Run it: Node and the bundle only, without shell and package manager, as a user that is not root.
FROM ${RUN_IMAGE}
WORKDIR /app
COPY --from=build /build/dist ./dist
USER 65532:65532
EXPOSE 8443 8081
# Buffers of 128 KiB or more are returned to the system when they are freed. Otherwise the first large one that is freed
# raises this limit, up to 32 MiB, and the next ones stay with the allocator: 20 to 25 MB with 1 000 clusters.
# https://man7.org/linux/man-pages/man3/mallopt.3.html (M_MMAP_THRESHOLD)
ENV MALLOC_MMAP_THRESHOLD_=131072
# The flags keep resident memory near the size of the live objects; see docs/serve.md. Otherwise V8 lets the
# old generation grow up to fourfold between two collections, and the young generation up to 128 MiB:
# https://github.com/v8/v8/blob/13.6.233.17/src/heap/heap-controller.cc (GrowingFactor)
# https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
# Without the third flag, V8 takes the objects of a review for as long-lived as those of the world, and allocates them
# in the old generation: it collected that one every half second under load, for a tenth of a review each.
# https://github.com/v8/v8/blob/13.6.233.17/src/heap/pretenuring-handler.cc
# A young generation of 4 MiB is collected in about the time that other threads take to join. With them, a review took
# 3 to 11 % more processor time under the load of bench/webhook.mjs; with 2 MiB it took 6 to 14 % more, with 8 MiB no
# less.
# Maglev, the compiler between the baseline compiler and TurboFan, took 20 to 45 MB; a review took as long with it.
# https://v8.dev/blog/maglev
ENTRYPOINT ["/nodejs/bin/node", "--heap-growing-percent=20", "--max-semi-space-size=4", "--no-allocation-site-pretenuring", "--no-parallel-scavenge", "--no-maglev", "/app/dist/cli.js"]
CMD ["serve"]
