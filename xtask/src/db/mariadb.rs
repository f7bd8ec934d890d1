//! What only MariaDB knows: its programs, its data folder, its settings and when it is ready.
//!
//! It starts no server and finds no folder. Invariant: a server of ours reads no configuration file, listens on loopback
//! alone and has one user besides the server's own, who needs a password.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Result;

use super::installed::{Version, path_folders};
use super::process::finish;
use super::server::{Durability, Server, USER};

/// Older packages have MySQL's names; MySQL's own programs are told apart by their version.
pub(super) const PROGRAMS: &[&[&str]] =
    &[&["mariadbd", "mysqld"], &["mariadb-install-db", "mysql_install_db"], &["mariadb", "mysql"]];

pub(super) const FLOOR: Version = Version(10, 6);

pub(super) const DATABASE: &str = "modelhost";

pub(super) const PID_FILE: &str = "data/pid";

/// What the server runs before it takes a connection.
const INIT_FILE: &str = "init.sql";

/// One installation, spread over several folders: PATH, then where Debian and Ubuntu, Red Hat's and Homebrew on both
/// kinds of Mac put it.
pub(super) fn places() -> Vec<Vec<PathBuf>> {
    let mut folders = path_folders();
    let distribution =
        ["/usr/sbin", "/usr/libexec", "/usr/bin", "/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin"];
    folders.extend(distribution.map(PathBuf::from));
    vec![folders]
}

/// Reads `mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu on x86_64 (Debian 12)`.
pub(super) fn version(text: &str) -> Option<Version> {
    Version::parse(text.split_whitespace().find(|word| word.contains("-MariaDB"))?)
}

pub(super) fn make_data(server: &Server) -> Result<()> {
    server.write_secret(INIT_FILE, &init_sql(server.password()))?;
    let mut install = server.command("mariadb-install-db", None);
    install.args(["--no-defaults", "--skip-test-db", "--skip-name-resolve"]);
    install.args(BARE).args(settings(Durability::ThrowAway));
    install.arg(format!("--datadir={}", server.data().display()));
    finish("mariadb-install-db", &mut install)
}

pub(super) fn arguments(server: &Server) -> Vec<String> {
    let mut arguments = vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", server.data().display()),
        format!("--port={}", server.port()),
        format!("--init-file={}", server.folder().join(INIT_FILE).display()),
    ];
    let fixed = [
        "--bind-address=127.0.0.1",
        "--skip-networking=0",
        "--skip-name-resolve",
        "--skip-ssl",
        // Relative to the data folder, as a socket's path may have 107 bytes at most.
        "--socket=socket",
        "--pid-file=pid",
        "--max-connections=200",
        "--character-set-server=utf8mb4",
        "--skip-log-bin",
    ];
    arguments.extend(fixed.iter().chain(BARE).chain(settings(server.durability())).map(|text| (*text).to_owned()));
    arguments
}

/// The server greets on its port only after the init file; logging in shows that our user is there.
pub(super) fn is_ready(server: &Server) -> bool {
    if !server.folder().join(PID_FILE).exists() {
        return false;
    }
    let mut client = server.command("mariadb", None);
    client.args(["--no-defaults", "--protocol=tcp", "--skip-ssl", "--connect-timeout=2"]);
    client.args(["--host=127.0.0.1", &format!("--port={}", server.port()), "--user", USER]);
    client.args(["--execute", "SELECT 1", DATABASE]);
    // Arguments can be read by everybody on the machine.
    client.env("MYSQL_PWD", server.password());
    client.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    client.status().is_ok_and(|status| status.success())
}

/// What keeps a server small, while its data is made and later.
const BARE: &[&str] = &["--innodb-buffer-pool-size=128M", "--performance-schema=OFF"];

fn settings(durability: Durability) -> &'static [&'static str] {
    match durability {
        Durability::Durable => &["--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=ON"],
        Durability::ThrowAway => &[
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=OFF",
            // A server that no longer has one of these options starts without it. The second is for all but InnoDB:
            // table definitions and the server's own tables, most of the time that making data takes.
            "--loose-innodb-flush-method=nosync",
            "--loose-debug-no-sync",
        ],
    }
}

/// A statement a line, as an init file wants them.
fn init_sql(password: &str) -> String {
    let mut sql = format!(
        "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\n\
         FLUSH PRIVILEGES;\n\
         CREATE DATABASE {DATABASE};\n"
    );
    for host in ["127.0.0.1", "localhost"] {
        sql.push_str(&format!("CREATE USER '{USER}'@'{host}' IDENTIFIED BY '{password}';\n"));
        sql.push_str(&format!("GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'{host}' WITH GRANT OPTION;\n"));
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_and_refuses_mysql() {
        let debian = "mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu on x86_64 (Debian 12)\n";
        assert_eq!(version(debian), Some(Version(10, 11)));
        assert_eq!(version("mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)"), None);
    }

    #[test]
    fn only_our_user_may_log_in() {
        insta::assert_snapshot!(init_sql("secret"), @r"
        DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
        FLUSH PRIVILEGES;
        CREATE DATABASE modelhost;
        CREATE USER 'modelhost'@'127.0.0.1' IDENTIFIED BY 'secret';
        GRANT ALL PRIVILEGES ON *.* TO 'modelhost'@'127.0.0.1' WITH GRANT OPTION;
        CREATE USER 'modelhost'@'localhost' IDENTIFIED BY 'secret';
        GRANT ALL PRIVILEGES ON *.* TO 'modelhost'@'localhost' WITH GRANT OPTION;
        ");
    }
}
