//! What the demo shows, in order.

use std::time::Instant;

use serde_json::{Value, json};

use super::Step;
use super::reload::hot_reload;
use super::stage::Stage;
use crate::cli::client::{Payload, segment};
use crate::cli::{Failed, deploy, inspect};
use crate::render::error_text;

/// Plays every step; `show` is called as each ends.
pub(super) async fn play(stage: &Stage, mut show: impl FnMut(Step)) -> Result<(), Failed> {
    show(Step {
        title: "A host on SQLite, one file for each namespace",
        text: format!("listening on {}; no server, no configuration file", stage.address),
        json: json!({"address": stage.address}),
    });
    show(deploy_both(stage).await?);
    show(write_and_read(stage).await?);
    show(violation(stage).await?);
    show(look_into_files(stage).await?);
    show(bad_plugin(stage).await?);
    show(endless_loop(stage).await?);
    show(hot_reload(stage).await?);
    show(inspect_tree(stage).await?);
    Ok(())
}

async fn deploy_both(stage: &Stage) -> Result<Step, Failed> {
    let acme = begin(stage, "acme", artifacts::CRM).await?;
    let globex = begin(stage, "globex", artifacts::SHOP).await?;
    let line = |deployment: &Value| {
        let generation = &deployment["generation"];
        format!(
            "{}: generation {} serves {}",
            text(&deployment["namespace"]),
            generation["number"],
            text(&generation["plugin"])
        )
    };
    Ok(Step {
        title: "Two plugins, two namespaces, each with a model `customer` of its own",
        text: format!("{}\n{}", line(&acme), line(&globex)),
        json: json!({"deployments": [acme, globex]}),
    })
}

async fn write_and_read(stage: &Stage) -> Result<Step, Failed> {
    let ada = json!({"data": {"name": "Ada Lovelace", "email": "  Ada@Example.com ", "status": "active"}});
    let grace = json!({"data": {"number": 7, "full_name": "Grace Hopper", "country": "US", "loyalty_points": 1200, "vip": true}});
    let acme = call(stage, "acme", "create", ada).await?;
    let globex = call(stage, "globex", "create", grace).await?;
    let in_acme = call(stage, "acme", "list", json!({})).await?;
    let in_globex = call(stage, "globex", "list", json!({})).await?;
    Ok(Step {
        title: "A customer in each, written and read over HTTP",
        text: format!(
            "acme    {}\nglobex  {}\n(the crm plugin trimmed and lower-cased the e-mail; the two models share a name and nothing else)",
            acme["data"], globex["data"]
        ),
        json: json!({"acme": in_acme, "globex": in_globex}),
    })
}

async fn violation(stage: &Stage) -> Result<Step, Failed> {
    let wrong = json!({"data": {"name": "", "email": "not an address", "status": "buyer"}});
    let refused = expect_error(call(stage, "acme", "create", wrong).await, "acme accepted a bad customer")?;
    let wrong = json!({"data": {"name": "Charles", "email": "not an address", "status": "active"}});
    let judged = expect_error(call(stage, "acme", "create", wrong).await, "acme accepted a bad address")?;
    Ok(Step {
        title: "What a caller reads when a record is refused",
        text: format!(
            "declared constraints, checked by the host:\n{}\nthe plugin's own rule, run in the sandbox:\n{}",
            error_text(&refused),
            error_text(&judged)
        ),
        json: json!({"constraints": refused["error"], "rule": judged["error"]}),
    })
}

async fn look_into_files(stage: &Stage) -> Result<Step, Failed> {
    let mut lines = Vec::new();
    let mut found = serde_json::Map::new();
    for namespace in ["acme", "globex"] {
        let (client, rows) = customers_in_file(stage, namespace).await?;
        lines.push(format!("{} holds {rows} (read with {client})", stage.file(namespace).display()));
        found.insert(namespace.to_owned(), json!(rows));
    }
    Ok(Step {
        title: "Each file holds only its own rows, seen past the host",
        text: lines.join("\n"),
        json: json!({"files": found}),
    })
}

