//! The SQL migrations on a real PostgreSQL, by hand and by the service that applies them.
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use tests::parts;

use crate::copy::{Monorepo, fails, run};
use crate::python::Poetry;

#[test]
fn migrations() {
    let (Some(server), Some(poetry)) = (Server::start(), Poetry::found()) else { return };
    let monorepo = Monorepo::new("migrations");
    let folder = "services/migration-engine";
    let url = server.url();
    by_hand(&monorepo, &server);

    poetry.install(&monorepo, folder);
    let step = |words: &str| {
        let mut command = poetry.command(&monorepo, folder, words);
        command.env("DATABASE_URL", &url).env("MIGRATIONS", monorepo.at("migrations"));
        command
    };
    let said = run(&mut step("run pytest tests/test_database.py"));
    assert!(!said.contains("skipped"), "{said}");
    server.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    for (words, last) in [
        ("run migration-engine apply --dry-run", "would apply 6 of 6 migrations"),
        ("run migration-engine apply", "applied 6 of 6 migrations"),
        ("run migration-engine apply", "applied 0 of 6 migrations"),
    ] {
        let said = run(&mut step(words));
        assert_eq!(said.lines().last(), Some(last), "{said}");
    }
    monorepo.mutate("migrations/V6__create_messages.sql", "smallint", "integer");
    let said = fails(&mut step("run migration-engine apply"));
    assert!(said.contains("version 6 was changed after it was applied"), "{said}");
}

/// Each file by psql, in the order of their numbers; then rows that the rules allow, and one that they do not.
fn by_hand(monorepo: &Monorepo, server: &Server) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(monorepo.at("migrations")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 6);
    for file in &files {
        run(server.psql().arg("-f").arg(file));
    }
    server.query(
        "INSERT INTO products VALUES ('MUG-01', 'Coffee mug', 899); \
         INSERT INTO orders (total_cents, coupon) VALUES (899, 'WELCOME10'); \
         INSERT INTO order_lines VALUES (1, 'MUG-01', 1, 899); \
         INSERT INTO stock VALUES ('north', 'MUG-01', 7)",
    );
    fails(server.psql().args(["-c", "INSERT INTO order_lines VALUES (1, 'MUG-02', 1, 899)"]));
    fails(server.psql().args(["-c", "INSERT INTO orders (total_cents, coupon) VALUES (1, 'not a word')"]));
}

/// A PostgreSQL of its own, on loopback, that ends with the test.
struct Server {
    binaries: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Server {
    fn start() -> Option<Self> {
        let binaries = parts::needed("postgres")?.parent()?.to_path_buf();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let server = Self { binaries, folder: tempfile::tempdir().unwrap(), port };
        // PostgreSQL refuses to run as root, and wants the folder to be its own.
        run(Command::new("chmod").arg("777").arg(server.folder.path()));
        let settings = format!("-p {port} -k '' -c listen_addresses=127.0.0.1 -F");
        run(server.as_postgres("initdb").args(["-A", "trust", "-U", "postgres", "-N"]));
        run(server
            .as_postgres("pg_ctl")
            .args(["-w", "-l"])
            .arg(server.folder.path().join("log"))
            .args(["-o", &settings, "start"]));
        Some(server)
    }

    fn as_postgres(&self, program: &str) -> Command {
        let root = run(Command::new("id").arg("-u")).trim() == "0";
        let program = self.binaries.join(program);
        let mut command = if root { Command::new("runuser") } else { Command::new(&program) };
        if root {
            command.args(["-u", "postgres", "--"]).arg(&program);
        }
        command.arg("-D").arg(self.folder.path().join("data")).current_dir(self.folder.path());
        command
    }

    fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(self.binaries.join("psql"));
        command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname"]).arg(self.url());
        command
    }

    fn query(&self, sql: &str) {
        run(self.psql().args(["-c", sql]));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.as_postgres("pg_ctl").args(["-m", "immediate", "stop"]).output());
    }
}
