//! What pods answer, since they have no processes.
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tests::egress;

/// One page for all pods of a namespace, behind the addresses that the API server knows.
pub(crate) struct Pages {
    over: Arc<AtomicBool>,
    /// Whether every pod says of itself that it is not well.
    pub(crate) sick: Arc<AtomicBool>,
    keeper: Option<JoinHandle<()>>,
}

impl Pages {
    pub(crate) fn serve(program: &Path, kubeconfig: &Path, namespace: &str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let sick = Arc::new(AtomicBool::new(false));
        let ill = Arc::clone(&sick);
        thread::spawn(move || listener.incoming().flatten().for_each(|it| answer(it, ill.load(Ordering::Relaxed))));
        let (program, kubeconfig, namespace, ended) =
            (program.to_owned(), kubeconfig.to_owned(), namespace.to_owned(), Arc::clone(&over));
        let keeper = thread::spawn(move || {
            let mut known = Vec::new();
            let words = ["get", "pods", "--output", "jsonpath={.items[*].status.podIP}"];
            while !ended.load(Ordering::Relaxed) {
                let listed = Command::new(&program)
                    .env("KUBECONFIG", &kubeconfig)
                    .args(["--namespace", &namespace])
                    .args(words)
                    .output()
                    .unwrap();
                for ip in String::from_utf8_lossy(&listed.stdout).split_whitespace() {
                    if !known.contains(&ip.to_owned()) {
                        egress::stands_for(&kubeconfig, &format!("{ip}:8080"), address);
                        known.push(ip.to_owned());
                    }
                }
                thread::sleep(Duration::from_millis(300));
            }
        });
        Self { over, sick, keeper: Some(keeper) }
    }

    pub(crate) fn stop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

fn answer(mut stream: TcpStream, sick: bool) {
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap_or(0);
    let asked = String::from_utf8_lossy(&request[..length]).into_owned();
    let body = if asked.contains("/v1/products") { "[]" } else { "ok\n" };
    let status = if sick && asked.contains("/healthz") { "503 Service Unavailable" } else { "200 OK" };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
    let _ = stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes());
}
