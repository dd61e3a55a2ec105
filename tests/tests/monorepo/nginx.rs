//! The front end as nginx serves it.
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use tests::parts;

use crate::copy::{Monorepo, run};
use crate::frontend::{linked, npm};

#[test]
fn frontend_is_served() {
    let Some(nginx) = parts::needed("nginx") else { return };
    let monorepo = Monorepo::new("frontend_is_served");
    if linked(&monorepo).is_none() {
        return;
    }
    run(&mut npm(&monorepo, "build"));
    let ports = [port(), port()];
    let folder = monorepo.at("nginx");
    fs::create_dir_all(&folder).unwrap();
    let root = monorepo.at("frontend/dist");
    let servers = monorepo.read("frontend/nginx.conf").replace("/usr/share/nginx/html", root.to_str().unwrap());
    let [site, metrics] = ports.map(|port| format!("listen 127.0.0.1:{port}"));
    let servers = servers.replace("listen 8080", &site).replace("listen 9113", &metrics);
    // The files are read by the user that nginx changes to; here it is whoever runs the test.
    let user = if run(Command::new("id").arg("-u")).trim() == "0" { "user root;" } else { "" };
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let paths = paths.map(|name| format!("{name}_temp_path {};\n", folder.join(name).display())).concat();
    let config = format!(
        "{user} daemon off; pid {0}/pid; error_log {0}/error.log;\nevents {{}}\nhttp {{ access_log off;\n\
         types {{ text/html html; text/javascript js; }}\n{paths}{servers} }}\n",
        folder.display()
    );
    fs::write(folder.join("nginx.conf"), config).unwrap();
    let mut command = Command::new(nginx);
    command.args(["-e", "stderr", "-p"]).arg(&folder).arg("-c").arg(folder.join("nginx.conf"));
    let _running = Running(command.spawn().unwrap());

    assert!(answer(ports[0], "/healthz").ends_with("\r\n\r\nok\n"));
    let page = answer(ports[0], "/any/page");
    assert!(page.contains("<div id=\"root\">") && page.contains("Cache-Control: no-cache"), "{page}");
    let script = page.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let script = answer(ports[0], script);
    assert!(script.starts_with("HTTP/1.1 200") && script.contains("immutable"), "{:?}", script.lines().next());
    assert!(answer(ports[0], "/assets/nothing.js").starts_with("HTTP/1.1 404"));
    let counted = answer(ports[1], "/metrics");
    let active = counted.lines().find_map(|line| line.strip_prefix("nginx_connections_active "));
    assert!(active.is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 0)), "{counted}");
}

fn port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// What is answered, once there is somebody to answer.
fn answer(port: u16, path: &str) -> String {
    let start = Instant::now();
    let mut stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(e) => assert!(start.elapsed() < Duration::from_secs(20), "nginx does not listen: {e}"),
        }
        thread::yield_now();
    };
    write!(stream, "GET {path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // The master ends its workers when it is asked to; killed, it would leave them.
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        if asked.is_ok_and(|status| status.success()) {
            drop(self.0.wait());
        }
    }
}
