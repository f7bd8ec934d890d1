//! Values that do not fit their keys, and the whole answers they get.
//!
//! Tests only. Invariant: no answer holds the password that stands in the sources.

use super::super::sample::refusals;

#[test]
fn a_unit_belongs_to_the_name_and_a_number_has_no_quotes() {
    insta::assert_snapshot!(refusals(
            r#"
[http]
request_ms_max = "10s"
body_bytes_max = "4 MiB"
shutdown_ms_max = "10000"

[limits]
memory_bytes_max = "lots"
call_time_ms_max = 0
output_bytes_max = -1
log_bytes_max = 99999999999999999999
component_bytes_max = 1.5
"#,
        ), @r#"
        config.invalid-value: `http.request_ms_max` must be a whole number of milliseconds from 1 to 3600000, not "10s"
          at file modelhost.toml, line 3, key http.request_ms_max
          - the unit is in the key's name: milliseconds
          > request_ms_max = 10000
        config.invalid-value: `http.body_bytes_max` must be a whole number of bytes from 1024 to 1073741824, not "4 MiB"
          at file modelhost.toml, line 4, key http.body_bytes_max
          - the unit is in the key's name: bytes
          > body_bytes_max = 4194304
        config.invalid-value: `http.shutdown_ms_max` must be a whole number of milliseconds from 0 to 3600000, not "10000"
          at file modelhost.toml, line 5, key http.shutdown_ms_max
          - write the number without quotes
          > shutdown_ms_max = 10000
        config.invalid-value: `limits.memory_bytes_max` must be a whole number of bytes from 65536 to 67108864, not "lots"
          at file modelhost.toml, line 8, key limits.memory_bytes_max
          - the unit is in the key's name: bytes
          > memory_bytes_max = 33554432
        config.invalid-value: `limits.call_time_ms_max` must be a whole number of milliseconds from 1 to 60000, not 0
          at file modelhost.toml, line 9, key limits.call_time_ms_max
          > call_time_ms_max = 1
        config.invalid-value: `limits.output_bytes_max` must be a whole number of bytes from 1024 to 67108864, not -1
          at file modelhost.toml, line 10, key limits.output_bytes_max
          > output_bytes_max = 1024
        config.invalid-value: `limits.log_bytes_max` must be a whole number of bytes from 0 to 16777216, not 100000000000000000000.0
          at file modelhost.toml, line 11, key limits.log_bytes_max
          > log_bytes_max = 16777216
        config.invalid-value: `limits.component_bytes_max` must be a whole number of bytes from 1024 to 134217728, not 1.5
          at file modelhost.toml, line 12, key limits.component_bytes_max
          > component_bytes_max = 1024
        "#);
}

#[test]
fn addresses_are_completed() {
    let answers = ["8080", ":8080", "localhost:80", "*:80", "http://10.0.0.1:80/", "::1", "db.example.com:80"]
        .map(|text| refusals(&format!("http.listen = {text:?}")).replace('\n', " "));
    insta::assert_snapshot!(answers.join("\n"), @r#"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "8080"   at file modelhost.toml, line 1, key http.listen   - 0.0.0.0 instead of 127.0.0.1 listens on every address   > http.listen = "127.0.0.1:8080"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not ":8080"   at file modelhost.toml, line 1, key http.listen   - 0.0.0.0 instead of 127.0.0.1 listens on every address   > http.listen = "127.0.0.1:8080"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "localhost:80"   at file modelhost.toml, line 1, key http.listen   > http.listen = "127.0.0.1:80"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "*:80"   at file modelhost.toml, line 1, key http.listen   > http.listen = "0.0.0.0:80"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "http://10.0.0.1:80/"   at file modelhost.toml, line 1, key http.listen   > http.listen = "10.0.0.1:80"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "::1"   at file modelhost.toml, line 1, key http.listen   - 0.0.0.0 instead of 127.0.0.1 listens on every address   > http.listen = "[::1]:7474"
        config.invalid-value: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "db.example.com:80"   at file modelhost.toml, line 1, key http.listen   > http.listen = "127.0.0.1:7474"
        "#);
}

#[test]
fn words_and_levels_are_completed() {
    insta::assert_snapshot!(refusals(
            r#"
profile = "prod"

[log]
level = "info,modelhost=verbos"
format = "JSON"
"#,
        ), @r#"
        config.invalid-value: `profile` must be "development" or "production", not "prod"
          at file modelhost.toml, line 2, key profile
          > profile = "production"
        config.invalid-value: `log.level` must be a log level, such as "info", not "info,modelhost=verbos"
          at file modelhost.toml, line 5, key log.level
          > level = "info,modelhost=debug"
        config.invalid-value: `log.format` must be "text" or "json", not "JSON"
          at file modelhost.toml, line 6, key log.format
          > format = "json"
        "#);
}

#[test]
fn hosts_are_names() {
    insta::assert_snapshot!(refusals(
            r#"
[http]
allowed_hosts = ["https://API.example.com/", "*"]
"#,
        ), @r#"
        config.invalid-value: `http.allowed_hosts` must be a list of host names, such as ["api.example.com"], not ["https://API.example.com/", "*"]
          at file modelhost.toml, line 3, key http.allowed_hosts
          - `*` would switch the check off: name the hosts
          > allowed_hosts = ["api.example.com"]
        "#);
    insta::assert_snapshot!(refusals("http.allowed_hosts = \"api.example.com\""), @r#"
        config.invalid-value: `http.allowed_hosts` must be a list of host names, such as ["api.example.com"], not "api.example.com"
          at file modelhost.toml, line 1, key http.allowed_hosts
          > http.allowed_hosts = ["api.example.com"]
        "#);
}

#[test]
fn the_three_ways_to_say_a_url_are_told_apart() {
    insta::assert_snapshot!(refusals(
            r#"
[data_sources.a]
url = "$DATABASE_URL"

[data_sources.b]
url_env = "postgres://app:hunter2@db/orders"

[data_sources.c]
url_env = "${DATABASE_URL}"

[data_sources.d]
url_file = "postgres://app:hunter2@db/orders"
"#,
        ), @r#"
        config.invalid-value: `data_sources.a.url` holds a `$`, and variables are not filled in here
          at file modelhost.toml, line 3, key data_sources.a.url
          - name a variable that holds the whole URL: `url_env`
          - write it as `url_env`
          > url_env = "DATABASE_URL"
        config.invalid-value: `data_sources.b.url_env` must be the name of an environment variable, and this is a URL itself
          at file modelhost.toml, line 6, key data_sources.b.url_env
          - write it as `url`
          > url = "postgres://app:***@db/orders"
        config.invalid-value: `data_sources.c.url_env` must be the name of an environment variable, without `$`
          at file modelhost.toml, line 9, key data_sources.c.url_env
          > url_env = "DATABASE_URL"
        config.invalid-value: `data_sources.d.url_file` must be the path of a file, not "postgres://app:***@db/orders"
          at file modelhost.toml, line 12, key data_sources.d.url_file
          - write it as `url`
          > url = "postgres://app:***@db/orders"
        "#);
}

#[test]
fn what_may_be_a_secret_is_not_echoed() {
    insta::assert_snapshot!(refusals(
            r#"
[data_sources.e]
url = 5

[data_sources.f]
url_env = "correct horse hunter2"

[data_sources.g]
url = "postgres://app:hunter2@db"
"#,
        ), @r#"
        config.invalid-value: `data_sources.e.url` must be the URL of a database
          at file modelhost.toml, line 3, key data_sources.e.url
          > url = "sqlite:data/{namespace}.db"
        config.invalid-value: `data_sources.f.url_env` must be the name of an environment variable
          at file modelhost.toml, line 6, key data_sources.f.url_env
          > url_env = "MAIN_URL"
        config.invalid-value: `data_sources.g.url` names no database, and none is filled in
          at file modelhost.toml, line 9, key data_sources.g.url
          > url = "postgres://app:***@db/DATABASE"
        "#);
}