/// The customers in a namespace's file: with the `sqlite3` program where there is one, else by a connection of its own.
async fn customers_in_file(stage: &Stage, namespace: &str) -> Result<(&'static str, String), Failed> {
    let column = if namespace == "acme" { "name" } else { "full_name" };
    let file = stage.file(namespace);
    let statement = format!("SELECT {column} FROM customer ORDER BY 1");
    let output = std::process::Command::new("sqlite3").arg("-readonly").arg(&file).arg(statement).output();
    if let Ok(output) = output.as_ref()
        && output.status.success()
    {
        let rows: Vec<_> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        return Ok(("the sqlite3 program", rows.join(", ")));
    }
    let tables = engine::peek(&file, &[column]).await?;
    let rows: Vec<String> =
        tables.into_iter().filter(|table| table.table == "customer").flat_map(|table| table.rows).collect();
    Ok(("a connection of its own", rows.join(", ")))
}

async fn bad_plugin(stage: &Stage) -> Result<Step, Failed> {
    let result = deploy::deploy(&stage.client, "acme", Payload::Wasm(artifacts::INVALID_MODEL.to_vec())).await;
    let refused = expect_error(result, "a bad plugin was accepted")?;
    let after = call(stage, "acme", "list", json!({})).await?;
    let count = after["data"].as_array().map_or(0, Vec::len);
    let shown: Vec<String> = error_text(&refused).lines().take(12).map(str::to_owned).collect();
    Ok(Step {
        title: "A bad plugin is refused, and what served before still serves",
        text: format!("{}\n...\nacme still answers: {count} customer", shown.join("\n")),
        json: json!({"error": refused["error"], "still_serving": count == 1}),
    })
}

async fn endless_loop(stage: &Stage) -> Result<Step, Failed> {
    begin(stage, "spinner", artifacts::LOOPS_VALIDATE).await?;
    let spinning = async {
        let start = Instant::now();
        let body = json!({"data": {"number": 1, "text": "x"}});
        (call_model(stage, "spinner", "thing", "create", body).await, start.elapsed())
    };
    let beside = async {
        let start = Instant::now();
        (call(stage, "acme", "list", json!({})).await, start.elapsed())
    };
    let ((stopped, after), (answered, took)) = tokio::join!(spinning, beside);
    answered?;
    let stopped = expect_error(stopped, "an endless loop ended by itself")?;
    Ok(Step {
        title: "A plugin that loops for ever is stopped, and nobody else waits for it",
        text: format!(
            "{}stopped after {} ms; acme answered meanwhile in {} us",
            error_text(&stopped),
            after.as_millis(),
            took.as_micros()
        ),
        json: json!({
            "error": stopped["error"],
            "stopped_after_ms": after.as_millis() as u64,
            "other_namespace_answered_in_us": took.as_micros() as u64,
        }),
    })
}

async fn inspect_tree(stage: &Stage) -> Result<Step, Failed> {
    let answer = stage.client.get("/v1/admin/inspect").await?;
    let next = "try next:\n  modelhost plugin new notes     a plugin of your own\n  modelhost explain              every error, explained\n  \
        modelhost serve --help         a host that stays";
    Ok(Step {
        title: "What the host is doing (modelhost inspect)",
        text: format!("{}\n{next}", inspect::host_text(&answer["host"])),
        json: answer,
    })
}

pub(super) async fn begin(stage: &Stage, namespace: &str, plugin: &[u8]) -> Result<Value, Failed> {
    let body = json!({"name": namespace, "data_source": "main"});
    stage.client.post("/v1/admin/namespaces", Payload::Json(body)).await?;
    deploy::deploy(&stage.client, namespace, Payload::Wasm(plugin.to_vec())).await
}

async fn call(stage: &Stage, namespace: &str, operation: &str, body: Value) -> Result<Value, Failed> {
    call_model(stage, namespace, "customer", operation, body).await
}

async fn call_model(
    stage: &Stage,
    namespace: &str,
    model: &str,
    operation: &str,
    body: Value,
) -> Result<Value, Failed> {
    let path = format!("/v1/namespaces/{}/models/{model}/{operation}", segment(namespace));
    stage.client.post(&path, Payload::Json(body)).await
}

/// The error that a step is about. Success is a mistake of the host, and the demo says so.
fn expect_error(result: Result<Value, Failed>, otherwise: &str) -> Result<Value, Failed> {
    match result {
        Err(failed) => Ok(failed.value().clone()),
        Ok(_) => Err(model::Problem::new(model::Code::HostBug, otherwise).into()),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
