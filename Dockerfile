# Gazette in a container: one binary, its browser files, nothing else. `docker build -t gazette .`
#
#   docker run --rm --network host --read-only -v gazette:/data -e GAZETTE_ADDR=127.0.0.1:3000 gazette
#
# tries it on this machine, with the embedded pool (Linux). Behind a proxy, the site listens on all addresses of the
# container: set GAZETTE_PUBLIC_URL, GAZETTE_POOL=cognito and what belongs to it (docs/configuration.md).

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/ /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/ /usr/local/lib/node_modules/
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*
# The toolchain of the image, not the newest one of rust-toolchain.toml.
ENV RUSTUP_TOOLCHAIN=1.95.0
RUN rustup target add wasm32-unknown-unknown
WORKDIR /src
COPY . .
# The commit is not in the build context: docker build --build-arg COMMIT=$(git rev-parse --short=12 HEAD) .
ARG COMMIT=unknown
RUN make build COMMIT="$COMMIT" && mkdir -p -m 700 /data/images

# glibc, CA certificates and a user; no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/gazette /gazette/bin/gazette
COPY --from=build /src/target/site /gazette/site
COPY --from=build --chown=65532:65532 /data /data
ENV GAZETTE_ADDR=0.0.0.0:3000 \
    GAZETTE_DATA_DIR=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["/gazette/bin/gazette", "healthcheck"]
ENTRYPOINT ["/gazette/bin/gazette"]
CMD ["serve"]
