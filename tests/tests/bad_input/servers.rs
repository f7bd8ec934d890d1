//! What the tests of real servers share: what differs from run to run is hidden, and no secret is shown or logged.

use e2e::{ServerDatabase, Setup, TestHost};

/// A password that no server takes.
pub(crate) const WRONG: &str = "wr0ng-s3cret";

/// A host on a database of a server. What its messages say about the server is the same in every run.
pub(crate) fn host(database: &ServerDatabase, setup: Setup) -> TestHost {
    let mut host = setup.start();
    let url = database.parts();
    host.hide(database.name(), "[database]");
    host.hide(database.tag(), "[tag]");
    if let Some(port) = url.port() {
        host.hide(&port.to_string(), "[port]");
    }
    for around in [["user: ", ""], ["`", "`"], ["://", ":***@"]] {
        let [before, behind] = around;
        host.hide(&format!("{before}{}{behind}", url.username()), &format!("{before}[user]{behind}"));
    }
    host
}

/// What comes of a deployment by way of a URL that is wrong.
pub(crate) fn deploy(database: &ServerDatabase, title: &str, url: &str) -> String {
    let host = host(database, Setup::on(url));
    host.namespace("acme", Some("schema"));
    let shown = host.deploys("acme", &[(title, artifacts::CRM)]);
    let log = host.log();
    for secret in [WRONG, database.parts().password().unwrap_or("no password")] {
        assert!(!shown.contains(secret) && !log.contains(secret), "{shown}{log}");
    }
    shown
}
