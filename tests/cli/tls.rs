//! Whom the program trusts over TLS: the system's certificates, and a site's own where it names them.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use tempfile::TempDir;

use super::common::json;
use super::{KEY, Ran, finish, program};

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let common_name = rcgen::DnType::CommonName;
    params.distinguished_name.push(common_name, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for a name and until a year, and its key.
fn certificate(issuer: &Issuer, name: &str, until: i32) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let certificate = params.signed_by(&key, issuer).unwrap();
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap()
}

/// A server that answers every request with an empty page, and what it read in the clear.
struct Secure {
    base_url: String,
    visits: Arc<AtomicUsize>,
    read: Arc<Mutex<Vec<u8>>>,
}

impl Secure {
    fn start(config: ServerConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (visits, read) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let (seen, kept) = (visits.clone(), Arc::clone(&read));
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                seen.fetch_add(1, Ordering::SeqCst);
                // A client that does not trust us leaves in the middle: that is what is tested.
                let _ = answer(&config, stream, &kept);
            }
        });
        Self {
            base_url: format!("https://localhost:{port}"),
            visits,
            read,
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.read.lock().unwrap()).into_owned()
    }
}

fn answer(
    config: &Arc<ServerConfig>,
    mut stream: TcpStream,
    read: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    let mut session = ServerConnection::new(config.clone()).map_err(std::io::Error::other)?;
    let mut secure = Stream::new(&mut session, &mut stream);
    let mut buffer = [0; 4096];
    loop {
        let count = secure.read(&mut buffer)?;
        let mut kept = read.lock().unwrap();
        kept.extend_from_slice(&buffer[..count]);
        if count == 0 || kept.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let page = r#"{"studies":[],"hasMore":false}"#;
    secure.write_all(json(200, page).as_bytes())?;
    secure.conn.send_close_notify();
    secure.flush()
}

fn list(server: &Secure, bundle: Option<&str>) -> Ran {
    let folder = TempDir::new().unwrap();
    let mut profile = format!("[profiles.main]\nbase_url = \"{}\"\n", server.base_url);
    if let Some(bundle) = bundle {
        fs::write(folder.path().join("roots.pem"), bundle).unwrap();
        profile.push_str("ca_bundle = \"roots.pem\"\n");
    }
    let path = folder.path().join("config.toml");
    fs::write(&path, profile).unwrap();
    let mut command = program("", &["studies", "list", "--config", path.to_str().unwrap()]);
    finish(command.env_remove("AVARA_BASE_URL"))
}

#[test]
fn a_certificate_of_the_sites_own_is_trusted_once_its_bundle_is_named() {
    let site = authority("Fictional Hospital Root");
    let server = Secure::start(certificate(&site, "localhost", 2100));
    let other = authority("Other Root").pem();
    for bundle in [None, Some(other.as_str())] {
        let ran = list(&server, bundle);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(
            ran.stderr
                .contains("the server's certificate is not trusted"),
            "{ran:?}"
        );
        assert_eq!(server.text(), "", "no byte of HTTP");
    }
    assert!(server.visits.load(Ordering::SeqCst) > 0);
    let both = format!("{other}{}", site.pem());
    let ran = list(&server, Some(&both));
    assert_eq!(ran.code, 0, "{ran:?}");
    let request = server.text();
    assert!(request.contains(&format!("Bearer {KEY}")), "{request}");
}

#[test]
fn a_trusted_issuer_does_not_make_up_for_a_wrong_certificate() {
    let site = authority("Fictional Hospital Root");
    for (name, until) in [("localhost", 2021), ("elsewhere.example.org", 2100)] {
        let server = Secure::start(certificate(&site, name, until));
        let ran = list(&server, Some(&site.pem()));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(ran.stderr.contains("certificate"), "{ran:?}");
        assert_eq!(server.text(), "", "{name} until {until}");
    }
}

#[test]
fn a_bundle_that_cannot_be_used_is_reported_and_nothing_is_sent() {
    let site = authority("Fictional Hospital Root");
    let server = Secure::start(certificate(&site, "localhost", 2100));
    for bundle in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
        let ran = list(&server, Some(bundle));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{bundle:?}: {ran:?}"
        );
        assert!(
            ran.stderr.contains("ca_bundle holds no certificate"),
            "{ran:?}"
        );
    }
    assert_eq!(server.visits.load(Ordering::SeqCst), 0);
}

/// The same computer without any certificate authority.
fn without_authorities(base_url: &str, arguments: &[&str]) -> Ran {
    let empty = TempDir::new().unwrap();
    finish(
        program(base_url, arguments)
            .env("SSL_CERT_DIR", empty.path())
            .env("SSL_CERT_FILE", empty.path().join("none.pem")),
    )
}

#[test]
fn where_no_tls_is_spoken_no_certificates_are_needed() {
    let sandbox = super::clinic();
    let line = ["studies", "get", super::STUDY];
    let ran = without_authorities(&sandbox.base_url(), &line);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The same computer says what it lacks where TLS is spoken.
    let ran = without_authorities("https://clinic.invalid", &line);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            2,
            "avara-tui: the HTTP client cannot start: this computer has no certificates to verify \
             servers with; install them (on Debian: ca-certificates), or name a file with certificates \
             in ca_bundle\n"
        )
    );
}
