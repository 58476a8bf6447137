use std::fs;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::KeyPair;
use serde_json::json;

use super::*;
use crate::access::{Right, Role, add_token};

const NOW: &str = "2027-01-01T00:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// An issuer with one key, and a gate that trusts it, knows a token and a certificate.
struct Place {
    _folder: tempfile::TempDir,
    key: KeyPair,
    token: Token,
    gate: Gate,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("access.toml");
    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let jwks = json!({ "keys": [
        { "kty": "oct", "kid": "shared", "k": "c2VjcmV0" },
        { "kty": "OKP", "crv": "Ed25519", "kid": "one", "x": base64(key.public_key_raw()) },
    ] });
    fs::write(folder.path().join("jwks.json"), jwks.to_string()).unwrap();
    let token = Token::of_random([1; 32]);
    let entry = |hash, name: &str, expires: &str| TokenEntry {
        name: name.to_owned(),
        hash,
        roles: vec![Role::Checker],
        expires: expires.parse().unwrap(),
    };
    let text = "[jwt]\nissuer = \"https://issuer\"\naudience = \"rights\"\njwks_file = \"jwks.json\"\nroles = { imaging = \"checker\" }\n\
                [[certificate]]\nname = \"configmgr.example.com\"\nroles = [\"operator\"]\n";
    let text = add_token(&path, text, &entry(token.hash(), "hall-3", "2027-01-01T00:00:01Z")).unwrap();
    let old = Token::of_random([2; 32]).hash();
    let text = add_token(&path, &text, &entry(old, "hall-2", NOW)).unwrap();
    fs::write(&path, text).unwrap();
    let gate = Gate::load(&path).unwrap();
    assert_eq!(gate.files().len(), 2);
    Place {
        _folder: folder,
        key,
        token,
        gate,
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Place {
    fn bearer(&self, bearer: &str) -> Result<Identity, Denial> {
        self.authorization(&format!("Bearer {bearer}"))
    }

    fn authorization(&self, authorization: &str) -> Result<Identity, Denial> {
        let credentials = Credentials {
            authorization: Some(authorization.as_bytes()),
            certificate: None,
        };
        self.gate.identify(credentials, now())
    }

    fn certificate(&self, names: &[&str], expires: &str) -> Result<Identity, Denial> {
        let kept = Kept {
            names: names.iter().map(ToString::to_string).collect(),
            expires: expires.parse().unwrap(),
        };
        let credentials = Credentials {
            authorization: None,
            certificate: Some(&kept),
        };
        self.gate.identify(credentials, now())
    }

    fn jwt(&self, header: &Header, claims: &serde_json::Value) -> String {
        let key = EncodingKey::from_ed_der(self.key.serialized_der());
        encode(header, claims, &key).unwrap()
    }

    /// What becomes of right claims after a change of them.
    fn claims(&self, change: impl Fn(&mut serde_json::Value)) -> Result<Identity, Denial> {
        let mut claims = json!({
            "iss": "https://issuer", "aud": "rights", "sub": "alice", "roles": ["imaging", "other"],
            "exp": now().as_second(), "nbf": now().as_second(),
        });
        change(&mut claims);
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("one".to_owned());
        self.bearer(&self.jwt(&header, &claims))
    }
}

#[test]
fn a_token_names_its_caller_until_it_expires() {
    let place = place();
    let identity = place.bearer(place.token.reveal()).unwrap();
    assert_eq!(identity.name, "hall-3");
    assert!(identity.roles.give(Right::Check) && !identity.roles.give(Right::Read));
    assert!(
        place
            .authorization(&format!("bearer  {}", place.token.reveal()))
            .is_ok()
    );
    let old = Token::of_random([2; 32]);
    assert_eq!(
        place.bearer(old.reveal()),
        Err(Denial::ExpiredToken("hall-2".to_owned()))
    );
}

#[test]
fn what_is_nobodys_is_not_taken() {
    let place = place();
    assert_eq!(place.bearer("rr_x"), Err(Denial::UnknownToken));
    assert_eq!(place.gate.identify(Credentials::default(), now()), Err(Denial::Missing));
    for malformed in ["", "Bearer", "Bearer ", "Basic abc", place.token.reveal()] {
        assert_eq!(place.authorization(malformed), Err(Denial::Malformed), "{malformed}");
    }
    let no_issuer = Gate::default();
    let jwt = Credentials {
        authorization: Some(b"Bearer a.b.c"),
        certificate: None,
    };
    assert_eq!(no_issuer.identify(jwt, now()), Err(Denial::UnknownToken));
}

#[test]
fn a_certificate_is_known_by_any_of_its_names_until_it_expires() {
    let place = place();
    let later = "2027-01-01T00:00:01Z";
    let identity = place.certificate(&["x", "configmgr.example.com"], later).unwrap();
    assert_eq!(identity.name, "configmgr.example.com");
    assert!(identity.roles.give(Right::Check) && identity.roles.give(Right::Read));
    let denied = place.certificate(&["configmgr.example.com"], NOW);
    assert_eq!(
        denied,
        Err(Denial::ExpiredCertificate("configmgr.example.com".to_owned()))
    );
    assert!(matches!(
        place.certificate(&["x"], later),
        Err(Denial::UnknownCertificate(_))
    ));
    assert!(matches!(
        place.certificate(&[], later),
        Err(Denial::UnknownCertificate(_))
    ));
}

type Change<'a> = dyn Fn(&mut serde_json::Value) + 'a;

#[test]
fn a_jwt_of_the_issuer_names_its_caller_and_no_other_does() {
    let place = place();
    let identity = place.claims(|_| ()).unwrap();
    assert_eq!(identity.name, "jwt:alice");
    assert!(identity.roles.give(Right::Check) && !identity.roles.give(Right::Read));
    let text = |claims: &mut serde_json::Value| claims["roles"] = json!("other imaging");
    assert!(place.claims(text).is_ok());
    let seconds = now().as_second();
    let changes: [(&str, &Change<'_>); 13] = [
        ("Issuer", &|claims| claims["iss"] = json!("https://other")),
        ("Audience", &|claims| claims["aud"] = json!("other")),
        ("exp", &|claims| drop(claims.as_object_mut().unwrap().remove("exp"))),
        ("iss", &|claims| drop(claims.as_object_mut().unwrap().remove("iss"))),
        ("aud", &|claims| drop(claims.as_object_mut().unwrap().remove("aud"))),
        ("expired", &|claims| claims["exp"] = json!(seconds - 60)),
        ("exp", &|claims| claims["exp"] = json!("soon")),
        ("not valid yet", &|claims| claims["nbf"] = json!(seconds + 61)),
        ("`sub`", &|claims| drop(claims.as_object_mut().unwrap().remove("sub"))),
        ("local", &|claims| claims["sub"] = json!("local")),
        ("200 bytes", &|claims| claims["sub"] = json!("x".repeat(201))),
        ("`roles`", &|claims| claims["roles"] = json!(7)),
        ("no role", &|claims| claims["roles"] = json!(["operator"])),
    ];
    for (expected, change) in changes {
        let Err(Denial::Jwt(why)) = place.claims(change) else {
            panic!("{expected} was taken");
        };
        assert!(why.contains(expected), "{expected}: {why}");
    }
}

#[test]
fn a_jwt_is_not_taken_under_another_key_or_algorithm() {
    let place = place();
    let claims =
        json!({ "iss": "https://issuer", "aud": "rights", "sub": "a", "roles": "imaging", "exp": now().as_second() });
    let mut foreign = Header::new(Algorithm::EdDSA);
    foreign.kid = Some("two".to_owned());
    assert!(place.bearer(&place.jwt(&foreign, &claims)).is_err());

    // The public key as a shared secret, and the shared secret that the set holds.
    for secret in [place.key.public_key_raw(), b"secret"] {
        for id in ["one", "shared"] {
            let mut header = Header::new(Algorithm::HS256);
            header.kid = Some(id.to_owned());
            let forged = encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap();
            assert!(place.bearer(&forged).is_err());
        }
    }
    let right = place.jwt(&Header::new(Algorithm::EdDSA), &claims);
    assert!(place.bearer(&right).is_ok());
    let (signed, signature) = right.rsplit_once('.').unwrap();
    let (_, payload) = signed.split_once('.').unwrap();
    let none = format!("{}.{payload}.", base64(br#"{"alg":"none","typ":"JWT"}"#));
    let mut flipped = signature.to_owned();
    flipped.replace_range(..1, if signature.starts_with('A') { "B" } else { "A" });
    for forged in [
        none,
        format!("{signed}.{flipped}"),
        format!("{signed}."),
        "a.b.c".to_owned(),
        "..".to_owned(),
    ] {
        assert!(matches!(place.bearer(&forged), Err(Denial::Jwt(_))), "{forged}");
    }
}

#[test]
fn a_key_set_without_a_public_key_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("access.toml");
    fs::write(
        &path,
        "[jwt]\nissuer = \"i\"\naudience = \"a\"\njwks_file = \"k.json\"\n",
    )
    .unwrap();
    let error = Gate::load(&path).unwrap_err().to_string();
    assert!(error.contains("k.json` cannot be read"), "{error}");
    for jwks in [
        "",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}",
    ] {
        fs::write(folder.path().join("k.json"), jwks).unwrap();
        let error = Gate::load(&path).unwrap_err().to_string();
        assert!(error.contains("k.json` holds no key set"), "{error}");
    }
}
