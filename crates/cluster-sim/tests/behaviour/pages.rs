//! What is read from pods: pages by way of the API server, and logs.
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::ground::{Ground, PODS};
use crate::manifests::{deployment, faulty};
use crate::reply::{name, text};
use crate::rollouts::rolled_out;
use crate::{Behaviour, seen};

pub(crate) fn all() -> Vec<Behaviour> {
    vec![seen(a_page_of_a_pod_is_read), seen(a_pod_that_is_not_there_has_no_page), seen(a_log_is_text)]
}

/// Answers a request as a pod with metrics does.
pub(crate) fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(read) if read > 0 => request.extend_from_slice(&part[..read]),
            _ => return,
        }
    }
    let known = request.starts_with(b"GET /metrics ");
    let (status, page) = if known {
        ("200 OK", "# TYPE http_requests_total counter\nhttp_requests_total 7\n")
    } else {
        ("404 Not Found", "")
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n", page.len());
    stream.write_all(format!("{head}connection: close\r\n\r\n{page}").as_bytes()).ok();
}

async fn a_page_of_a_pod_is_read(ground: Ground) {
    rolled_out(&ground, deployment("web", 1)).await;
    let pod = ground.list(PODS, "app=web").await.remove(0);
    ground.serve(&pod, 8080);
    let path = ground.one(PODS, &format!("{}:8080/proxy/metrics", name(&pod)));
    let page = ground.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(text(&page.body).contains("\n# TYPE") || text(&page.body).starts_with("# "), "{page:#?}");
    assert!(!page.date.is_empty());
    let missing = ground.get(&ground.one(PODS, &format!("{}:8080/proxy/nothing", name(&pod)))).await;
    assert_eq!(missing.status, 404);
}

async fn a_pod_that_is_not_there_has_no_page(ground: Ground) {
    ground.get(&ground.one(PODS, "web-0:8080/proxy/metrics")).await.refused(404, "NotFound");
    ground.create(crate::ground::DEPLOYMENTS, faulty("web", 1, "bad-image")).await;
    let path = format!("{}?labelSelector=app%3Dweb", ground.all(PODS));
    let list = ground.until("a pod", &path, |list| list["items"][0]["spec"]["nodeName"].is_string()).await;
    let path = ground.one(PODS, &format!("{}:8080/proxy/metrics", name(&list["items"][0])));
    let page = ground.get(&path).await;
    // It has no address yet, or nobody listens there.
    assert!(matches!(page.status, 400 | 502 | 503), "{page:#?}");
}

async fn a_log_is_text(ground: Ground) {
    rolled_out(&ground, deployment("web", 1)).await;
    let pod = ground.list(PODS, "app=web").await.remove(0);
    let path = ground.one(PODS, &format!("{}/log?container=app&tailLines=20", name(&pod)));
    let log = ground.get(&path).await;
    assert_eq!(log.status, 200);
    assert!(log.body.is_string(), "{log:#?}");
    ground.get(&ground.one(PODS, "web-0/log")).await.refused(404, "NotFound");
}
