//! Keys that people bring from elsewhere, and what they are called here.
//!
//! A table of names and answers; the answers are written out in `unknown.rs`. Invariant: a name in this table is never a
//! key itself at the place that the table is for.

use model::{Code, Problem};

use super::written::Written;

/// What a foreign key means here. Paths have `*` for the data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The same under another name.
    Key(&'static str),
    /// The same in milliseconds; elsewhere a bare number is seconds.
    Duration(&'static str),
    /// A part of `http.listen`.
    Listen,
    /// A part of a data source's URL.
    UrlPart,
    /// A SQLite file.
    File,
    /// A password on its own.
    Password,
    /// Nothing to configure: why, and what instead.
    Nothing(&'static str, &'static str),
}

/// Names, separated by spaces, and what they all mean.
type Rows = &'static [(&'static str, Meaning)];

const URL: &str = "data_sources.*.url";

/// Inside a data source.
const IN_SOURCE: Rows = &[
    (
        "connection_string connection_url connection_uri connection db_url database_url jdbc_url dsn uri address",
        Meaning::Key(URL),
    ),
    ("path file filename filepath db_file database_file", Meaning::File),
    (
        "pool_size pool pool_max max_connections max_pool_size max_open_conns max_conns connection_limit connections",
        Meaning::Key("data_sources.*.connections_max"),
    ),
    (
        "acquire_timeout pool_timeout wait_timeout checkout_timeout busy_timeout",
        Meaning::Duration("data_sources.*.wait_ms_max"),
    ),
    ("connect_timeout connection_timeout", Meaning::Duration("data_sources.*.connect_ms_max")),
    ("timeout statement_timeout query_timeout command_timeout", Meaning::Duration("data_sources.*.statement_ms_max")),
    ("synchronous fsync sync", Meaning::Key("data_sources.*.durability")),
    (
        "host hostname server port user username database dbname db_name db driver type adapter engine dialect scheme ssl sslmode ssl_mode tls schema",
        Meaning::UrlPart,
    ),
    ("password passwd pwd pass secret password_file", Meaning::Password),
];

/// Anywhere else.
const ELSEWHERE: Rows = &[
    (
        "connection_string connection_url connection_uri db_url database_url jdbc_url dsn uri url database db db_path db_file database_file postgres_url pg_url mysql_url mariadb_url sqlite_path",
        Meaning::Key(URL),
    ),
    (
        "data_dir data_directory data_path storage_dir storage_path home_dir work_dir working_dir var_dir directory",
        Meaning::Key("state_dir"),
    ),
    (
        "host hostname port bind bind_addr bind_address address addr listen_addr listen_address listen_port http_port http_addr server_port interface",
        Meaning::Listen,
    ),
    ("log_level verbosity verbose debug rust_log log_filter", Meaning::Key("log.level")),
    ("log_format json_logs log_json json", Meaning::Key("log.format")),
    (
        "timeout request_timeout read_timeout http_timeout timeout_ms timeout_secs timeout_seconds",
        Meaning::Duration("http.request_ms_max"),
    ),
    (
        "header_timeout head_timeout header_read_timeout request_header_timeout keep_alive keep_alive_timeout keepalive_timeout idle_timeout",
        Meaning::Duration("http.head_ms_max"),
    ),
    (
        "shutdown_timeout grace_period graceful_timeout drain_timeout stop_timeout",
        Meaning::Duration("http.shutdown_ms_max"),
    ),
    (
        "max_body_size body_limit max_request_size client_max_body_size max_body_bytes body_size_max max_upload_size",
        Meaning::Key("http.body_bytes_max"),
    ),
    ("hosts allow_hosts trusted_hosts server_name host_names", Meaning::Key("http.allowed_hosts")),
    (
        "pool_size max_connections max_pool_size connection_limit max_open_conns",
        Meaning::Key("data_sources.*.connections_max"),
    ),
    ("statement_timeout query_timeout", Meaning::Duration("data_sources.*.statement_ms_max")),
    ("memory max_memory memory_limit memory_max", Meaning::Key("limits.memory_bytes_max")),
    ("call_timeout max_call_time time_limit deadline", Meaning::Duration("limits.call_time_ms_max")),
    ("env environment mode stage node_env app_env", Meaning::Key("profile")),
    (
        "auto_migrate migrate migrations run_migrations sync_schema synchronize auto_create create_tables",
        Meaning::Nothing(
            "tables come from the plugin: a deployment makes what is new and refuses every other change with its plan",
            "see what a deployment would change: modelhost deploy --dry-run; forbid changes: schema_policy of the data source",
        ),
    ),
    (
        "filters filter where sort sort_by order order_by limit offset page page_size per_page include select",
        Meaning::Nothing(
            "what to read is said in each request, not in the configuration",
            r#"send it with the request: {"filter": {"age": {"$gte": 18}}, "options": {"order_by": ["name"], "limit": 20}}"#,
        ),
    ),
    (
        "fields models tables schema entities validators rules",
        Meaning::Nothing(
            "models and their fields are declared by plugins",
            "start a plugin that declares them: modelhost plugin new NAME",
        ),
    ),
    (
        "namespaces namespace tenants tenant workspaces",
        Meaning::Nothing(
            "namespaces are kept in the state folder, not in the file",
            "make one: modelhost namespace create NAME",
        ),
    ),
    (
        "plugins plugin plugins_dir plugin_dir modules components",
        Meaning::Nothing("plugins are deployed to namespaces, not listed in the file", "deploy one: modelhost deploy"),
    ),
    (
        "api_key api_keys keys admin_key token auth_token jwt_secret secret password auth admin_password",
        Meaning::Nothing("keys are made by the host and stored as hashes", "make one: modelhost key create --admin"),
    ),
    (
        "tls ssl cert certificate cert_file key_file https",
        Meaning::Nothing(
            "the host speaks HTTP only",
            "put a proxy that speaks TLS in front and let the host listen on 127.0.0.1",
        ),
    ),
];

