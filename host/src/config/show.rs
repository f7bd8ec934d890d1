//! What `config show` prints: every value, redacted, with where it came from.
//!
//! Prints nothing itself. Invariant: a row never holds a secret, so whoever has rows may print them.

use serde_json::{Value, json};

use super::origin::Origin;
use super::settings::Config;

/// One value of the configuration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The path of the key.
    pub(crate) key: String,
    /// The value, redacted; null where it is not set.
    pub(crate) value: Value,
    /// Where it came from.
    pub(crate) origin: Origin,
}

/// Every value, in the order of the table of keys.
pub(crate) fn show(config: &Config) -> Vec<Row> {
    let row =
        |(key, value): &(String, Value)| Row { key: key.clone(), value: value.clone(), origin: config.provenance(key) };
    config.values.iter().map(row).collect()
}

/// The rows as a table in three columns.
pub(crate) fn text(rows: &[Row]) -> String {
    let cells: Vec<(&str, String, String)> = rows
        .iter()
        .map(|row| {
            let value = match &row.value {
                Value::Null => "-".to_owned(),
                value => value.to_string(),
            };
            (row.key.as_str(), value, row.origin.to_string())
        })
        .collect();
    let width = |cell: &dyn Fn(&(&str, String, String)) -> usize| cells.iter().map(cell).max().unwrap_or(0);
    let keys = width(&|(key, _, _)| key.chars().count());
    let values = width(&|(_, value, _)| value.chars().count().min(60));
    let line = |(key, value, origin): &(&str, String, String)| format!("{key:keys$}  {value:values$}  {origin}\n");
    cells.iter().map(line).collect()
}

/// The rows as JSON.
pub(crate) fn json(rows: &[Row]) -> Value {
    let row = |row: &Row| json!({"key": row.key, "value": row.value, "origin": row.origin.to_string()});
    json!({"settings": rows.iter().map(row).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn tells_every_value_with_its_origin_and_no_password() {
        let sample = Sample::file(
            r#"
state_dir = "state"

[data_sources.main]
url = "sqlite:data/{namespace}.db"

[data_sources.orders]
url_env = "DATABASE_URL"
connections_max = 3

[data_sources.stock]
url_file = "secret"
"#,
        )
        .with_file("secret", "postgres://app:hunter2@stock/stock\n")
        .variable("DATABASE_URL", "postgres://app:hunter2@db/orders")
        .variable("MODELHOST_HTTP__BODY_BYTES_MAX", "2048")
        .variable("MODELHOST_HTTP__ALLOWED_HOSTS", "api.example.com, localhost:80")
        .flag("http.listen", "127.0.0.1:9000");
        let config = sample.good();
        let told: Vec<String> =
            show(&config).iter().map(|row| format!("{} | {} | {}", row.key, row.value, row.origin)).collect();
        let told: Vec<String> = told.into_iter().filter(|row| !row.ends_with("| default")).collect();
        insta::assert_snapshot!(sample.tidy(&told.join("\n")), @r#"
        state_dir | "[folder]/state" | modelhost.toml:2
        watch_dir | null | not set
        http.listen | "127.0.0.1:9000" | flag --listen
        http.body_bytes_max | 2048 | variable MODELHOST_HTTP__BODY_BYTES_MAX
        http.allowed_hosts | ["api.example.com","localhost:80"] | variable MODELHOST_HTTP__ALLOWED_HOSTS
        log.format | "text" | profile development
        data_sources.main.url | "sqlite:[folder]/data/{namespace}.db" | modelhost.toml:5
        data_sources.main.durability | "normal" | profile development
        data_sources.orders.url | "postgres://app:***@db:5432/orders" | variable DATABASE_URL
        data_sources.orders.url_env | "DATABASE_URL" | modelhost.toml:8
        data_sources.orders.connections_max | 3 | modelhost.toml:9
        data_sources.stock.url | "postgres://app:***@stock:5432/stock" | [folder]/secret:1
        data_sources.stock.url_file | "secret" | modelhost.toml:12
        "#);
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn text_stands_in_columns_and_json_keeps_the_types() {
        let row = |key: &str, value: Value, origin: Origin| Row { key: key.to_owned(), value, origin };
        let rows = [
            row("http.body_bytes_max", json!(1024), Origin::Flag("--x".to_owned())),
            row("state_dir", Value::Null, Origin::Unset),
        ];
        insta::assert_snapshot!(text(&rows), @r#"
        http.body_bytes_max  1024  flag --x
        state_dir            -     not set
        "#);
        let rows = &rows[..1];
        assert_eq!(
            super::json(rows),
            json!({"settings": [{"key": "http.body_bytes_max", "value": 1024, "origin": "flag --x"}]})
        );
    }
}
