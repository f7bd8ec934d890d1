//! Configurations with which the host does not start: `modelhost config check` on one file each.

use std::fs;
use std::process::Command;

use e2e::{Filters, program, run};

const PASSWORD: &str = "hunter2";

/// What came of files: rows of title and text of `modelhost.toml`.
fn files(rows: &[(&str, &str)]) -> String {
    rows.iter().map(|(title, text)| shown(title, Some(text), |command| command)).collect()
}

/// What came of one file, or none, with what `change` adds to the command.
fn shown(title: &str, file: Option<&str>, change: impl Fn(&mut Command) -> &mut Command) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    if let Some(text) = file {
        fs::write(folder.path().join("modelhost.toml"), text).expect("written");
    }
    let mut command = program(folder.path());
    let output = run(change(command.args(["config", "check"])));
    let shown = Filters::new().hide(&folder.path().display().to_string(), "[dir]").apply(&output.shown());
    assert!(!shown.contains(PASSWORD), "{shown}");
    format!("# {title}\n{shown}")
}

#[test]
fn keys_of_other_tools() {
    insta::assert_snapshot!(files(&[
        ("connection_string", "state_dir = \"state\"\n[data_sources.main]\nconnection_string = \"sqlite:a.db\"\n"),
        ("db_url", "state_dir = \"state\"\ndb_url = \"postgres://app:hunter2@db.example.com/crm\"\n"),
        ("database-url", "state_dir = \"state\"\n[database]\ndatabase-url = \"sqlite:a.db\"\n"),
        ("one data source, called database", "state_dir = \"state\"\n[database]\nurl = \"sqlite:a.db\"\n"),
        ("host, port and password apart",
            "state_dir = \"state\"\n[data_sources.main]\nhost = \"db\"\nport = 5432\npassword = \"hunter2\"\n"),
    ]), @r#"
    # connection_string
    exit 2 error[config.unknown-key]: unknown key `data_sources.main.connection_string`
      file: modelhost.toml
      line: 3
      key: data_sources.main.connection_string
      hint: it is called `data_sources.main.url`
      example: url = "sqlite:a.db"
    # db_url
    exit 2 error[config.unknown-key]: unknown key `db_url`
      file: modelhost.toml
      line: 2
      key: db_url
      hint: databases are data sources with names; this is `data_sources.main.url`
      example:
        [data_sources.main]
        url = "postgres://app:***@db.example.com/crm"
    # database-url
    exit 2 error[config.unknown-key]: 2 things are wrong in the configuration
      [config.unknown-key] unknown section `database`
        file: modelhost.toml
        line: 2
        key: database
        hint: databases are data sources, and each has a name
        example: [data_sources.main]
      [config.unknown-key] unknown key `data_sources.main.database-url`
        file: modelhost.toml
        line: 3
        key: data_sources.main.database-url
        hint: it is called `data_sources.main.url`
        example: url = "sqlite:a.db"
    # one data source, called database
    exit 2 error[config.unknown-key]: unknown section `database`
      file: modelhost.toml
      line: 2
      key: database
      hint: databases are data sources, and each has a name
      example: [data_sources.main]
    # host, port and password apart
    exit 2 error[config.unknown-key]: 3 things are wrong in the configuration
      [config.unknown-key] unknown key `data_sources.main.host`
        file: modelhost.toml
        line: 3
        key: data_sources.main.host
        hint: a data source has one URL that says all of this; with a password it belongs into a variable: postgres://USER:PASSWORD@db:5432/DATABASE
        example: url_env = "DATABASE_URL"
      [config.unknown-key] unknown key `data_sources.main.port`
        file: modelhost.toml
        line: 4
        key: data_sources.main.port
        hint: `data_sources.main.host` means `data_sources.main.url_env` too, and its corrected line is enough
        hint: delete line 4 of modelhost.toml
        example: # port = ...
      [config.unknown-key] unknown key `data_sources.main.password`
        file: modelhost.toml
        line: 5
        key: data_sources.main.password
        hint: `data_sources.main.host` means `data_sources.main.url_env` too, and its corrected line is enough
        hint: delete line 5 of modelhost.toml
        example: # password = ...
    "#);
}

#[test]
fn keys_that_are_misspelt() {
    insta::assert_snapshot!(files(&[
        ("a letter", "state_dri = \"state\"\n"),
        ("in the wrong section", "state_dir = \"state\"\nlisten = \"127.0.0.1:8080\"\n"),
        ("a section", "state_dir = \"state\"\n[htpp]\nlisten = \"127.0.0.1:8080\"\n"),
        ("a dash", "state-dir = \"state\"\n"),
        ("several at once", "state_dir = \"state\"\n[http]\nport = 8080\nbody_max = 5\n[limits]\nmemory = \"32MB\"\n"),
    ]), @r#"
    # a letter
    exit 2 error[config.unknown-key]: unknown key `state_dri`
      file: modelhost.toml
      line: 1
      key: state_dri
      hint: did you mean `state_dir`?
      example: state_dir = "state"
    # in the wrong section
    exit 2 error[config.unknown-key]: unknown key `listen`
      file: modelhost.toml
      line: 2
      key: listen
      hint: `listen` belongs to [http]
      example:
        [http]
        listen = "127.0.0.1:8080"
    # a section
    exit 2 error[config.unknown-key]: unknown section `htpp`
      file: modelhost.toml
      line: 2
      key: htpp
      hint: it is called `http`
      example: [http]
    # a dash
    exit 2 error[config.unknown-key]: unknown key `state-dir`
      file: modelhost.toml
      line: 1
      key: state-dir
      hint: did you mean `state_dir`?
      example: state_dir = "state"
    # several at once
    exit 2 error[config.unknown-key]: 3 things are wrong in the configuration
      [config.unknown-key] unknown key `http.port`
        file: modelhost.toml
        line: 3
        key: http.port
        hint: address and port are one key: `http.listen`
        example: listen = "127.0.0.1:8080"
      [config.unknown-key] unknown key `http.body_max`
        file: modelhost.toml
        line: 4
        key: http.body_max
        hint: the keys of [http] are listen, body_bytes_max, request_ms_max, head_ms_max, connections_max, shutdown_ms_max, allowed_hosts
        hint: delete line 4 of modelhost.toml
        example: # body_max = ...
      [config.unknown-key] unknown key `limits.memory`
        file: modelhost.toml
        line: 6
        key: limits.memory
        hint: it is called `limits.memory_bytes_max`
        example: memory_bytes_max = 33554432
    "#);
}

#[test]
fn values() {
    insta::assert_snapshot!(files(&[
        ("a unit", "state_dir = \"state\"\n[limits]\ncall_time_ms_max = \"100ms\"\n"),
        ("a number as a text", "state_dir = \"state\"\n[http]\nbody_bytes_max = \"4096\"\n"),
        ("above the most", "state_dir = \"state\"\n[limits]\nmemory_bytes_max = 999999999999\n"),
        ("a profile that is none", "state_dir = \"state\"\nprofile = \"prod\"\n"),
        ("an address without a port", "state_dir = \"state\"\n[http]\nlisten = \"localhost\"\n"),
        ("a database that is not served", "state_dir = \"state\"\n[data_sources.main]\nurl = \"mongodb://app@db/crm\"\n"),
        ("another server's parameter",
            "state_dir = \"state\"\n[data_sources.main]\nurl = \"mysql://app@db/crm?sslmode=require\"\n"),
        ("a path for a URL", "state_dir = \"state\"\n[data_sources.main]\nurl = \"data/all.db\"\n"),
        ("a password that is not encoded",
            "state_dir = \"state\"\n[data_sources.main]\nurl = \"postgres://app:hunter2@x@db.example.com:54x2/crm\"\n"),
        ("a name that is none", "state_dir = \"state\"\n[data_sources.\"Main DB\"]\nurl = \"sqlite:a.db\"\n"),
    ]), @r#"
    # a unit
    exit 2 error[config.invalid-value]: `limits.call_time_ms_max` must be a whole number of milliseconds from 1 to 60000, not "100ms"
      file: modelhost.toml
      line: 3
      key: limits.call_time_ms_max
      hint: the unit is in the key's name: milliseconds
      example: call_time_ms_max = 100
    # a number as a text
    exit 2 error[config.invalid-value]: `http.body_bytes_max` must be a whole number of bytes from 1024 to 1073741824, not "4096"
      file: modelhost.toml
      line: 3
      key: http.body_bytes_max
      hint: write the number without quotes
      example: body_bytes_max = 4096
    # above the most
    exit 2 error[config.invalid-value]: `limits.memory_bytes_max` must be a whole number of bytes from 65536 to 67108864, not 999999999999
      file: modelhost.toml
      line: 3
      key: limits.memory_bytes_max
      example: memory_bytes_max = 67108864
    # a profile that is none
    exit 2 error[config.invalid-value]: `profile` must be "development" or "production", not "prod"
      file: modelhost.toml
      line: 2
      key: profile
      example: profile = "production"
    # an address without a port
    exit 2 error[config.invalid-value]: `http.listen` must be an IP address and a port, such as "127.0.0.1:7474", not "localhost"
      file: modelhost.toml
      line: 3
      key: http.listen
      example: listen = "127.0.0.1:7474"
    # a database that is not served
    exit 2 error[config.invalid-value]: `data_sources.main.url` is a URL of mongodb; this version serves sqlite, postgres and mysql
      file: modelhost.toml
      line: 3
      key: data_sources.main.url
      example: url = "sqlite:data/{namespace}.db"
    # another server's parameter
    exit 2 error[config.invalid-value]: `data_sources.main.url` is refused: the URL of a mysql data source has no parameter `sslmode`
      file: modelhost.toml
      line: 3
      key: data_sources.main.url
      hint: did you mean `ssl-mode`?
      hint: the parameters are socket, ssl-cert, ssl-key, ssl-mode, ssl-ca
      example: url = "sqlite:data/{namespace}.db"
    # a path for a URL
    exit 2 error[config.invalid-value]: `data_sources.main.url` has no scheme
      file: modelhost.toml
      line: 3
      key: data_sources.main.url
      example: url = "sqlite:data/all.db"
    # a password that is not encoded
    exit 2 error[config.invalid-value]: `data_sources.main.url` has one of `@ / ? #` in its user or password
      file: modelhost.toml
      line: 3
      key: data_sources.main.url
      hint: write these characters as %40, %2F, %3F, %23
      example: url = "sqlite:data/{namespace}.db"
    # a name that is none
    exit 2 error[config.invalid-value]: `Main DB` is not a name for a data source
      file: modelhost.toml
      line: 2
      key: data_sources.Main DB
      hint: a name has lower-case letters, digits and single `_`, begins with a letter and has at most 40 bytes
      example: [data_sources.main_db]
    "#);
}

#[test]
fn contradictions() {
    insta::assert_snapshot!(files(&[
        ("two URLs", "state_dir = \"state\"\n[data_sources.main]\nurl = \"sqlite:a.db\"\nurl_env = \"MAIN_URL\"\n"),
        ("production in memory",
            "profile = \"production\"\nstate_dir = \"/srv/state\"\n[data_sources.main]\nurl = \"sqlite::memory:\"\n"),
        ("SQLite's setting on PostgreSQL",
            "state_dir = \"state\"\n[data_sources.main]\nurl = \"postgres://app:hunter2@db/crm\"\ndurability = \"full\"\n"),
    ]), @r#"
    # two URLs
    exit 2 error[config.conflict]: data source `main` says its URL more than once: `url` (modelhost.toml:3), `url_env` (modelhost.toml:4)
      file: modelhost.toml
      line: 4
      key: data_sources.main
      hint: keep `url`: delete line 4 of modelhost.toml
      hint: keep `url_env`: delete line 3 of modelhost.toml
      example:
        [data_sources.main]
        url_env = "MAIN_URL"
    # production in memory
    exit 2 error[config.conflict]: data source `main` is in memory and would lose its data at every restart, and production refuses that
      file: modelhost.toml
      line: 4
      key: data_sources.main.url
      profile: modelhost.toml:1
      hint: choose a file or a server that lasts, such as the line below
      hint: or choose the profile for trying things: `profile = "development"`
      example:
        [data_sources.main]
        url = "sqlite:/var/lib/modelhost/data/{namespace}.db"
    # SQLite's setting on PostgreSQL
    exit 2 error[config.conflict]: data source `main` is on PostgreSQL, and `durability` is SQLite's
      file: modelhost.toml
      line: 4
      key: data_sources.main.durability
      url: postgres://app:***@db:5432/crm
      hint: delete line 4 of modelhost.toml: the server decides with `synchronous_commit`
      hint: or put the data source on SQLite, with the line below
      example:
        [data_sources.main]
        url = "sqlite:data/{namespace}.db"
    "#);
}

#[test]
fn what_is_missing() {
    let nothing = shown("no file at all", None, |command| command);
    let rows = files(&[
        ("an empty file", ""),
        ("no state_dir", "[data_sources.main]\nurl = \"sqlite:a.db\"\n"),
        ("a data source without a URL", "state_dir = \"state\"\n[data_sources.main]\nconnections_max = 5\n"),
        ("a variable that is not set", "state_dir = \"state\"\n[data_sources.main]\nurl_env = \"MAIN_URL\"\n"),
    ]);
    insta::assert_snapshot!(format!("{nothing}{rows}"), @r#"
    # no file at all
    exit 2 error[config.missing]: 2 things are wrong in the configuration
      [config.missing] no state folder is configured, and none is chosen
        file: modelhost.toml
        key: state_dir
        hint: make a file with this in it: modelhost.toml
        hint: or give it as a flag: --state-dir modelhost-state
        example: state_dir = "modelhost-state"
      [config.missing] no data source is configured, and there is no default database
        file: modelhost.toml
        key: data_sources
        hint: make a file with this in it: modelhost.toml
        hint: or give it as a flag: --data-source 'main=sqlite:data/{namespace}.db'
        example:
          [data_sources.main]
          url = "sqlite:data/{namespace}.db"
    # an empty file
    exit 2 error[config.missing]: 2 things are wrong in the configuration
      [config.missing] no state folder is configured, and none is chosen
        file: modelhost.toml
        key: state_dir
        hint: write this into modelhost.toml, above its first section
        hint: or give it as a flag: --state-dir modelhost-state
        example: state_dir = "modelhost-state"
      [config.missing] no data source is configured, and there is no default database
        file: modelhost.toml
        key: data_sources
        hint: write this into modelhost.toml
        hint: or give it as a flag: --data-source 'main=sqlite:data/{namespace}.db'
        example:
          [data_sources.main]
          url = "sqlite:data/{namespace}.db"
    # no state_dir
    exit 2 error[config.missing]: no state folder is configured, and none is chosen
      file: modelhost.toml
      key: state_dir
      hint: write this into modelhost.toml, above its first section
      hint: or give it as a flag: --state-dir modelhost-state
      example: state_dir = "modelhost-state"
    # a data source without a URL
    exit 2 error[config.missing]: data source `main` has no URL, and no database is chosen for it
      file: modelhost.toml
      line: 2
      key: data_sources.main.url
      hint: write `url`, or `url_file` or `url_env` where it holds a password
      hint: a server is written as postgres://USER@HOST/DATABASE
      example:
        [data_sources.main]
        url = "sqlite:data/{namespace}.db"
    # a variable that is not set
    exit 2 error[config.missing]: the variable `MAIN_URL` that should hold a URL is not set
      file: modelhost.toml
      line: 3
      key: data_sources.main.url_env
      hint: set MAIN_URL for the process that runs the host
      hint: or name a file that holds the URL: `url_file`
      example: export MAIN_URL='postgres://USER:PASSWORD@HOST/DATABASE'
    "#);
}

#[test]
fn files_that_are_not_read() {
    let rows = files(&[
        ("a colon", "state_dir: state\n"),
        ("no quotes", "state_dir = state\n"),
        ("a key twice", "state_dir = \"a\"\nstate_dir = \"b\"\n"),
        ("a section that is not closed", "state_dir = \"a\"\n[http\n"),
        ("a secret's file that is not there", "state_dir = \"a\"\n[data_sources.main]\nurl_file = \"secrets/main\"\n"),
    ]);
    let named = shown("a file that is not there", None, |command| command.args(["--config", "prod.toml"]));
    let folder = shown("a folder", None, |command| command.args(["--config", "."]));
    insta::assert_snapshot!(format!("{rows}{named}{folder}"), @r#"
    # a colon
    exit 2 error[config.syntax]: the configuration file is not TOML
      file: modelhost.toml
      line: 1
      cause: key with no value, expected `=`
      hint: write texts in double quotes, after `=`
      example: state_dir = "state"
    # no quotes
    exit 2 error[config.syntax]: the configuration file is not TOML
      file: modelhost.toml
      line: 1
      cause: string values must be quoted, expected literal string
      hint: write texts in double quotes, after `=`
      example: state_dir = "state"
    # a key twice
    exit 2 error[config.syntax]: the configuration file is not TOML
      file: modelhost.toml
      line: 2
      cause: duplicate key
      hint: delete line 2, or the earlier line of the same key or section
    # a section that is not closed
    exit 2 error[config.syntax]: the configuration file is not TOML
      file: modelhost.toml
      line: 2
      cause: unclosed table, expected `]`
    # a secret's file that is not there
    exit 2 error[config.unreadable]: the file `[dir]/secrets/main` that should hold a URL cannot be read
      file: modelhost.toml
      line: 3
      key: data_sources.main.url_file
      cause: No such file or directory (os error 2)
      hint: write the URL into that file, readable for the user who runs the host
      hint: or name a variable that holds the URL: `url_env`
    # a file that is not there
    exit 2 error[config.unreadable]: the configuration file `prod.toml` cannot be read
      flag: --config
      cause: No such file or directory (os error 2)
      hint: name a file that exists: --config FILE
      hint: leave --config out, to do without a file
    # a folder
    exit 2 error[config.unreadable]: the configuration file `.` cannot be read
      flag: --config
      cause: Is a directory (os error 21)
      hint: name a file that exists: --config FILE
      hint: leave --config out, to do without a file
    "#);
}

#[test]
fn variables_and_flags() {
    let rows = [
        shown("a variable that is misspelt", None, |command| command.env("MODELHOST_STATEDIR", "state")),
        shown("a value in a variable", None, |command| command.env("MODELHOST_HTTP__BODY_BYTES_MAX", "much")),
        shown("a data source without a name", None, |command| command.args(["--data-source", "sqlite:a.db"])),
        shown("a URL in a flag that is none", None, |command| {
            command.args(["--state-dir", "s", "--data-source", "main=postgres//app:hunter2@db/crm"])
        }),
        shown("a flag and a file that fit", Some("state_dir = \"a\"\n"), |command| {
            command.args(["--data-source", "main=sqlite:a.db"])
        }),
    ];
    insta::assert_snapshot!(rows.concat(), @r#"
    # a variable that is misspelt
    exit 2 error[config.unknown-key]: unknown key `MODELHOST_STATEDIR`
      variable: MODELHOST_STATEDIR
      key: statedir
      hint: did you mean `state_dir`?
      example: MODELHOST_STATE_DIR=state
    # a value in a variable
    exit 2 error[config.invalid-value]: `MODELHOST_HTTP__BODY_BYTES_MAX` must be a whole number of bytes from 1024 to 1073741824, not "much"
      variable: MODELHOST_HTTP__BODY_BYTES_MAX
      key: http.body_bytes_max
      hint: the unit is in the key's name: bytes
      example: MODELHOST_HTTP__BODY_BYTES_MAX=4194304
    # a data source without a name
    exit 2 error[config.invalid-value]: `--data-source` must be NAME=URL: a data source has a name
      flag: --data-source
      key: data_sources
      hint: call it `main` when there is only one
      example: --data-source main=sqlite:a.db
    # a URL in a flag that is none
    exit 2 error[config.invalid-value]: 2 things are wrong in the configuration
      [config.invalid-value] `--data-source` is not a URL of sqlite, postgres or mysql
        flag: --data-source
        key: data_sources.main.url
        hint: a file: sqlite:data/{namespace}.db
        hint: a server: postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE
        example: --data-source main='sqlite:data/{namespace}.db'
      [config.missing] data source `main` has no URL, and no database is chosen for it
        flag: --data-source
        key: data_sources.main.url
        hint: write `url`, or `url_file` or `url_env` where it holds a password
        hint: a server is written as postgres://USER@HOST/DATABASE
        example: --data-source main='sqlite:data/{namespace}.db'
    # a flag and a file that fit
    exit 0 the configuration is complete and has no contradictions
    data source main: sqlite:[dir]/a.db (not tried; --connect tries it)
    "#);
}