/// What a key of a data source means, if it is from elsewhere.
pub(super) fn in_source(name: &str) -> Option<Meaning> {
    find(IN_SOURCE, name)
}

/// What a key outside of data sources means, if it is from elsewhere.
pub(super) fn elsewhere(name: &str) -> Option<Meaning> {
    find(ELSEWHERE, name)
}

/// Why a name has no place in the configuration at all, and what to do instead.
pub(super) fn without_place(name: &str) -> Option<(&'static str, &'static str)> {
    match elsewhere(name)? {
        Meaning::Nothing(why, instead) => Some((why, instead)),
        _ => None,
    }
}

/// The answer to such a name.
pub(super) fn answer_without_place(key: &Written) -> Option<Problem> {
    let (why, instead) = without_place(key.path.first()?)?;
    let message = format!("`{}` is not configured: {why}", key.shown_path());
    let mut problem = key.problem(Code::ConfigUnknownKey, message);
    problem.solutions = vec![instead.to_owned(), key.removal()];
    problem.example = key.taken_out();
    Some(problem)
}

/// A name without the differences between `db_url`, `db-url`, `dbUrl` and `DB_URL`.
pub(super) fn fold(name: &str) -> String {
    name.to_lowercase().replace(['_', '-', '.', ' '], "")
}

fn find(rows: Rows, name: &str) -> Option<Meaning> {
    let folded = fold(name);
    let mut rows = rows.iter();
    let row = rows.find(|(names, _)| names.split(' ').any(|name| fold(name) == folded))?;
    Some(row.1)
}

#[cfg(test)]
mod tests {
    use super::super::keys::{Key, names_in};
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn every_meaning_is_a_key_and_no_foreign_name_is() {
        for (names, meaning) in IN_SOURCE.iter().chain(ELSEWHERE) {
            if let Meaning::Key(path) | Meaning::Duration(path) = meaning {
                assert!(Key::find(path).is_some(), "{path}");
            }
            assert!(!names.is_empty());
        }
        for name in names_in("data_sources.*") {
            assert_eq!(in_source(name), None, "{name}");
        }
        for name in names_in("") {
            assert_eq!(elsewhere(name), None, "{name}");
        }
    }

    #[test]
    fn knows_a_name_in_every_spelling() {
        for name in ["database_url", "database-url", "databaseUrl", "DATABASE_URL"] {
            assert_eq!(elsewhere(name), Some(Meaning::Key(URL)), "{name}");
        }
    }

