//! JWTs of an `OpenID` Connect issuer, checked against its published keys.

use std::path::Path;

use jiff::Timestamp;
use jsonwebtoken::{
    AlgorithmFamily, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse},
};
use serde_json::Value;

use super::{
    AccessError, Identity, Role, Roles,
    file::{JWT_PREFIX, JwtEntry, named},
};

/// Seconds that two clocks may differ.
const LEEWAY_SECONDS: i64 = 60;

/// How JWTs are checked.
#[derive(Debug)]
pub(super) struct JwtRule {
    entry: JwtEntry,
    keys: Vec<PublicKey>,
}

#[derive(Debug)]
struct PublicKey {
    id: Option<String>,
    family: AlgorithmFamily,
    key: DecodingKey,
}

impl JwtRule {
    /// The rule with the keys in the text of its key set.
    pub(super) fn new(entry: JwtEntry, jwks: &str) -> Result<Self, AccessError> {
        let keys = keys(&entry.jwks_file, jwks)?;
        Ok(Self { entry, keys })
    }

    /// Who a JWT says calls, if all of it is right at this time.
    pub(super) fn identify(&self, jwt: &[u8], now: Timestamp) -> Result<Identity, String> {
        let header = decode_header(jwt).map_err(|error| error.to_string())?;
        let fits = |key: &&PublicKey| key.id.is_none() || header.kid.is_none() || key.id == header.kid;
        let keys = self.keys.iter().filter(fits);
        // Only keys of the algorithm's own family: a public key is no shared secret.
        let mut keys = keys.filter(|key| header.alg.family() == key.family);
        let mut problem = "none of the issuer's keys is named by it".to_owned();
        let claims = loop {
            let Some(key) = keys.next() else {
                return Err(problem);
            };
            match decode::<Value>(jwt, &key.key, &self.validation(key.family)) {
                Ok(data) => break data.claims,
                Err(error) => problem = error.to_string(),
            }
        };
        in_force(&claims, now)?;
        Ok(Identity {
            name: self.name(&claims)?,
            roles: self.roles(&claims)?,
        })
    }

    /// Times are checked apart, against a clock that is stated.
    fn validation(&self, family: AlgorithmFamily) -> Validation {
        let mut validation = Validation::new_for_family(family);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.set_issuer(&[&self.entry.issuer]);
        validation.set_audience(&[&self.entry.audience]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }

    fn name(&self, claims: &Value) -> Result<String, String> {
        let claim = &self.entry.name_claim;
        let name = claims.get(claim).and_then(Value::as_str);
        let name = name.ok_or_else(|| format!("it has no claim `{claim}` to name the caller by"))?;
        named(name).map_err(|problem| format!("its caller {problem}"))?;
        Ok(format!("{JWT_PREFIX}{name}"))
    }

    fn roles(&self, claims: &Value) -> Result<Roles, String> {
        let claim = &self.entry.roles_claim;
        let names: Vec<&str> = match claims.get(claim) {
            Some(Value::String(names)) => names.split_whitespace().collect(),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return Err(format!("it has no claim `{claim}` that gives roles")),
        };
        let roles: Vec<Role> = names.into_iter().filter_map(|name| self.role(name)).collect();
        if roles.is_empty() {
            return Err(format!("its claim `{claim}` gives no role"));
        }
        Ok(roles.into_iter().collect())
    }

    fn role(&self, name: &str) -> Option<Role> {
        if self.entry.roles.is_empty() {
            Role::named(name)
        } else {
            self.entry.roles.get(name).copied()
        }
    }
}

fn in_force(claims: &Value, now: Timestamp) -> Result<(), String> {
    let seconds = |claim: &str| claims.get(claim).and_then(Value::as_f64);
    let expires = seconds("exp").ok_or("it has no claim `exp`")?;
    let begins = match claims.get("nbf") {
        Some(begins) => begins.as_f64().ok_or("its claim `nbf` is no time")?,
        None => f64::MIN,
    };
    #[expect(clippy::cast_precision_loss, reason = "seconds of some thousand years fit exactly")]
    let (now, leeway) = (now.as_second() as f64, LEEWAY_SECONDS as f64);
    if now >= expires + leeway {
        Err("it has expired".to_owned())
    } else if now < begins - leeway {
        Err("it is not valid yet".to_owned())
    } else {
        Ok(())
    }
}

fn keys(path: &Path, jwks: &str) -> Result<Vec<PublicKey>, AccessError> {
    let wrong = |problem: String| AccessError::Jwks {
        path: path.to_owned(),
        problem,
    };
    let set: JwkSet = serde_json::from_str(jwks).map_err(|error| wrong(error.to_string()))?;
    let mut keys = Vec::new();
    for jwk in &set.keys {
        match public_key(jwk) {
            Ok(key) => keys.extend(key),
            // The others are still good, and one of them may be the one that signs now.
            Err(error) => {
                let id = jwk.common.key_id.as_deref().unwrap_or_default();
                tracing::warn!(path = %path.display(), id, %error, "a key of the issuer cannot be used");
            }
        }
    }
    if keys.is_empty() {
        return Err(wrong("there is none".to_owned()));
    }
    Ok(keys)
}

/// The key to check with; `None` for keys that encrypt, for shared secrets, which have no business in a published set, and for what is not known.
fn public_key(jwk: &Jwk) -> Result<Option<PublicKey>, jsonwebtoken::errors::Error> {
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return Ok(None);
    }
    let family = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => AlgorithmFamily::Rsa,
        AlgorithmParameters::EllipticCurve(_) => AlgorithmFamily::Ec,
        AlgorithmParameters::OctetKeyPair(_) => AlgorithmFamily::Ed,
        _ => return Ok(None),
    };
    Ok(Some(PublicKey {
        id: jwk.common.key_id.clone(),
        family,
        key: DecodingKey::from_jwk(jwk)?,
    }))
}
