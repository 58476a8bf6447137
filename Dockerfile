# Builds the one binary, then leaves the toolchain behind. Both stages stand on the same Debian, so that the C library fits.
FROM rust:1.95-bookworm AS builder
WORKDIR /build

# Dependencies first, under a stand-in for the project: this layer is built again only when they change.
COPY Cargo.toml Cargo.lock ./
RUN mkdir src \
    && echo '//! A stand-in.' > src/lib.rs \
    && printf '//! A stand-in.\nfn main() {}\n' > src/main.rs \
    && cp src/main.rs build.rs \
    && cargo build --release --locked \
    && cargo clean --release --locked --package reimage-rights

# rust-toolchain.toml stays out: it would have rustup fetch another toolchain than the image's own.
COPY build.rs ./
COPY proto proto
COPY migrations migrations
COPY src src
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN groupadd --gid 10001 reimage-rights \
    && useradd --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin reimage-rights \
    && install --directory --owner 10001 --group 10001 --mode 0700 \
        /var/lib/reimage-rights /var/lib/reimage-rights-keys /var/lib/reimage-rights-checkpoints
COPY --from=builder /build/target/release/reimage-rights /usr/local/bin/reimage-rights

USER 10001:10001
# Three volumes, not one: whoever gets hold of the database, or of a backup of it, has no key to sign another, and what was
# signed stands elsewhere.
VOLUME /var/lib/reimage-rights /var/lib/reimage-rights-keys /var/lib/reimage-rights-checkpoints
# Calls; and what `admin_listen` is set to in docker-compose.yml and deploy/.
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
# Ready while decisions can be recorded; an orchestrator that restarts what is not ready should ask `/healthz` of `admin_listen`.
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD ["reimage-rights", "health"]
# For the server, and for commands that an operator runs beside it in the same container.
ENV REIMAGE_RIGHTS_DATABASE=/var/lib/reimage-rights/decisions.db \
    REIMAGE_RIGHTS_KEY_FILE=/var/lib/reimage-rights-keys/checkpoint.keys \
    REIMAGE_RIGHTS_CHECKPOINT_FILE=/var/lib/reimage-rights-checkpoints/checkpoints

# Any address but loopback takes TLS with an access file, or --insecure as here: then whoever runs this container decides who can
# reach the port it publishes. docker-compose.yml beside this file publishes it on the host's loopback only; with its profile `tls` it
# is for others, too.
ENTRYPOINT ["reimage-rights"]
CMD ["serve", "--listen", "0.0.0.0:50051", "--insecure"]
