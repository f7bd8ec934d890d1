//! Sections that are called otherwise, and the whole answers they get.
//!
//! Tests only. Invariant: no answer holds the password that stands in the sources.

use super::super::sample::refusals;

#[test]
fn a_section_from_elsewhere_is_read_on_as_the_one_that_was_meant() {
    insta::assert_snapshot!(refusals(
            r#"
[server]
port = 8080

[databases.orders]
dsn = "postgres://app:hunter2@db/orders"

[logging]
level = "info"

[limts]
call_time_ms_max = 50

[zebra]
secret = "hunter2"
"#,
        ), @r#"
        config.unknown-key: unknown section `server`
          at file modelhost.toml, line 2, key server
          - it is called `http`
          > [http]
        config.unknown-key: unknown key `http.port`
          at file modelhost.toml, line 3, key http.port
          - address and port are one key: `http.listen`
          > listen = "127.0.0.1:8080"
        config.unknown-key: unknown section `databases`
          at file modelhost.toml, line 5, key databases
          - databases are data sources, and each has a name
          > [data_sources.orders]
        config.unknown-key: unknown key `data_sources.orders.dsn`
          at file modelhost.toml, line 6, key data_sources.orders.dsn
          - it is called `data_sources.orders.url`
          > url = "postgres://app:***@db/orders"
        config.unknown-key: unknown section `logging`
          at file modelhost.toml, line 8, key logging
          - it is called `log`
          > [log]
        config.unknown-key: unknown section `limts`
          at file modelhost.toml, line 11, key limts
          - it is called `limits`
          > [limits]
        config.unknown-key: unknown section `zebra`
          at file modelhost.toml, line 14, key zebra
          - the sections are http, log, limits and data_sources.NAME
          - delete the section at line 14 of modelhost.toml
        "#);
}

#[test]
fn one_database_without_a_name_becomes_main() {
    insta::assert_snapshot!(refusals(
            r#"
[database]
url = "postgres://app:hunter2@db/orders"
pool_size = 5
"#,
        ), @r#"
        config.unknown-key: unknown section `database`
          at file modelhost.toml, line 2, key database
          - databases are data sources, and each has a name
          > [data_sources.main]
        config.unknown-key: unknown key `data_sources.main.pool_size`
          at file modelhost.toml, line 4, key data_sources.main.pool_size
          - it is called `data_sources.main.connections_max`
          > connections_max = 5
        "#);
}

#[test]
fn a_value_is_not_a_section_and_a_section_is_not_a_value() {
    insta::assert_snapshot!(refusals(
            r#"
log = "debug"
limits = 5

[http.listen]
port = 80

[data_sources]
main = "postgres://app:hunter2@db/orders"
"#,
        ), @r#"
        config.invalid-value: `log` is a section, not a value
          at file modelhost.toml, line 2, key log
          - set a key of it, such as `log.level`
          > [log]
          > level = "debug"
        config.invalid-value: `limits` is a section, not a value
          at file modelhost.toml, line 3, key limits
          - set a key of it, such as `limits.call_time_ms_max`
          > [limits]
          > call_time_ms_max = 5
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not a section
          at file modelhost.toml, line 5, key http.listen
          - write `listen` as a key of its section
          > [http]
          > listen = "127.0.0.1:7474"
        config.invalid-value: `data_sources.main` is a section, not a value
          at file modelhost.toml, line 9, key data_sources.main
          - set a key of it, such as `data_sources.main.url`
          > [data_sources.main]
          > url = "postgres://app:***@db/orders"
        "#);
}

#[test]
fn names_of_data_sources_are_judged() {
    insta::assert_snapshot!(refusals(
            r#"
[data_sources.My-DB]
url = "sqlite:x.db"

[data_sources."a.b"]
url = "sqlite:x.db"
"#,
        ), @r#"
        config.invalid-value: `My-DB` is not a name for a data source
          at file modelhost.toml, line 2, key data_sources.My-DB
          - a name has lower-case letters, digits and single `_`, begins with a letter and has at most 40 bytes
          > [data_sources.my_db]
        config.invalid-value: `a.b` is not a name for a data source
          at file modelhost.toml, line 5, key data_sources.a.b
          - a name has lower-case letters, digits and single `_`, begins with a letter and has at most 40 bytes
          > [data_sources.a_b]
        "#);
}

#[test]
fn a_section_on_one_line_is_answered_by_its_keys() {
    insta::assert_snapshot!(refusals("server = { port = 80 }\nlogging.level = \"info\"\nweb = {}\n"), @r#"
        config.unknown-key: unknown key `server.port`
          at file modelhost.toml, line 1, key server.port
          - address and port are one key: `http.listen`
          > [http]
          > listen = "127.0.0.1:80"
        config.unknown-key: unknown key `logging.level`
          at file modelhost.toml, line 2, key logging.level
          - it is called `log.level`
          > [log]
          > level = "info"
        config.unknown-key: unknown section `web`
          at file modelhost.toml, line 3, key web
          - it is called `http`
          > [http]
        "#);
}

#[test]
fn a_list_of_data_sources_gets_names() {
    insta::assert_snapshot!(refusals(
            r#"
[[data_sources]]
name = "main"
url = "postgres://app:hunter2@db/orders"
"#,
        ), @r#"
        config.invalid-value: `data_sources` is a section, not a value
          at file modelhost.toml, line 2, key data_sources
          - set a key of it, such as `data_sources.main.url`
          > [data_sources.main]
          > url = "sqlite:data/{namespace}.db"
        "#);
}
