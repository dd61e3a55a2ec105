//! A real registry on loopback, and images in it.
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tests::parts;

/// The eight images of the monorepo.
pub(crate) const SERVICES: [&str; 8] =
    ["orders", "payments", "catalog", "inventory", "notifications", "copilot", "migration-engine", "frontend"];

/// The registry; it ends with the value.
pub(crate) struct Registry {
    process: Child,
    address: String,
    crane: std::path::PathBuf,
}

impl Registry {
    /// Starts one with its data in a folder; none when it is not installed.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let (program, crane) = (parts::needed("docker-registry")?, parts::needed("crane")?);
        fs::create_dir_all(folder).unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let config = folder.join("config.yml");
        let text = format!(
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {address}\n",
            folder.join("data").display()
        );
        fs::write(&config, text).unwrap();
        let process =
            Command::new(program).arg("serve").arg(config).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let registry = Self { process, address, crane };
        let start = Instant::now();
        while TcpStream::connect(&registry.address).is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "the registry does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(registry)
    }

    /// Where images go, without the service's name.
    pub(crate) fn prefix(&self) -> String {
        format!("{}/shop", self.address)
    }

    /// crane with these words; what it printed.
    pub(crate) fn crane(&self, words: &[&str]) -> String {
        let output = Command::new(&self.crane).args(words).arg("--insecure").output().unwrap();
        assert!(output.status.success(), "crane {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Pushes an image of every service, one layer with a text of its own.
    pub(crate) fn fill(&self, folder: &Path, tag: &str) {
        for service in SERVICES {
            let (file, layer) = (folder.join("content"), folder.join("layer.tar"));
            fs::write(&file, format!("{service} {tag}\n")).unwrap();
            let words = ["--create", "--mtime=@0", "--file"];
            let status =
                Command::new("tar").args(words).arg(&layer).arg("-C").arg(folder).arg("content").status().unwrap();
            assert!(status.success());
            let name = format!("{}/{service}:{tag}", self.prefix());
            self.crane(&["append", "--new_layer", layer.to_str().unwrap(), "--new_tag", &name]);
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
