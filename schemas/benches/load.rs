//! How long an artifact takes from bytes to ready: 10,000 operations in one site. Best of 5.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gw_artifact::model::{
    Access, AccessId, Api, ApiId, Balance, Bytes, Capacity, Forward, HostEdit, Listener, Method, Operation,
    OperationId, OperationSources, PathEdit, PathItem, Place, Site, SourceMap, Tables, Timeouts,
    TrustedProxies, Upstream, UpstreamId,
};
use gw_artifact::path_trie::{PathTrie, Template};
use gw_artifact::{Artifact, Provenance, decode, decode_cold, encode};

fn main() -> Result<(), Box<dyn Error>> {
    let artifact = Artifact::new(tables()?)?;
    let provenance = Provenance::new("0.0.0", [])?;
    let bytes = encode(&artifact, &sources(), &provenance)?.bytes;
    println!("{} operations, {} KiB", artifact.operations().len(), bytes.len() >> 10);
    println!("encode:      {:?}", best(|| encode(&artifact, &sources(), &provenance)));
    println!("decode:      {:?}", best(|| decode(&bytes)));
    println!("decode_cold: {:?}", best(|| decode_cold(&bytes, &artifact)));
    Ok(())
}

const OPERATIONS: u32 = 10_000;

fn template(number: u32) -> String {
    format!("/v1/accounts/{{account}}/collection-{}/{{id}}/part-{}", number % 200, number / 200)
}

fn tables() -> Result<Tables, Box<dyn Error>> {
    let templates = (0..OPERATIONS).map(|number| Ok((Template::parse(&template(number))?, number)));
    let paths = PathTrie::build(&templates.collect::<Result<Vec<_>, Box<dyn Error>>>()?)?;
    Ok(Tables {
        project: "load".to_owned(),
        apis: vec![Api { name: "load".to_owned(), version: "1".to_owned(), owner: String::new() }],
        listeners: vec![Listener::plain("public")],
        sites: vec![Site { hosts: vec![], paths }],
        path_items: (0..OPERATIONS).map(path_item).collect(),
        operations: (0..OPERATIONS).map(operation).collect(),
        access_lists: vec![],
        trusted_proxies: TrustedProxies::none(),
        access: vec![Access::Public],
        schemes: vec![],
        verifiers: vec![],
        conditions: vec![],
        key_sets: vec![],
        capacity: Capacity::DEFAULT,
        upstreams: vec![Upstream {
            name: "load".to_owned(),
            endpoints: vec![],
            balance: Balance::RoundRobin,
            max_requests: 1,
            tls: None,
        }],
    })
}

fn path_item(number: u32) -> PathItem {
    PathItem { methods: vec![(Method::Get, OperationId(number))], allow: "GET, HEAD, OPTIONS".to_owned() }
}

fn operation(number: u32) -> Operation {
    Operation {
        api: ApiId(0),
        name: format!("read-part-{number}"),
        method: Method::Get,
        template: template(number),
        parameters: vec!["account".to_owned(), "id".to_owned()],
        access_list: None,
        access: AccessId(0),
        forward: Forward { upstream: UpstreamId(0), path: PathEdit::Unchanged, host: HostEdit::Endpoint },
        timeouts: Timeouts::DEFAULT,
        body_max: Bytes(1 << 20),
    }
}

fn sources() -> SourceMap {
    let place = |line| Place { file: 0, line, column: 5 };
    let operation = |line| OperationSources { place: place(line), policies: vec![] };
    SourceMap {
        files: vec!["load.yaml".to_owned()],
        operations: (1..=OPERATIONS).map(operation).collect(),
        scheme_names: vec![],
        upstreams: vec![None],
    }
}

fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    let mut round = || {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    (0..5).map(|_| round()).min().unwrap_or_default()
}
