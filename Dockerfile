# Both tags move with security fixes. For an image that can be built again with the same bytes name digests in place of
# them; SECURITY.md says how: --build-arg BUILD_IMAGE=node@sha256:… --build-arg RUN_IMAGE=gcr.io/distroless/…@sha256:…
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot

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

# Run it: Node and the bundle only, without shell and package manager, as a user that is not root.
FROM ${RUN_IMAGE}
WORKDIR /app
COPY --from=build /build/dist ./dist
USER 65532:65532
EXPOSE 8443 8081
# The flags keep resident memory near the size of the live objects; see docs/serve.md. Otherwise V8 lets the
# old generation grow up to fourfold between two collections, and the young generation up to 128 MiB:
# https://github.com/v8/v8/blob/13.6.233.17/src/heap/heap-controller.cc (GrowingFactor)
# https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
ENTRYPOINT ["/nodejs/bin/node", "--heap-growing-percent=20", "--max-semi-space-size=1", "/app/dist/cli.js"]
CMD ["serve"]
