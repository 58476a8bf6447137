//! Certificates of an authority of the test's own, and callers with tokens.

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use reimage_rights::{
    access::{Role, Token},
    app,
    config::TlsFiles,
    service::{Clock, Sources},
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, ClientTlsConfig, Endpoint, Identity},
};

use super::server::{Place, Server};

/// An authority that issues certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
pub struct Issued {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "the test's authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate on these names that ends with a year.
    pub fn issue(&self, names: &[&str], until: i32) -> Issued {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = date_time_ymd(until, 1, 1);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// How a client believes servers of this authority, and what it shows.
    pub fn client(&self, shown: Option<&Issued>) -> ClientTlsConfig {
        let trust = ClientTlsConfig::new()
            .ca_certificate(tonic::transport::Certificate::from_pem(self.pem()))
            .domain_name("localhost");
        match shown {
            Some(Issued { certificate, key }) => trust.identity(Identity::from_pem(certificate, key)),
            None => trust,
        }
    }

    /// An encrypted connection for HTTP/1.1 of a client that believes servers of this authority, and shows a certificate or none.
    pub async fn connect(&self, address: SocketAddr, shown: Option<&Issued>) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.pem().as_bytes()).unwrap())
            .unwrap();
        let client = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut client = match shown {
            Some(Issued { certificate, key }) => {
                let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
                client.with_client_auth_cert(chain, key).unwrap()
            }
            None => client.with_no_client_auth(),
        };
        client.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = TcpStream::connect(address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        TlsConnector::from(Arc::new(client))
            .connect(name, stream)
            .await
            .unwrap()
    }
}

impl Place {
    pub fn access_file(&self) -> PathBuf {
        self.path().join("access.toml")
    }

    /// Lets in only whom its access file names from now on.
    pub fn guarded(self, access: &str) -> Self {
        let path = self.access_file();
        fs::write(&path, access).unwrap();
        self.hosted(|hosting| hosting.access_file = Some(path))
    }

    /// Makes a token in its access file. Tokens that differ in `number` differ.
    pub fn token(&self, name: &str, role: Role, expires: &str, number: u8) -> Token {
        let sources = Sources {
            clock: Clock::new(|| 0),
            fill: Box::new(move |bytes| bytes.fill(number)),
        };
        let expires = expires.parse().unwrap();
        let made = app::create_token(&self.access_file(), name, vec![role], expires, sources);
        made.unwrap().keep().unwrap()
    }

    /// Shows a certificate from now on; takes only clients of an authority where one is named.
    pub fn encrypted(self, shown: &Issued, client_ca: Option<&Authority>) -> Self {
        let files = self.tls_files(client_ca.is_some());
        self.show(shown);
        if let (Some(path), Some(authority)) = (&files.client_ca, client_ca) {
            fs::write(path, authority.pem()).unwrap();
        }
        self.hosted(|hosting| hosting.tls = Some(files))
    }

    fn tls_files(&self, takes_clients_of_an_authority: bool) -> TlsFiles {
        TlsFiles {
            certificate: self.path().join("server.pem"),
            key: self.path().join("server.key"),
            client_ca: takes_clients_of_an_authority.then(|| self.path().join("clients.pem")),
        }
    }

    /// Replaces the files of the certificate that it shows.
    pub fn show(&self, shown: &Issued) {
        let files = self.tls_files(false);
        fs::write(files.certificate, &shown.certificate).unwrap();
        fs::write(files.key, &shown.key).unwrap();
    }
}

/// Shows a token with every call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// A channel of a caller.
pub type Known = InterceptedService<Channel, Bearer>;

/// What shows a bearer's credential on a channel.
pub fn bearing(channel: Channel, credential: &str) -> Known {
    InterceptedService::new(channel, Bearer(format!("Bearer {credential}").parse().unwrap()))
}

impl Server {
    /// A channel that shows a token.
    pub fn known(&self, token: &Token) -> Known {
        bearing(self.channel(), token.reveal())
    }

    /// A new connection, encrypted.
    pub async fn connect(&self, trust: ClientTlsConfig) -> Result<Channel, tonic::transport::Error> {
        let address = format!("https://{}", self.serving.address);
        Endpoint::from_shared(address)?.tls_config(trust)?.connect().await
    }
}
