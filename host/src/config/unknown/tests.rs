//! What people write instead of a key, and the whole answers they get.
//!
//! Tests only. Invariant: no answer holds the password that stands in the sources.

use super::super::sample::refusals;

#[test]
fn a_slip_gets_its_line_and_the_corrected_one() {
    insta::assert_snapshot!(refusals(
            r#"
state_dirr = "modelhost-state"

[http]
listn = "127.0.0.1:8080"
bodyBytesMax = 1024

[data_sources.main]
urll = "postgres://app:hunter2@db/orders"
conections_max = 5
"#,
        ), @r#"
        config.unknown-key: unknown key `state_dirr`
          at file modelhost.toml, line 2, key state_dirr
          - did you mean `state_dir`?
          > state_dir = "modelhost-state"
        config.unknown-key: unknown key `http.listn`
          at file modelhost.toml, line 5, key http.listn
          - did you mean `listen`?
          > listen = "127.0.0.1:8080"
        config.unknown-key: unknown key `http.bodyBytesMax`
          at file modelhost.toml, line 6, key http.bodyBytesMax
          - did you mean `body_bytes_max`?
          > body_bytes_max = 1024
        config.unknown-key: unknown key `data_sources.main.urll`
          at file modelhost.toml, line 9, key data_sources.main.urll
          - did you mean `url`?
          > url = "postgres://app:***@db/orders"
        config.unknown-key: unknown key `data_sources.main.conections_max`
          at file modelhost.toml, line 10, key data_sources.main.conections_max
          - did you mean `connections_max`?
          > connections_max = 5
        "#);
}

#[test]
fn a_key_in_the_wrong_section_is_sent_to_the_right_one() {
    insta::assert_snapshot!(refusals(
            r#"
listen = "127.0.0.1:8080"
memory_bytes_max = 1048576

[http]
state_dir = "modelhost-state"
statement_ms_max = 5

[data_sources]
url = "sqlite:x.db"
"#,
        ), @r#"
        config.unknown-key: unknown key `listen`
          at file modelhost.toml, line 2, key listen
          - `listen` belongs to [http]
          > [http]
          > listen = "127.0.0.1:8080"
        config.unknown-key: unknown key `memory_bytes_max`
          at file modelhost.toml, line 3, key memory_bytes_max
          - `memory_bytes_max` belongs to [limits]
          > [limits]
          > memory_bytes_max = 1048576
        config.unknown-key: unknown key `http.state_dir`
          at file modelhost.toml, line 6, key http.state_dir
          - `state_dir` belongs above the first section
          - write the line above the first [section]: below it would belong to that
          > state_dir = "modelhost-state"
        config.unknown-key: unknown key `http.statement_ms_max`
          at file modelhost.toml, line 7, key http.statement_ms_max
          - `statement_ms_max` belongs to [data_sources.main]
          > [data_sources.main]
          > statement_ms_max = 5
        config.unknown-key: unknown key `data_sources.url`
          at file modelhost.toml, line 10, key data_sources.url
          - it is called `data_sources.main.url`
          > [data_sources.main]
          > url = "sqlite:x.db"
        "#);
}

#[test]
fn names_from_elsewhere_get_their_own_answer() {
    insta::assert_snapshot!(refusals(
            r#"
connection_string = "postgres://app:hunter2@db/orders"
db_url = "x.db"
database-url = "mysql://app:hunter2@db/orders"
data_dir = "state"
"#,
        ), @r#"
        config.unknown-key: unknown key `connection_string`
          at file modelhost.toml, line 2, key connection_string
          - databases are data sources with names; this is `data_sources.main.url`
          > [data_sources.main]
          > url = "postgres://app:***@db/orders"
        config.unknown-key: unknown key `db_url`
          at file modelhost.toml, line 3, key db_url
          - `connection_string` means `data_sources.main.url` too, and its corrected line is enough
          - delete line 3 of modelhost.toml
          > # db_url = ...
        config.unknown-key: unknown key `database-url`
          at file modelhost.toml, line 4, key database-url
          - `connection_string` means `data_sources.main.url` too, and its corrected line is enough
          - delete line 4 of modelhost.toml
          > # database-url = ...
        config.unknown-key: unknown key `data_dir`
          at file modelhost.toml, line 5, key data_dir
          - it is called `state_dir`
          > state_dir = "state"
        "#);
}

#[test]
fn names_of_settings_from_elsewhere_get_their_own_answer() {
    insta::assert_snapshot!(refusals(
            r#"
host = "0.0.0.0"
port = 8080
log_level = "warning"
timeout = 30
pool_size = 20
env = "prod"
"#,
        ), @r#"
        config.unknown-key: unknown key `host`
          at file modelhost.toml, line 2, key host
          - address and port are one key: `http.listen`
          > [http]
          > listen = "0.0.0.0:8080"
        config.unknown-key: unknown key `port`
          at file modelhost.toml, line 3, key port
          - `host` means `http.listen` too, and its corrected line is enough
          - delete line 3 of modelhost.toml
          > # port = ...
        config.unknown-key: unknown key `log_level`
          at file modelhost.toml, line 4, key log_level
          - it is called `log.level`
          > [log]
          > level = "warn"
        config.unknown-key: unknown key `timeout`
          at file modelhost.toml, line 5, key timeout
          - it is called `http.request_ms_max`, in milliseconds
          > [http]
          > request_ms_max = 30000
        config.unknown-key: unknown key `pool_size`
          at file modelhost.toml, line 6, key pool_size
          - databases are data sources with names; this is `data_sources.main.connections_max`
          > [data_sources.main]
          > connections_max = 20
        config.unknown-key: unknown key `env`
          at file modelhost.toml, line 7, key env
          - it is called `profile`
          > profile = "production"
        "#);
}

#[test]
fn what_is_not_configured_says_where_it_lives() {
    insta::assert_snapshot!(refusals(
            r#"
auto_migrate = true
filters = { age = 18 }
fields = ["name"]
jwt_secret = "hunter2"

[namespaces.acme]
data_source = "main"

[tls]
cert = "x.pem"
"#,
        ), @r#"
    config.unknown-key: `auto_migrate` is not configured: tables come from the plugin: a deployment makes what is new and refuses every other change with its plan
      at file modelhost.toml, line 2, key auto_migrate
      - see what a deployment would change: modelhost deploy --dry-run; forbid changes: schema_policy of the data source
      - delete line 2 of modelhost.toml
      > # auto_migrate = ...
    config.unknown-key: `filters` is not configured: what to read is said in each request, not in the configuration
      at file modelhost.toml, line 3, key filters
      - send it with the request: {"filter": {"age": {"$gte": 18}}, "options": {"order_by": ["name"], "limit": 20}}
      - delete line 3 of modelhost.toml
      > # filters = ...
    config.unknown-key: `fields` is not configured: models and their fields are declared by plugins
      at file modelhost.toml, line 4, key fields
      - start a plugin that declares them: modelhost plugin new NAME
      - delete line 4 of modelhost.toml
      > # fields = ...
    config.unknown-key: `jwt_secret` is not configured: keys are made by the host and stored as hashes
      at file modelhost.toml, line 5, key jwt_secret
      - make one: modelhost key create --admin
      - delete line 5 of modelhost.toml
      > # jwt_secret = ...
    config.unknown-key: `namespaces` is not configured: namespaces are kept in the state folder, not in the file
      at file modelhost.toml, line 7, key namespaces
      - make one: modelhost namespace create NAME
      - delete the section at line 7 of modelhost.toml
    config.unknown-key: `tls` is not configured: the host speaks HTTP only
      at file modelhost.toml, line 10, key tls
      - put a proxy that speaks TLS in front and let the host listen on 127.0.0.1
      - delete the section at line 10 of modelhost.toml
    "#);
}

#[test]
fn parts_of_a_url_are_put_together_without_the_password() {
    insta::assert_snapshot!(refusals(
            r#"
[data_sources.main]
driver = "postgres"
host = "db.internal"
port = 5433
user = "app"
password = "hunter2"
database = "orders"
"#,
        ), @r#"
        config.unknown-key: unknown key `data_sources.main.driver`
          at file modelhost.toml, line 3, key data_sources.main.driver
          - a data source has one URL that says all of this; with a password it belongs into a variable: postgres://app:PASSWORD@db.internal:5433/orders
          > url_env = "DATABASE_URL"
        config.unknown-key: unknown key `data_sources.main.host`
          at file modelhost.toml, line 4, key data_sources.main.host
          - `data_sources.main.driver` means `data_sources.main.url_env` too, and its corrected line is enough
          - delete line 4 of modelhost.toml
          > # host = ...
        config.unknown-key: unknown key `data_sources.main.port`
          at file modelhost.toml, line 5, key data_sources.main.port
          - `data_sources.main.driver` means `data_sources.main.url_env` too, and its corrected line is enough
          - delete line 5 of modelhost.toml
          > # port = ...
        config.unknown-key: unknown key `data_sources.main.user`
          at file modelhost.toml, line 6, key data_sources.main.user
          - `data_sources.main.driver` means `data_sources.main.url_env` too, and its corrected line is enough
          - delete line 6 of modelhost.toml
          > # user = ...
        config.unknown-key: unknown key `data_sources.main.password`
          at file modelhost.toml, line 7, key data_sources.main.password
          - `data_sources.main.driver` means `data_sources.main.url_env` too, and its corrected line is enough
          - delete line 7 of modelhost.toml
          > # password = ...
        config.unknown-key: unknown key `data_sources.main.database`
          at file modelhost.toml, line 8, key data_sources.main.database
          - `data_sources.main.driver` means `data_sources.main.url_env` too, and its corrected line is enough
          - delete line 8 of modelhost.toml
          > # database = ...
        "#);
}

#[test]
fn two_spellings_of_one_key_are_a_conflict() {
    insta::assert_snapshot!(refusals(
            r#"
state_dir = "modelhost-state"
data_dir = "elsewhere"

[data_sources.main]
url = "sqlite:x.db"
dsn = "postgres://app:hunter2@db/orders"
"#,
        ), @r#"
        config.conflict: `data_dir` is another spelling of `state_dir`, which is set too
          at file modelhost.toml, line 3, key data_dir, other modelhost.toml:2
          - keep `state_dir`: delete line 3 of modelhost.toml
          - or keep this value: delete line 2 of modelhost.toml and write the line below
          > state_dir = "elsewhere"
        config.conflict: `data_sources.main.dsn` is another spelling of `data_sources.main.url`, which is set too
          at file modelhost.toml, line 7, key data_sources.main.dsn, other modelhost.toml:6
          - keep `data_sources.main.url`: delete line 7 of modelhost.toml
          - or keep this value: delete line 6 of modelhost.toml and write the line below
          > url = "postgres://app:***@db/orders"
        "#);
}

#[test]
fn a_key_with_control_characters_is_escaped() {
    insta::assert_snapshot!(refusals("\"\\u001b[31mred\" = 1\n"), @r"
    config.unknown-key: unknown key `\u{1b}[31mred`
      at file modelhost.toml, line 1, key \u{1b}[31mred
      - the keys above the first section are profile, state_dir, watch_dir; the sections are http, log, limits and data_sources.NAME
      - delete line 1 of modelhost.toml
      > # \u{1b}[31mred = ...
    ");
}

#[test]
fn what_nobody_knows_is_never_echoed() {
    insta::assert_snapshot!(refusals(
            r#"
zebra = "hunter2"
http.zebra = "hunter2"
data_sources.main = { url = "sqlite:x.db", zebra = "hunter2" }
"#,
        ), @"
    config.unknown-key: unknown key `zebra`
      at file modelhost.toml, line 2, key zebra
      - the keys above the first section are profile, state_dir, watch_dir; the sections are http, log, limits and data_sources.NAME
      - delete line 2 of modelhost.toml
      > # zebra = ...
    config.unknown-key: unknown key `http.zebra`
      at file modelhost.toml, line 3, key http.zebra
      - the keys of [http] are listen, body_bytes_max, request_ms_max, head_ms_max, connections_max, shutdown_ms_max, allowed_hosts
      - delete line 3 of modelhost.toml
      > # http.zebra = ...
    config.unknown-key: unknown key `data_sources.main.zebra`
      at file modelhost.toml, line 4, key data_sources.main.zebra
      - the keys of [data_sources.main] are url, url_file, url_env, connections_max, connect_ms_max, wait_ms_max, statement_ms_max, durability, schema_policy
      - delete line 4 of modelhost.toml
    ");
}