    /// A line from elsewhere, and what is said instead of it.
    const BROUGHT: &[&str] = &[
        "connection_string = \"sqlite:x.db\"",
        "db_url = \"postgres://app@db/orders\"",
        "database_url = \"postgresql://app@db/orders\"",
        "database-url = \"sqlite:///var/lib/x.db\"",
        "dsn = \"host=db user=app dbname=orders\"",
        "url = \"jdbc:postgresql://db/orders\"",
        "databases.orders.url = \"sqlite:x.db\"",
        "datasources.orders.uri = \"sqlite:x.db\"",
        "data_sources.main.path = \"x.db\"",
        "data_sources.main = { url = \"sqlite:x.db\", pool_size = 3 }",
        "auto_migrate = true",
        "filters = [\"age > 18\"]",
        "fields = [\"name\"]",
        "sort = \"name\"",
        "port = 8080",
        "host = \"0.0.0.0\"",
        "bind = \"10.0.0.1:80\"",
        "log_level = \"warning\"",
        "verbose = true",
        "log_format = \"JSON\"",
        "data_dir = \"state\"",
        "timeout = \"10s\"",
        "timeout = 5000",
        "max_body_size = \"10MB\"",
        "memory_limit = \"16 MiB\"",
        "allowed_host = \"api.example.com\"",
        "environment = \"prod\"",
        "pool_size = 20",
        "max_connections = 20",
    ];

    #[test]
    fn every_line_from_elsewhere_has_its_corrected_line() {
        let answer = |line: &&str| {
            let problem = Sample::file(line).load().expect_err("the line is from elsewhere");
            let examples: Vec<String> =
                [&problem].into_iter().chain(&problem.parts).filter_map(|problem| problem.example.clone()).collect();
            format!("{line}  ->  {}", examples.join(" + ").replace('\n', " "))
        };
        let answers: Vec<String> = BROUGHT.iter().map(answer).collect();
        insta::assert_snapshot!(answers.join("\n"), @r#"
        connection_string = "sqlite:x.db"  ->  [data_sources.main] url = "sqlite:x.db"
        db_url = "postgres://app@db/orders"  ->  [data_sources.main] url = "postgres://app@db/orders"
        database_url = "postgresql://app@db/orders"  ->  [data_sources.main] url = "postgresql://app@db/orders"
        database-url = "sqlite:///var/lib/x.db"  ->  [data_sources.main] url = "sqlite:///var/lib/x.db"
        dsn = "host=db user=app dbname=orders"  ->  [data_sources.main] url = "postgres://app@db/orders"
        url = "jdbc:postgresql://db/orders"  ->  [data_sources.main] url = "postgresql://USER@db/orders"
        databases.orders.url = "sqlite:x.db"  ->  [data_sources.orders] url = "sqlite:x.db"
        datasources.orders.uri = "sqlite:x.db"  ->  [data_sources.orders] url = "sqlite:x.db"
        data_sources.main.path = "x.db"  ->  data_sources.main.url = "sqlite:x.db"
        data_sources.main = { url = "sqlite:x.db", pool_size = 3 }  ->  [data_sources.main] connections_max = 3
        auto_migrate = true  ->  # auto_migrate = ...
        filters = ["age > 18"]  ->  # filters = ...
        fields = ["name"]  ->  # fields = ...
        sort = "name"  ->  # sort = ...
        port = 8080  ->  [http] listen = "127.0.0.1:8080"
        host = "0.0.0.0"  ->  [http] listen = "0.0.0.0:7474"
        bind = "10.0.0.1:80"  ->  [http] listen = "10.0.0.1:80"
        log_level = "warning"  ->  [log] level = "warn"
        verbose = true  ->  [log] level = "debug"
        log_format = "JSON"  ->  [log] format = "json"
        data_dir = "state"  ->  state_dir = "state"
        timeout = "10s"  ->  [http] request_ms_max = 10000
        timeout = 5000  ->  [http] request_ms_max = 5000
        max_body_size = "10MB"  ->  [http] body_bytes_max = 10485760
        memory_limit = "16 MiB"  ->  [limits] memory_bytes_max = 16777216
        allowed_host = "api.example.com"  ->  [http] allowed_hosts = ["api.example.com"]
        environment = "prod"  ->  profile = "production"
        pool_size = 20  ->  [data_sources.main] connections_max = 20
        max_connections = 20  ->  [data_sources.main] connections_max = 20
        "#);
    }

    #[test]
    fn the_corrected_line_passes() {
        for line in BROUGHT {
            let problem = Sample::file(line).load().expect_err("the line is from elsewhere");
            let Some(example) = problem.example else {
                continue;
            };
            // A pool alone has no database; the rest of such a file has one.
            let needs_url = example.contains("connections_max");
            let url = if needs_url { "\nurl = \"sqlite:x.db\"" } else { "" };
            let answer = Sample::file(&format!("{example}{url}")).refusals();
            assert_eq!(answer, "nothing is wrong", "{line}");
        }
    }
}
