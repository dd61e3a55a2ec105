//! Attestations of a digest: what is asked, and what is made of each answer.
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use github::{Client, ErrorKind, Repo, Settings};

const DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One answer on a loopback socket: the request line, and what the client made of it.
fn check(status: &str, headers: &str, body: &str) -> (String, Result<Vec<String>, github::Error>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let api_url = format!("http://{}", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default().to_owned()
    });
    let client = Client::new(&Settings { api_url, ..Settings::from_env("test", None, |_| None) }).unwrap();
    let found = client.attestations(&Repo::parse("octo/demo").unwrap(), DIGEST);
    (server.join().unwrap(), found)
}

#[test]
fn bundles_come_as_they_are() {
    let body =
        r#"{"attestations": [{"repository_id": 1, "bundle_url": "https://x", "bundle": {"mediaType":"m", "n": [1]}}]}"#;
    let (asked, found) = check("200 OK", "", body);
    assert_eq!(asked, format!("GET /repos/octo/demo/attestations/sha256:{DIGEST}?per_page=100 HTTP/1.1"));
    assert_eq!(found.unwrap(), [r#"{"mediaType":"m","n":[1]}"#]);
}

#[test]
fn nothing_known_is_none() {
    assert_eq!(check("404 Not Found", "", r#"{"message": "Not Found"}"#).1.unwrap(), [""; 0]);
    assert_eq!(check("200 OK", "", r#"{"attestations": []}"#).1.unwrap(), [""; 0]);
}

#[test]
fn a_list_that_is_not_whole_is_no_list() {
    for (headers, body) in [
        ("link: <https://x/?after=a>; rel=\"next\"\r\n", r#"{"attestations": []}"#),
        ("", r#"{"attestations": [{"bundle": null, "bundle_url": "https://x"}]}"#),
        ("", r#"{"attestations": [{"bundle_url": "https://x"}]}"#),
        ("", r#"{}"#),
    ] {
        assert_eq!(check("200 OK", headers, body).1.unwrap_err().kind(), ErrorKind::BadAnswer, "{headers}{body}");
    }
}

#[test]
fn only_a_digest_becomes_part_of_the_address() {
    let client = Client::new(&Settings::from_env("test", None, |_| None)).unwrap();
    let repo = Repo::parse("octo/demo").unwrap();
    for wrong in ["", "../..", &DIGEST[1..], &format!("{}/x", &DIGEST[2..])] {
        assert_eq!(client.attestations(&repo, wrong).unwrap_err().kind(), ErrorKind::Settings, "{wrong}");
    }
}
