//! The draft of a refused project's tables: something to try requests on, and nothing that could be served.

use crate::artifact::{Artifact, BrokenInvariant};
use crate::model::{Access, AccessId, Alternative, Need, OperationId, Scheme, SchemeId, SourceMap, Tables};
use crate::source_check;

/// Tables of a project that the gate refused, as far as they were understood.
///
/// It keeps the promises of an [`Artifact`], so that the decision core can run over it, but it is not one: it is never
/// encoded, the runtime takes none, and it only lends what is in it to those who try a request on it.
///
/// INVARIANT: every contested operation is denied to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    artifact: Artifact,
    sources: SourceMap,
    contested: Vec<Contested>,
}

/// An operation about which the project says several things, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contested {
    /// The operation that is denied in the meantime.
    pub operation: OperationId,
    /// What it might be instead, in the order in which the project says it; may be empty.
    pub candidates: Vec<Candidate>,
}

/// One reading of a contested operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The operation that would stand in its place: itself, or another that claims the same requests.
    pub operation: OperationId,
    /// What that operation would demand of its callers.
    pub access: AccessId,
    /// The words that say so, for people: `public`.
    pub because: String,
}

impl Draft {
    /// Makes a draft and denies what is contested.
    ///
    /// # Errors
    /// The first promise of an artifact that the tables do not keep: then too little was understood.
    pub fn new(
        mut tables: Tables,
        mut sources: SourceMap,
        mut contested: Vec<Contested>,
    ) -> Result<Self, BrokenInvariant> {
        contested.sort_by_key(|contested| contested.operation);
        let candidates = contested.iter().flat_map(|contested| &contested.candidates);
        let operations = candidates.clone().map(|candidate| candidate.operation);
        let mut operations = operations.chain(contested.iter().map(|contested| contested.operation));
        let mut demands = candidates.map(|candidate| candidate.access);
        if !operations.all(|id| id.index() < tables.operations.len())
            || !demands.all(|id| id.index() < tables.access.len())
        {
            return Err(BrokenInvariant("a candidate names what is not there".to_owned()));
        }
        let denied = denied_to_all(&mut tables);
        sources.scheme_names.push(Vec::new());
        for contested in &contested {
            tables.operations[contested.operation.index()].access = denied;
        }
        let artifact = Artifact::draft(tables)?;
        source_check::check(&sources, &artifact).map_err(|defect| BrokenInvariant(defect.to_string()))?;
        Ok(Self { artifact, sources, contested })
    }

    /// Lends the tables to a decision.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// Where the rows come from.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// What is contested, in the order of operations.
    pub fn contested(&self) -> &[Contested] {
        &self.contested
    }

    /// What is contested about an operation, if anything is. O(log contested).
    pub fn contested_at(&self, operation: OperationId) -> Option<&Contested> {
        let at = self.contested.binary_search_by_key(&operation, |contested| contested.operation).ok()?;
        Some(&self.contested[at])
    }

    /// How many readings there are: the most candidates that any operation has.
    pub fn readings(&self) -> usize {
        self.contested.iter().map(|contested| contested.candidates.len()).max().unwrap_or(0)
    }

    /// The draft in which each contested operation is its candidate of this position; one with fewer candidates stays
    /// denied. O(tables).
    pub fn reading(&self, at: usize) -> Self {
        let mut tables = self.artifact.tables().clone();
        let mut instead = Vec::new();
        for contested in &self.contested {
            let Some(candidate) = contested.candidates.get(at) else { continue };
            tables.operations[candidate.operation.index()].access = candidate.access;
            instead.push((contested.operation, candidate.operation));
        }
        let methods = tables.path_items.iter_mut().flat_map(|item| &mut item.methods);
        for (_, operation) in methods {
            if let Ok(found) = instead.binary_search_by_key(operation, |(contested, _)| *contested) {
                *operation = instead[found].1;
            }
        }
        let artifact = Artifact::draft(tables).expect("one id in range took the place of another");
        Self { artifact, sources: self.sources.clone(), contested: Vec::new() }
    }
}

/// Adds a demand that no caller can meet.
fn denied_to_all(tables: &mut Tables) -> AccessId {
    let scheme = SchemeId(tables.schemes.len() as u32);
    tables.schemes.push(Scheme::ClientCertificate);
    let access = AccessId(tables.access.len() as u32);
    let alternatives = vec![Alternative { needs: vec![Need { scheme, verifier: None, scopes: Vec::new() }] }];
    let (challenges, forward) = (Vec::new(), Vec::new());
    tables.access.push(Access::Verified {
        alternatives,
        challenges,
        claims: None,
        forward,
        keeps_credential: false,
    });
    access
}
