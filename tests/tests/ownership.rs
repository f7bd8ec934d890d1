//! Who owns a namespace's data: two hosts on one data source, and one that takes over.
//!
//! On every database. Invariant: exactly one host owns a namespace, and the other one changes nothing.

use e2e::{ServerDatabase, Setup, TestHost, Version, mysql, postgres, wait_until};
use serde_json::Value;

const RACES: usize = 50;

/// Two hosts with states of their own on one database. The database is dropped last.
struct Two {
    hosts: [TestHost; 2],
    database: Option<ServerDatabase>,
    _folder: tempfile::TempDir,
}

impl Two {
    fn new(database: Option<ServerDatabase>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match &database {
            Some(database) => database.url(),
            None => format!("sqlite:{}/{{namespace}}.db", folder.path().display()),
        };
        let hosts = [(), ()].map(|()| Setup::on(&url).start());
        Self { hosts, database, _folder: folder }
    }

    fn namespace(&self, name: &str) {
        for host in &self.hosts {
            host.namespace(name, self.database.is_some().then_some("prefix"));
        }
    }
}

fn everywhere(test: impl Fn(&Two)) {
    test(&Two::new(None));
    for database in [postgres(), mysql()].into_iter().flatten() {
        test(&Two::new(Some(database)));
    }
}

fn deploy_with(host: &TestHost, namespace: &str, options: &str, version: Version) -> Value {
    let path = format!("/v1/admin/namespaces/{namespace}/deployments?{options}");
    let request = host.request("POST", &path).header("content-type", "application/wasm");
    let progress = request.body(version.component()).send().header("location").to_owned();
    wait_until("the deployment ends", || {
        let deployment = host.get(&progress).body["deployment"].take();
        (deployment["state"] != "running").then_some(deployment)
    })
}

/// Who owns a namespace, as the data source says.
fn owner(host: &TestHost, namespace: &str) -> Value {
    host.get(&format!("/v1/admin/namespaces/{namespace}/generations")).body["owner"].take()
}

#[test]
fn of_two_hosts_that_race_exactly_one_owns() {
    everywhere(|two| {
        for host in &two.hosts {
            // Compiled before, so that the race is about the data.
            host.namespace("warm", two.database.is_some().then_some("prefix"));
            host.deploy("warm", &Version::new(1).component());
        }
        for race in 0..RACES {
            let name = format!("r{race}");
            two.namespace(&name);
            let component = Version::new(1).component();
            let ends = std::thread::scope(|scope| {
                let deploys = two.hosts.each_ref().map(|host| {
                    let (name, component) = (&name, &component);
                    scope.spawn(move || host.deploy(name, component))
                });
                deploys.map(|deploy| deploy.join().expect("it ends"))
            });
            let (won, lost): (Vec<_>, Vec<_>) = ends.iter().partition(|end| end["state"] == "done");
            assert_eq!((won.len(), lost.len()), (1, 1), "race {race}: {ends:?}");
            assert_eq!(lost[0]["error"]["code"], "namespace.owned-elsewhere", "race {race}: {ends:?}");
            let winner = usize::from(ends[1]["state"] == "done");
            let owners = two.hosts.each_ref().map(|host| owner(host, &name)["is_this_host"] == true);
            assert_eq!(owners, [winner == 0, winner == 1], "race {race}");
        }
    });
}

#[test]
fn who_takes_over_owns_and_the_other_one_is_refused() {
    everywhere(|two| {
        two.namespace("acme");
        let [first, second] = &two.hosts;
        assert_eq!(first.deploy("acme", &Version::new(1).component())["state"], "done");
        assert_eq!(first.deploy("acme", &Version { tables: 1, ..Version::new(2) }.component())["state"], "done");
        first.data("acme entry create", r#"{"data": {"number": 1, "text": "x"}}"#);
        let taken = deploy_with(second, "acme", "take_over=true", Version { tables: 1, columns: 1, ..Version::new(3) });
        assert_eq!((&taken["state"], taken["generation"]["number"].as_i64()), (&"done".into(), Some(3)), "{taken}");
        assert_eq!(second.data("acme entry list", "{}")[0]["number"], 1);
        let refused = first.deploy("acme", &Version::new(4).component());
        assert_eq!(refused["error"]["code"], "namespace.owned-elsewhere", "{refused}");
        let owner = owner(second, "acme");
        assert_eq!((&owner["is_this_host"], owner["generation"].as_i64()), (&true.into(), Some(3)), "{owner}");
    });
}

#[test]
fn a_namespace_that_was_taken_over_is_not_served_again_by_the_one_that_lost_it() {
    everywhere(|two| {
        two.namespace("acme");
        let [first, second] = &two.hosts;
        first.deploy("acme", &Version::new(1).component());
        deploy_with(second, "acme", "take_over=true", Version::new(1));
        assert_eq!(first.cli(&["namespace", "unload", "acme"]).status, 0);
        let again = first.deploy("acme", &Version::new(1).component());
        assert_eq!(again["error"]["code"], "namespace.owned-elsewhere", "{again}");
    });
}

#[test]
fn numbers_grow_when_a_namespace_is_taken_back_and_who_lost_it_can_forget_it() {
    everywhere(|two| {
        two.namespace("acme");
        let [first, second] = &two.hosts;
        first.deploy("acme", &Version::new(1).component());
        deploy_with(second, "acme", "take_over=true", Version { columns: 1, ..Version::new(2) });
        second.deploy("acme", &Version { columns: 2, ..Version::new(3) }.component());
        let back = deploy_with(first, "acme", "take_over=true&keep_unused=true", Version::new(1));
        assert_eq!(back["generation"]["number"], 4, "{back}");
        let told = second.cli(&["namespace", "destroy", "acme", "--consent", "acme", "--json"]);
        assert_eq!(told.status, 0, "{told:?}");
        assert_eq!(second.call("acme entry list", "{}").code(), "namespace.unknown");
        assert_eq!(first.data("acme entry list", "{}"), serde_json::json!([]));
    });
}
