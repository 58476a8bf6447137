//! How a service is put on the network.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use crate::config::{ConfigError, Settings, TlsFiles};

/// What a client takes a fraction of a second for, over any network.
const WELCOME_MAX: Duration = Duration::from_secs(10);

/// Far longer than a network takes to send again what it lost.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Where a server listens; port 0 takes a free one.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// For calls.
    pub rpc: SocketAddr,
    /// For calls over HTTP/1.1, in JSON, if they are taken.
    pub http: Option<SocketAddr>,
    /// For those who follow the logs over HTTP, if they are served.
    pub tiles: Option<SocketAddr>,
    /// For those who watch the service over HTTP, if they are served.
    pub admin: Option<SocketAddr>,
}

/// Everything that a server on the network takes.
#[derive(Clone, Debug)]
pub struct Hosting {
    /// Where it listens.
    pub addresses: Addresses,
    /// Who may call; anyone where there is none.
    pub access_file: Option<PathBuf>,
    /// What it shows; without it, nothing is encrypted.
    pub tls: Option<TlsFiles>,
    /// Most connections at one time.
    pub connection_count_max: usize,
    /// Longest that somebody who connected may take for the handshake, and again until HTTP begins.
    pub welcome_max: Duration,
    /// Longest that a call for one answer may take.
    pub deadline_max: Duration,
    /// Longest that a client may pause within a request.
    pub pause_max: Duration,
    /// Longest that a client may leave an answer unread.
    pub stall_max: Duration,
    /// Whether calls are traced.
    pub is_traced: bool,
}

impl Hosting {
    /// As the settings have it.
    ///
    /// # Errors
    ///
    /// When they do not allow to listen there, or are not all there that belong together.
    pub fn of(settings: &Settings) -> Result<Self, ConfigError> {
        let seconds = |count: NonZeroUsize| Duration::from_secs(count.get() as u64);
        Ok(Self {
            addresses: Addresses {
                rpc: settings.permitted_listen()?,
                http: settings.permitted_http_listen()?,
                tiles: settings.tiles_listen.value,
                admin: settings.admin_listen.value,
            },
            access_file: settings.access_file.value.clone(),
            tls: settings.tls()?,
            connection_count_max: settings.connection_count_max.value.get(),
            welcome_max: WELCOME_MAX,
            deadline_max: seconds(settings.deadline_seconds_max.value),
            pause_max: PAUSE_MAX,
            stall_max: seconds(settings.stall_seconds_max.value),
            is_traced: settings.otlp_endpoint.value.is_some(),
        })
    }
}
