//! TLS with a private authority, and proxies: a real handshake and a real tunnel on loopback.
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use github::Settings;
use github_sim::{Pull, Sim};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::{settings, state, story};

/// A simulated GitHub behind TLS, its authority's certificate as a file, and a proxy that notes what it is asked for.
struct World {
    sim: Arc<Sim>,
    folder: tempfile::TempDir,
    tls_port: u16,
    proxy_port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl World {
    fn new(required_login: Option<&'static str>) -> Self {
        let pull = Pull { generated_files: 2, ..Pull::default() };
        let sim = Arc::new(Sim::start(state(pull, Vec::new())).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, format!("authority of {}", sim.address()));
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        std::fs::write(folder.path().join("root.pem"), authority.pem()).unwrap();
        let tls_port = tls_front(&sim, &authority);
        let asked = Arc::default();
        let proxy_port = proxy(Arc::clone(&asked), required_login);
        World { sim, folder, tls_port, proxy_port, asked }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// What a list call says through this network, and what the proxy was asked for.
fn check(required_login: Option<&'static str>, ours: impl FnOnce(&World, &mut Settings), expected: &str) {
    let world = World::new(required_login);
    let mut settings = settings(&format!("https://localhost:{}/api/v3", world.tls_port));
    ours(&world, &mut settings);
    let told = story(&world.sim, &settings, 2);
    let asked = world.asked.lock().unwrap().join(", ");
    let seen = format!("{told} | asked {asked}")
        .replace(&world.tls_port.to_string(), "TLS")
        .replace(&world.proxy_port.to_string(), "PROXY")
        .replace(world.folder.path().to_str().unwrap(), "DIR")
        .replace(&world.sim.address().port().to_string(), "SIM");
    let what = "could not list the files of pull request 5 of octo/demo: GET /repos/octo/demo/pulls/5/files?per_page=100&page=1";
    assert_eq!(seen.replace(what, "LIST"), expected);
}

fn trust(world: &World, settings: &mut Settings) {
    settings.network.extra_roots = vec![world.file("root.pem")];
}

#[test]
fn private_authorities_are_trusted_when_named() {
    check(None, trust, "2 files | sent 200 | asked ");
    check(None, |w, s| s.network.root_file = Some(w.file("root.pem")), "2 files | sent 200 | asked ");
    let hint =
        "name the PEM file of the authority that signed it in NODE_EXTRA_CA_CERTS, or all roots in SSL_CERT_FILE";
    let other = World::new(None);
    check(
        None,
        |w, s| {
            s.network.root_file = Some(other.file("root.pem"));
            s.network.extra_roots = vec![w.file("missing.pem")];
        },
        &format!(
            "Unreachable: LIST got no answer: the server's certificate is not trusted: UnknownIssuer [{hint}; not read: DIR/missing.pem: I/O error: No such file or directory (os error 2)] | sent  | asked "
        ),
    );
}

#[test]
fn certificates_are_for_their_host() {
    let elsewhere = |w: &World, s: &mut Settings| {
        trust(w, s);
        s.api_url = format!("https://127.0.0.1:{}", w.tls_port);
    };
    let world = "Unreachable: LIST got no answer: the server's certificate is not trusted: certificate not valid for name \"127.0.0.1\"";
    let hint =
        "name the PEM file of the authority that signed it in NODE_EXTRA_CA_CERTS, or all roots in SSL_CERT_FILE";
    check(
        None,
        elsewhere,
        &format!("{world}; certificate is only valid for DnsName(\"localhost\") [{hint}] | sent  | asked "),
    );
}

#[test]
fn no_roots_at_all_is_said() {
    let empty = |w: &World, s: &mut Settings| {
        std::fs::write(w.file("empty.pem"), "").unwrap();
        s.network.root_file = Some(w.file("empty.pem"));
        s.network.extra_roots = vec![w.file("empty.pem")];
    };
    let text = "Settings: could not prepare TLS: no trusted root certificate is on this system (DIR/empty.pem: holds no certificate)";
    let hint = "[install the package ca-certificates, or name a PEM file in SSL_CERT_FILE]";
    check(None, empty, &format!("{text} {hint} | sent  | asked "));
}

#[test]
fn calls_go_through_the_proxy() {
    let through = |w: &World, s: &mut Settings| {
        trust(w, s);
        s.network.https_proxy = Some(format!("http://127.0.0.1:{}", w.proxy_port));
    };
    check(None, through, "2 files | sent 200 | asked localhost:TLS -");
    let around = |w: &World, s: &mut Settings| {
        through(w, s);
        s.network.no_proxy = Some("example.com,localhost".to_owned());
    };
    check(None, around, "2 files | sent 200 | asked ");
    let plain = |w: &World, s: &mut Settings| {
        s.api_url = w.sim.url();
        s.network.http_proxy = Some(format!("http://127.0.0.1:{}", w.proxy_port));
    };
    check(None, plain, "2 files | sent 200 | asked 127.0.0.1:SIM -");
}

#[test]
fn proxies_want_their_login() {
    let login = |user: &'static str| {
        move |w: &World, s: &mut Settings| {
            trust(w, s);
            s.network.https_proxy = Some(format!("http://{user}127.0.0.1:{}", w.proxy_port));
        }
    };
    let basic = "Basic bWU6cEBzcw==";
    check(Some(basic), login("me:p%40ss@"), "2 files | sent 200 | asked localhost:TLS Basic bWU6cEBzcw==");
    let refused = "Unreachable: LIST got no answer: user or password is refused through the proxy 127.0.0.1:PROXY [put the user and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT]";
    check(Some(basic), login(""), &format!("{refused} | sent  | asked localhost:TLS -"));
    check(Some(basic), login("me:wrong@"), &format!("{refused} | sent  | asked localhost:TLS Basic bWU6d3Jvbmc="));
}

#[test]
fn absent_proxies_are_named_without_their_password() {
    // Port 1 was tcpmux, which nobody runs.
    let gone = |w: &World, s: &mut Settings| {
        trust(w, s);
        s.network.https_proxy = Some("http://me:secret@127.0.0.1:1".to_owned());
        s.limits.attempts = 1;
    };
    let cause =
        "tunnel error: failed to create underlying connection: tcp connect error: Connection refused (os error 111)";
    let hint = "[check the network, and HTTPS_PROXY and NO_PROXY where a proxy is needed]";
    let text = format!("Unreachable: LIST got no whole answer: {cause} through the proxy 127.0.0.1:1 {hint}");
    check(None, gone, &format!("{text} | sent  | asked "));
}

/// Ends TLS in front of the server, with a certificate for `localhost`; for as long as the process lives.
fn tls_front(sim: &Arc<Sim>, authority: &CertifiedIssuer<'_, KeyPair>) -> u16 {
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let sim = Arc::downgrade(sim);
    listen(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        if let Some(sim) = sim.upgrade() {
            sim.serve(StreamOwned::new(connection, stream));
        }
    })
}

/// A proxy that knows `CONNECT` only.
fn proxy(asked: Arc<Mutex<Vec<String>>>, required_login: Option<&'static str>) -> u16 {
    listen(move |stream| {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        let Some(first) = lines.next() else { return };
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let login = headers.iter().find_map(|h| h.strip_prefix("Proxy-Authorization: "));
        asked.lock().unwrap().push(format!("{target} {}", login.unwrap_or("-")));
        let mut out = stream.try_clone().unwrap();
        if required_login.is_some_and(|wanted| login != Some(wanted)) {
            let _ = out.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
            return;
        }
        let Ok(server) = TcpStream::connect(target) else { return };
        let _ = out.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
        let (mut up, mut down) = (server.try_clone().unwrap(), server);
        let mut from = stream;
        std::thread::spawn(move || std::io::copy(&mut from, &mut up).map(|_| up.shutdown(std::net::Shutdown::Write)));
        let _ = std::io::copy(&mut down, &mut out);
        let _ = out.shutdown(std::net::Shutdown::Both);
    })
}

/// A thread per connection, on a free port.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}
