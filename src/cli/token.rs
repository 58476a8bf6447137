//! `token`

use std::path::Path;

use clap::{Args, Subcommand, ValueHint, builder::PossibleValuesParser};
use jiff::{Span, Timestamp, tz::TimeZone};

use super::{
    Ending, Failure, Screen,
    moment::read,
    table::{self, Field},
};
use crate::{
    access::{AccessError, Role, TokenEntry},
    app,
    config::{Flags, Key, Settings},
};

const COLUMNS: [&str; 4] = ["name", "roles", "expires", "sha256"];
/// What is shown of a hash: enough to tell two tokens of one caller apart.
const DIGITS_SHOWN: usize = 12;

/// Make, list or revoke the tokens that callers show
///
/// The access file keeps only their hashes, with a name, roles and an expiry each. A running server reads the file again when it changes: a new token works,
/// and a revoked one stops working, within moments. To change a caller's token, make a second one under the same name, hand it over, and take the old one out of the file.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights token create hall-3 --role checker --access-file /etc/reimage-rights/access.toml > hall-3.token
  reimage-rights token create audit --role auditor --expires 30d
  reimage-rights token list
  reimage-rights token revoke hall-3

Roles:
  checker   asks for decisions, and reads its own
  auditor   reads, reproduces, exports and proves; decides nothing
  operator  everything

Exit codes:
  0  done
  1  failed
  2  bad usage, or the access file is wrong")]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    what: What,
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Trust",
        help = "The access file; made where there is none [env: REIMAGE_RIGHTS_ACCESS_FILE]"
    )]
    access_file: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a token, add its hash to the access file, and print the token, this once
    Create {
        /// The caller's name, as records will have it
        name: String,
        #[arg(
            long = "role",
            required = true,
            value_name = "ROLE",
            value_parser = PossibleValuesParser::new(Role::ALL.map(Role::name)),
            help = "What the caller may do; several times for several roles"
        )]
        roles: Vec<String>,
        /// When it ends: a time from now such as 90d or 12h, a date, or a time
        #[arg(long, value_name = "WHEN", default_value = "90d")]
        expires: String,
    },
    /// List the tokens in the access file
    List,
    /// Take all tokens of a caller out of the access file
    Revoke {
        /// The caller's name
        name: String,
    },
}

impl TokenArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags.with(Key::AccessFile, self.access_file.as_deref())
    }

    /// Does it.
    pub(super) fn run(&self, settings: &Settings, screen: &mut Screen) -> Result<Ending, Failure> {
        let path = settings.access_file.value.as_deref();
        let path = path.ok_or_else(|| {
            Failure::BadInput(
                "there is no access file; name one with `--access-file FILE` or `REIMAGE_RIGHTS_ACCESS_FILE`"
                    .to_owned(),
            )
        })?;
        match &self.what {
            What::Create { name, roles, expires } => create(path, name, roles, expires, screen),
            What::List => list(path, screen),
            What::Revoke { name } => revoke(path, name, screen),
        }
    }
}

fn create(path: &Path, name: &str, roles: &[String], expires: &str, screen: &mut Screen) -> Result<Ending, Failure> {
    let sources = app::sources();
    let now = sources.clock.now();
    let expires = moment(expires, now)?;
    let roles = roles.iter().filter_map(|role| Role::named(role)).collect();
    let token = app::create_token(path, name, roles, expires, sources)?;
    // Shown before it is in force: a token that nobody saw must not be.
    let _ = screen.print(&format!("{}\n", token.token.reveal()))?;
    token.keep()?;
    screen.note(&format!(
        "added `{name}` to `{}` until {}; the token is shown this once",
        path.display(),
        shown(expires)
    ));
    Ok(Ending::Good)
}

fn list(path: &Path, screen: &mut Screen) -> Result<Ending, Failure> {
    let now = app::sources().clock.now();
    let tokens = app::tokens(path)?;
    let rows: Vec<_> = tokens
        .iter()
        .map(|token| row(token, now).map(|text| Field::plain(&text)))
        .collect();
    let text = match screen.width() {
        Some(width) => table::drawn(COLUMNS, rows, width, None),
        None => table::separated(COLUMNS, &rows),
    };
    let _ = screen.print(&text)?;
    Ok(Ending::Good)
}

fn row(token: &TokenEntry, now: Timestamp) -> [String; 4] {
    let roles: Vec<&str> = token.roles.iter().copied().map(Role::name).collect();
    let expired = if token.expires <= now { " (expired)" } else { "" };
    let hash: String = token.hash.to_string().chars().take(DIGITS_SHOWN).collect();
    [
        token.name.clone(),
        roles.join(" "),
        format!("{}{expired}", shown(token.expires)),
        hash,
    ]
}

fn revoke(path: &Path, name: &str, screen: &mut Screen) -> Result<Ending, Failure> {
    match app::revoke_tokens(path, name)? {
        0 => Err(Failure::BadInput(format!(
            "`{}` has no token of `{name}`; `token list` shows which there are",
            path.display()
        ))),
        count => {
            screen.note(&format!("took {count} of `{name}` out of `{}`", path.display()));
            Ok(Ending::Good)
        }
    }
}

fn shown(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A time from now, a date, which means its midnight in UTC, or a time; in the future.
fn moment(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let from_now = |span: Span| now.to_zoned_datetime(TimeZone::UTC).checked_add(span).ok();
    let moment = read(text).ok();
    let moment = moment.or_else(|| text.parse().ok().and_then(from_now).map(|zoned| zoned.timestamp()));
    moment.filter(|moment| *moment > now).ok_or_else(|| {
        Failure::BadInput(format!(
            "`{text}` is no time to come; write one from now such as `90d`, a date such as `2027-06-30`, or a time such as `2027-06-30T12:00:00Z`"
        ))
    })
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Unreadable { .. } | AccessError::Unwritable { .. } => Self::Failed(error.to_string()),
            AccessError::Malformed { .. } | AccessError::Entry { .. } | AccessError::Jwks { .. } => {
                Self::BadInput(error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_time_from_now_a_date_or_a_time() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let of = |text: &str| moment(text, now).map(|moment| moment.to_string());
        assert_eq!(of("90d").unwrap(), "2027-02-22T12:00:00Z");
        assert_eq!(of("12h").unwrap(), "2026-11-25T00:00:00Z");
        assert_eq!(of("2027-06-30").unwrap(), "2027-06-30T00:00:00Z");
        assert_eq!(of("2027-06-30T12:00:00+02:00").unwrap(), "2027-06-30T10:00:00Z");
        for wrong in ["", "soon", "90", "-1d", "2026-11-24", "99999999y"] {
            assert!(of(wrong).unwrap_err().words().contains("`90d`"), "{wrong}");
        }
    }
}
