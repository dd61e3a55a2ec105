//! The server of a case: answers HTTP on loopback from the case's replies.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::replies::{Book, Reply};

/// A server that ends with its value.
pub(crate) struct Server {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts on a port that the system picks.
    pub(crate) fn start(book: Book) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| format!("could not listen on loopback: {e}"))?;
        let address = listener.local_addr().map_err(|e| format!("could not listen on loopback: {e}"))?;
        let ended = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().take_while(|_| !seen.load(Ordering::SeqCst)).flatten() {
                let book = book.clone();
                // A connection that breaks is the client's affair; the case sees what came of it.
                std::thread::spawn(move || drop(serve(stream, &book)));
            }
        });
        Ok(Self { address, ended, thread: Some(thread) })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread up, which waits for a connection.
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn serve(stream: TcpStream, book: &Book) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(());
    }
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        match header.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0)
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let question = format!("> {}", first.trim_end().trim_end_matches(" HTTP/1.1"));
    let missing =
        || Reply { code: 599, body: "the case has no answer for this request\n".to_owned(), ..Reply::default() };
    let reply = book.ask(&question, &String::from_utf8_lossy(&body)).ok().flatten().unwrap_or_else(missing);
    respond(stream, &reply)
}

fn respond(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    let status = if reply.code == 0 { 200 } else { reply.code };
    let mut head =
        format!("HTTP/1.1 {status} {status}\r\nconnection: close\r\ncontent-length: {}\r\n", reply.body.len());
    if !reply.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        head.push_str("content-type: application/json\r\n");
    }
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(reply.body.as_bytes())?;
    stream.flush()
}
