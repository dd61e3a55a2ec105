//! How a connection is made: directly or through a proxy's tunnel, with the system's roots and private ones.
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower_service::Service;

use crate::address::Address;
use crate::error::{Error, ErrorKind, quoted};
use crate::outgoing::Outgoing;
use crate::settings::Network;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The client with its kept connections.
pub(crate) type Http = hyper_util::client::legacy::Client<HttpsConnector<Dial>, Outgoing>;

/// Opens the TCP connection that TLS then runs over.
#[derive(Clone)]
pub(crate) enum Dial {
    Direct(HttpConnector),
    Tunnel(Tunnel<HttpConnector>),
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Dial::Direct(dial) => dial.poll_ready(context).map_err(Into::into),
            Dial::Tunnel(dial) => dial.poll_ready(context).map_err(Into::into),
        }
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        match self {
            Dial::Direct(dial) => {
                let connecting = dial.call(to);
                Box::pin(async { connecting.await.map_err(Into::into) })
            }
            Dial::Tunnel(dial) => {
                let connecting = dial.call(with_port(to));
                Box::pin(async { connecting.await.map_err(Into::into) })
            }
        }
    }
}

/// A tunnel's request names the port, which a plain `http` address leaves out.
fn with_port(to: Uri) -> Uri {
    let authority = match (to.host(), to.port_u16(), to.scheme_str()) {
        (Some(host), None, Some("http")) => format!("http://{host}:80/"),
        _ => return to,
    };
    authority.parse().unwrap_or(to)
}

/// The network checked: which proxy calls go through. Reads no file.
#[derive(Clone)]
pub(crate) struct Route {
    proxy: Option<(Uri, Option<hyper::header::HeaderValue>)>,
}

impl Route {
    /// Chooses the proxy for this address, if any.
    pub(crate) fn choose(address: &Address, network: &Network) -> Result<Self, Error> {
        let (name, proxy) = match address.is_https() {
            true => ("HTTPS_PROXY", &network.https_proxy),
            false => ("HTTP_PROXY", &network.http_proxy),
        };
        let Some(proxy) = proxy else { return Ok(Route { proxy: None }) };
        let matcher =
            Matcher::builder().all(proxy.as_str()).no(network.no_proxy.as_deref().unwrap_or_default()).build();
        let target = address.of("/")?;
        // What is not a proxy's address at all is refused even for a host that NO_PROXY lists.
        let refuse = |why: &str| {
            let message = format!("could not use the proxy: {name} {why}");
            Error::new(ErrorKind::Settings, message).with_hint(format!("{name} is http://HOST:PORT"))
        };
        if Matcher::builder().all(proxy.as_str()).build().intercept(&target).is_none() {
            return Err(refuse("is not an address"));
        }
        let Some(intercept) = matcher.intercept(&target) else { return Ok(Route { proxy: None }) };
        if intercept.uri().scheme_str() != Some("http") {
            let scheme = quoted(intercept.uri().scheme_str().unwrap_or_default());
            return Err(refuse(&format!("starts with {scheme}://, and only http:// proxies are served")));
        }
        Ok(Route { proxy: Some((intercept.uri().clone(), intercept.basic_auth().cloned())) })
    }

    /// The proxy's host and port, for messages; never its user or password.
    pub(crate) fn proxy(&self) -> Option<String> {
        let (uri, _) = self.proxy.as_ref()?;
        let authority = uri.authority()?.as_str();
        Some(quoted(authority.rsplit_once('@').map_or(authority, |(_, host)| host)))
    }

    fn dial(&self) -> Dial {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        match &self.proxy {
            None => Dial::Direct(http),
            Some((proxy, None)) => Dial::Tunnel(Tunnel::new(proxy.clone(), http)),
            Some((proxy, Some(auth))) => Dial::Tunnel(Tunnel::new(proxy.clone(), http).with_auth(auth.clone())),
        }
    }
}

/// Makes the client; for `https` it reads the roots, and says which extra files could not be read.
pub(crate) fn http(address: &Address, network: &Network, route: &Route) -> Result<(Http, Vec<String>), Error> {
    let (roots, unread) = if address.is_https() { roots(network)? } else { (RootCertStore::empty(), Vec::new()) };
    let provider = rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::new(ErrorKind::Settings, format!("could not prepare TLS: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .wrap_connector(route.dial());
    Ok((hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(connector), unread))
}

/// The system's roots, or `SSL_CERT_FILE` and `SSL_CERT_DIR` in their place, and the extra ones with them.
fn roots(network: &Network) -> Result<(RootCertStore, Vec<String>), Error> {
    let replaced = network.root_file.is_some() || network.root_folder.is_some();
    let found = match replaced {
        true => {
            rustls_native_certs::load_certs_from_paths(network.root_file.as_deref(), network.root_folder.as_deref())
        }
        false => rustls_native_certs::load_native_certs(),
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(found.certs);
    let mut unread: Vec<String> = found.errors.iter().map(|e| quoted(&e.to_string())).collect();
    for file in &network.extra_roots {
        match extra(file) {
            Ok(certificates) => drop(store.add_parsable_certificates(certificates)),
            Err(why) => unread.push(format!("{}: {why}", quoted(&file.display().to_string()))),
        }
    }
    if store.is_empty() {
        let causes = if unread.is_empty() { String::new() } else { format!(" ({})", unread.join("; ")) };
        let message = format!("could not prepare TLS: no trusted root certificate is on this system{causes}");
        return Err(Error::new(ErrorKind::Settings, message)
            .with_hint("install the package ca-certificates, or name a PEM file in SSL_CERT_FILE"));
    }
    Ok((store, unread))
}

fn extra(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    use rustls::pki_types::pem::PemObject;
    let certificates = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match certificates {
        Ok(none) if none.is_empty() => Err("holds no certificate".to_owned()),
        Ok(some) => Ok(some),
        Err(error) => Err(quoted(&error.to_string())),
    }
}
