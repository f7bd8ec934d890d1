//! Pages of `database.*`: the database does not answer, or answers with an error.
//!
//! Violated unique fields are records' refusals, not errors of the database. Invariant: no page shows a password.

use super::{shell, toml};
use crate::Page;

pub(crate) const TITLE: &str = "Databases";

pub(crate) const REFUSED: Page = Page {
    meaning: "The machine of the database was reached, but nothing listens at this port.",
    causes: &[
        "The database server is not running.",
        "The port in the URL is another than the server's.",
        "The server listens on its own machine only, or a firewall refuses.",
    ],
    solutions: &[
        "Start the server, and see that it listens on the address in the URL.",
        "Correct host and port in the data source's URL.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com:5433/crm" # the server listens on 5432"#,
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com:5432/crm""#,
    ),
};

pub(crate) const UNKNOWN_HOST: Page = Page {
    meaning: "The host name in the data source's URL has no address.",
    causes: &[
        "The name is misspelt.",
        "It is known in another network only, such as that of a container or of an office.",
        "The name server does not answer.",
    ],
    solutions: &[
        "Look the name up on the machine of the host: `getent hosts db.example.com`.",
        "Correct the name in the URL, or use an address.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "postgres://modelhost@bd.example.com/crm""#,
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com/crm""#,
    ),
};

pub(crate) const AUTH_FAILED: Page = Page {
    meaning: "The database server answered, and does not accept this user with this password.",
    causes: &[
        "User or password is wrong, or was changed.",
        "The password has characters such as `@`, `/` or `%` that are not percent-encoded in the URL.",
        "The server does not let this user in from this machine, or to this database.",
    ],
    solutions: &[
        "Try the same user with the database's own client from the same machine.",
        "Percent-encode the password in the URL: `@` is `%40`, `/` is `%2F`, `%` is `%25`.",
        "Let the server admit the user (PostgreSQL: `pg_hba.conf`; MySQL: `CREATE USER`, `GRANT`).",
    ],
    example: toml(
        r#"[data_sources.main]
url_env = "MAIN_URL" # postgres://modelhost:50%off@db.example.com/crm"#,
        r#"[data_sources.main]
url_env = "MAIN_URL" # postgres://modelhost:50%25off@db.example.com/crm"#,
    ),
};

pub(crate) const MISSING: Page = Page {
    meaning: "The database server has no database of this name. The host makes schemas and tables, never a database on a server.",
    causes: &["The name in the URL is misspelt.", "The database was not created yet, or is on another server."],
    solutions: &[
        "Create the database with the server's own tools: `createdb crm`.",
        "Correct the name behind the last slash of the URL.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com/cmr""#,
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com/crm""#,
    ),
};

pub(crate) const TLS_REQUIRED: Page = Page {
    meaning: "The database server only talks over TLS, and the connection was not encrypted.",
    causes: &[
        "The URL switches TLS off (`sslmode=disable`).",
        "The server was set to demand TLS after the URL was written.",
    ],
    solutions: &[
        "Write `sslmode=require` into the URL, or `sslmode=verify-full` to check the server's certificate as well.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com/crm?sslmode=disable""#,
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com/crm?sslmode=require""#,
    ),
};

pub(crate) const POOL_EXHAUSTED: Page = Page {
    meaning: "All connections of the data source were in use, and none became free within `wait_ms_max`.",
    causes: &[
        "More requests at once than `connections_max` can carry.",
        "Slow statements hold connections for long.",
        "Many namespaces share one data source, and one of them is very busy.",
    ],
    solutions: &[
        "Send fewer requests at once, and try again a little later.",
        "As the operator, raise `connections_max`, within what the server admits, or `wait_ms_max`.",
        "Run `modelhost inspect` to see how many connections are in use, and find the slow statements.",
    ],
    example: toml(
        r#"[data_sources.main]
url_env = "MAIN_URL"
connections_max = 2"#,
        r#"[data_sources.main]
url_env = "MAIN_URL"
connections_max = 20"#,
    ),
};

