//! The dependency graph as `cargo metadata` tells it, and the two questions that the arrows ask of it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    process::Command,
};

use serde_json::Value;

/// Who depends on whom, by package name; normal and build dependencies, without those of tests.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The packages of this workspace.
    pub(crate) members: BTreeSet<String>,
    arrows: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// The graph of this workspace, with every feature, from `Cargo.lock` as it stands.
    pub(crate) fn of_this_workspace() -> Self {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--all-features", "--locked"])
            .current_dir(gw_tests::repository())
            .output()
            .expect("cargo runs, since it runs this test");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "cargo metadata: {told}");
        Self::read(&serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON"))
    }

    /// Reads what `cargo metadata --format-version 1` writes.
    pub(crate) fn read(metadata: &Value) -> Self {
        let name_of: BTreeMap<&str, &str> = list(&metadata["packages"])
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let members = list(&metadata["workspace_members"]).map(|id| name_of[text(id)].to_owned()).collect();
        let mut graph = Self { members, ..Self::default() };
        for node in list(&metadata["resolve"]["nodes"]) {
            let targets = list(&node["deps"])
                .filter(|dependency| list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev"))
                .map(|dependency| name_of[text(&dependency["pkg"])].to_owned());
            graph.arrows.entry(name_of[text(&node["id"])].to_owned()).or_default().extend(targets);
        }
        graph
    }

    /// A graph made by hand, all of whose sources are members.
    pub(crate) fn made_of(arrows: &[(&str, &[&str])]) -> Self {
        let mut graph = Self::default();
        for (from, to) in arrows {
            graph.members.insert((*from).to_owned());
            graph.arrows.insert((*from).to_owned(), to.iter().map(|name| (*name).to_owned()).collect());
        }
        graph
    }

    /// The direct dependencies of a package.
    pub(crate) fn direct(&self, package: &str) -> impl Iterator<Item = &str> {
        self.arrows.get(package).into_iter().flatten().map(String::as_str)
    }

    /// The shortest way from one package to another, both named; none where there is none.
    pub(crate) fn way(&self, from: &str, to: &str) -> Option<String> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(here) = queue.pop_front() {
            if here == to {
                let mut way = vec![here];
                while let Some(before) = came_from.get(way[way.len() - 1]) {
                    way.push(before);
                }
                way.reverse();
                return Some(way.join(" → "));
            }
            for next in self.direct(here) {
                if next != from && !came_from.contains_key(next) {
                    came_from.insert(next, here);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata writes a string here")
}
