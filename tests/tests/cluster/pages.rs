//! Pages of numbers behind the made-up addresses of pods: what each of them would tell of its requests, by a story.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use serde_json::Value;
use tests::egress;

use crate::ground::{Ground, NEW};

/// When a page is read, and whose it is.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// Whether the pod runs the new version.
    pub(crate) new: bool,
    /// Seconds since the pod's page was there first.
    pub(crate) age: f64,
    /// Seconds since there was a page of the new version; how long it takes until then depends on how busy the machine is.
    pub(crate) since: f64,
}

/// What a pod has counted since it began.
#[derive(Clone, Copy, Default)]
pub(crate) struct Numbers {
    pub(crate) requests: f64,
    pub(crate) errors: f64,
    /// Requests that took half a second and more; the others took a tenth at most.
    pub(crate) slow: f64,
}

/// What a page tells; none when it does not answer.
pub(crate) type Story = fn(Moment) -> Option<Numbers>;

/// The pages of a namespace; they answer as long as the test's process lives.
pub(crate) struct Pages {
    story: Story,
    began: Arc<OnceLock<Instant>>,
    known: Vec<String>,
}

impl Pages {
    pub(crate) fn of(story: Story) -> Self {
        Self { story, began: Arc::default(), known: Vec::new() }
    }

    /// Gives pods that are new their pages, behind the addresses that the API server knows; all pods that there are.
    pub(crate) fn look(&mut self, ground: &Ground) -> Vec<Value> {
        let pods = ground.list("pods", "app");
        for pod in &pods {
            let name = pod["metadata"]["name"].as_str().unwrap();
            if let Some(ip) = pod["status"]["podIP"].as_str().filter(|_| !self.known.iter().any(|known| known == name))
            {
                self.serve(ground, ip, pod["spec"]["containers"][0]["image"] == NEW);
                self.known.push(name.to_owned());
            }
        }
        pods
    }

    fn serve(&self, ground: &Ground, ip: &str, new: bool) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        egress::stands_for(&ground.kubeconfig, &format!("{ip}:8080"), listener.local_addr().unwrap());
        let (story, began, born) = (self.story, Arc::clone(&self.began), Instant::now());
        if new {
            began.get_or_init(|| born);
        }
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let since = began.get().map_or(0.0, |began| began.elapsed().as_secs_f64());
                let moment = Moment { new, age: born.elapsed().as_secs_f64(), since };
                answer(stream, story(moment));
            }
        });
    }
}

fn answer(mut stream: TcpStream, numbers: Option<Numbers>) {
    let mut request = [0; 4096];
    // Nobody who scrapes sends more than a packet.
    let _ = stream.read(&mut request);
    let Some(numbers) = numbers else { return };
    let page = page(numbers);
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4\r\ncontent-length: {}\r\n", page.len());
    stream.write_all(format!("{head}connection: close\r\n\r\n{page}").as_bytes()).ok();
}

fn page(Numbers { requests, errors, slow }: Numbers) -> String {
    let [requests, errors, slow] = [requests, errors, slow].map(f64::floor);
    let (fine, fast) = (requests - errors, requests - slow);
    let bucket = |bound: &str, count: f64| format!("http_request_duration_seconds_bucket{{le=\"{bound}\"}} {count}\n");
    let buckets = [("0.05", fast * 0.9), ("0.1", fast), ("0.5", fast), ("1", requests), ("+Inf", requests)];
    let buckets: String = buckets.map(|(bound, count)| bucket(bound, count.floor())).concat();
    format!(
        "# TYPE http_requests_total counter\nhttp_requests_total{{code=\"200\"}} {fine}\nhttp_requests_total{{code=\"500\"}} {errors}\n\
         # TYPE http_request_duration_seconds histogram\n{buckets}"
    )
}
