//! How many nodes one look-up visits at most.

use super::PathTrie;

impl PathTrie {
    /// For each number of segments, from 0 on, the most nodes that a path of so many segments can make
    /// [`find`](Self::find) visit, the root included; the last number holds for every longer path. O(nodes × depth).
    ///
    /// A segment's text is that of one literal at most, so of the literal children only the costliest counts; it may also
    /// be taken by every partial and by the variable.
    pub fn most_visits(&self) -> Vec<u64> {
        // Children stand behind their parents, so from the last node to the first everything below is known.
        let mut below: Vec<Vec<u64>> = vec![Vec::new(); self.nodes.len()];
        for index in (0..self.nodes.len()).rev() {
            let node = &self.nodes[index];
            let first = node.first_child as usize;
            let (literals, partials) = (node.literals.count as usize, node.partials.count as usize);
            let others = partials + usize::from(node.variable);
            let mut visits = vec![1];
            if literals + others > 0 {
                let depth =
                    (first..first + literals + others).map(|child| below[child].len()).max().unwrap_or(0);
                for segments in 0..depth {
                    let at = |child: usize| {
                        let visits: &Vec<u64> = &below[child];
                        visits.get(segments).or(visits.last()).copied().unwrap_or(0)
                    };
                    let literal = (first..first + literals).map(at).max().unwrap_or(0);
                    let rest: u64 = (first + literals..first + literals + others).map(at).sum();
                    visits.push(1 + literal + rest);
                }
            }
            // What was read once is not needed again.
            below.iter_mut().skip(first).take(literals + others).for_each(|child| *child = Vec::new());
            below[index] = visits;
        }
        below.into_iter().next().unwrap_or_default()
    }
}
