//! A real PostgreSQL on a socket of its own.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::parts;

/// The server; it ends with the value.
pub(crate) struct Database {
    programs: PathBuf,
    folder: PathBuf,
}

impl Database {
    /// Starts one with its data in a folder; none when it is not installed.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let programs = parts::needed("postgres")?.parent()?.to_owned();
        fs::create_dir_all(folder).unwrap();
        let database = Self { programs, folder: folder.to_owned() };
        // PostgreSQL refuses to run as root; its own account has to reach the folder.
        for above in folder.ancestors().take(2) {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(above, fs::Permissions::from_mode(0o777)).unwrap();
        }
        database.own(&["initdb", "--auth", "trust", "--no-sync", "--pgdata", database.data().to_str().unwrap()]);
        let options = format!("-k {} -c listen_addresses=''", folder.display());
        database.own(&[
            "pg_ctl",
            "--wait",
            "--silent",
            "--pgdata",
            database.data().to_str().unwrap(),
            "--options",
            &options,
            "--log",
            folder.join("log").to_str().unwrap(),
            "start",
        ]);
        Some(database)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// How clients reach it.
    pub(crate) fn url(&self) -> String {
        format!("host={} user=postgres dbname=postgres", self.folder.display())
    }

    /// A program of the server, as its own account where we are root.
    fn own(&self, words: &[&str]) {
        let program = self.programs.join(words[0]);
        let id = Command::new("id").arg("-u").output().unwrap();
        let mut command = if id.stdout == b"0\n" {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let status = command
            .args(&words[1..])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{words:?}");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let data = self.data();
        if data.is_dir() {
            self.own(&["pg_ctl", "--silent", "--mode", "immediate", "--pgdata", data.to_str().unwrap(), "stop"]);
        }
    }
}