pub(crate) const TIMED_OUT: Page = Page {
    meaning: "The database did not answer in time: to a connection within `connect_ms_max`, or to a statement within `statement_ms_max`. Whether a write was stored is not known.",
    causes: &[
        "The statement reads many rows: a list with a condition on a field without an index.",
        "The statement waits for a lock that another session holds.",
        "The network drops packets to the server, or the server is overloaded.",
    ],
    solutions: &[
        "Read the record before you send a write again.",
        "Ask for less: a condition on the key or on a unique field, a lower `limit` or `offset`.",
        "As the operator, see what the server is doing; raise the limit if the work is honest.",
    ],
    example: shell(
        r#"modelhost call acme customer list '{"options": {"offset": 100000, "limit": 1000}}'"#,
        r#"modelhost call acme customer list '{"filter": {"id": {"$gt": "018f4e9c-3b1a-7cc2-9d55-0b6f6a3e1c77"}}, "options": {"limit": 100}}'"#,
    ),
};

pub(crate) const CONNECTION_LOST: Page = Page {
    meaning: "The connection to the database ended during the operation. Whether a write was stored is not known.",
    causes: &[
        "The server was restarted, or failed over to another.",
        "The server or a proxy ends sessions that are idle or old.",
        "The network was interrupted.",
    ],
    solutions: &[
        "Read the record before you send a write again; reads can be sent again at once.",
        "As the operator, look into the server's log for the end of the session.",
    ],
    example: shell(
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "email": "ada@example.com"}}'   # again, without looking"#,
        r#"modelhost call acme customer read '{"filter": {"email": "ada@example.com"}, "options": {"missing": "null"}}'"#,
    ),
};

pub(crate) const BUSY: Page = Page {
    meaning: "The database is locked by another writer, and did not become free in time. Nothing was written.",
    causes: &[
        "Another program has the SQLite file open in a transaction: a shell, a backup, a second host.",
        "Very many writes to one SQLite file at once: it has one writer at a time.",
        "Two transactions waited for each other, and the server ended one of them.",
    ],
    solutions: &[
        "Try again a little later.",
        "Close other programs that use the file, or let them end their transactions.",
        "Give each namespace a file of its own: `{namespace}` in the URL.",
    ],
    example: shell(
        r#"sqlite3 data/acme.db   # BEGIN IMMEDIATE; and left open"#,
        r#"sqlite3 -readonly data/acme.db "SELECT count(*) FROM customer""#,
    ),
};

pub(crate) const DISK_FULL: Page = Page {
    meaning: "The database has no room for what was to be written. Nothing of the write has happened; reads go on, and writes too as soon as there is room.",
    causes: &[
        "The disk or the volume under the database is full.",
        "A quota of the user or of the server is used up.",
        "On SQLite, a program that reads for very long keeps the log beside the file (`-wal`) from being cut.",
    ],
    solutions: &["Make room; the host needs no restart.", "Move the database to a larger volume."],
    example: shell("df -h data   # 100%", "rm -r data/old-backups"),
};

pub(crate) const FILE: Page = Page {
    meaning: "The SQLite file can't be opened or used.",
    causes: &[
        "The folder does not exist, or the host's user may not write to it; SQLite writes files beside the database.",
        "The file is no SQLite database, or is damaged.",
        "The disk is read-only.",
    ],
    solutions: &[
        "Make the folder, and give it to the user that runs the host.",
        "Correct the path in the URL; it is relative to where the host was started unless it begins with a slash.",
        "Restore a damaged file from a backup.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "sqlite:/usr/data/{namespace}.db" # the host does not run as root"#,
        r#"[data_sources.main]
url = "sqlite:/var/lib/modelhost/{namespace}.db""#,
    ),
};

pub(crate) const FAILED: Page = Page {
    meaning: "The database answered with an error that has no page of its own. What it said stands in the host's log, not in the answer, because it may hold values of other records.",
    causes: &[
        "The database user may not do what the host needs: make tables, read, write.",
        "A table was changed by hand: a column is missing, or a trigger or a constraint was added.",
        "The server has run out of disk, memory or connections.",
    ],
    solutions: &[
        "As the operator, read the database's own words in the host's log.",
        "Grant the user what is missing, or take the change of the table back.",
    ],
    example: shell(
        r#"psql crm -c 'CREATE SCHEMA acme' -c 'GRANT USAGE ON SCHEMA acme TO modelhost'"#,
        r#"psql crm -c 'CREATE SCHEMA acme AUTHORIZATION modelhost'"#,
    ),
};
