//! Values read from their text; `None` where it is none of the kind.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf};

use tonic::transport::Uri;
use tracing_subscriber::EnvFilter;

use super::{LogFormat, Secret};

const COUNT_MAX: usize = 1_000_000;
/// What stands for "none" where that is something to say.
pub(super) const OFF: &str = "off";

pub(super) fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok()
}

pub(super) fn file(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| text.into())
}

pub(super) fn secret(text: &str) -> Option<Secret> {
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain(text).then(|| Secret::new(text))
}

/// Something, or `off`.
pub(super) fn or_off<T>(read: impl Fn(&str) -> Option<T>) -> impl Fn(&str) -> Option<Option<T>> {
    move |text| {
        if text == OFF { Some(None) } else { read(text).map(Some) }
    }
}

/// Without user and password: nobody asks for them, and what names a server would show them.
pub(super) fn url(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let is_spoken = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_user = uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'));
    (is_spoken && !has_user && uri.host().is_some_and(|host| !host.is_empty())).then_some(uri)
}

/// A text that is not right, to be shown: what stands where a URL has user and password is left out.
pub(super) fn masked(text: &str) -> String {
    let Some((before, host)) = text.rsplit_once('@') else {
        return text.to_owned();
    };
    let scheme = before.split_once("//").map(|(scheme, _)| format!("{scheme}//"));
    format!("{}***@{host}", scheme.unwrap_or_default())
}

/// Collectors are spoken to without TLS: they run beside the service.
pub(super) fn collector(text: &str) -> Option<Uri> {
    url(text).filter(|uri| uri.scheme_str() == Some("http"))
}

pub(super) fn switch(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

pub(super) fn log(text: &str) -> Option<String> {
    (!text.is_empty() && EnvFilter::try_new(text).is_ok()).then(|| text.to_owned())
}

pub(super) fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "pretty" => Some(LogFormat::Pretty),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

pub(super) fn count(text: &str) -> Option<NonZeroUsize> {
    text.parse()
        .ok()
        .filter(|number: &NonZeroUsize| number.get() <= COUNT_MAX)
}
