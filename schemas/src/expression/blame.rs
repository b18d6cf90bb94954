//! Which inputs made an answer what it is.

use super::Expression;
use super::evaluate::{Slot, truth};
use super::node::{Node, NodeId};

/// The inputs below the parts that decided, in their order, each once.
pub(super) fn blame(expression: &Expression, slots: &[Slot<'_>]) -> Vec<usize> {
    let mut blamed = vec![false; expression.inputs.len()];
    let mut seen = vec![false; expression.nodes.len()];
    let mut open: Vec<usize> = expression.nodes.len().checked_sub(1).into_iter().collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        match &expression.nodes[at] {
            Node::Input(input) | Node::Present(input) => blamed[usize::from(*input)] = true,
            Node::And(left, right) => deciding(slots, at, [left, right], false, &mut open),
            Node::Or(left, right) => deciding(slots, at, [left, right], true, &mut open),
            Node::Choose { condition, yes, no } => {
                open.push(usize::from(condition.0));
                if let Ok(chosen) = truth(slots[usize::from(condition.0)]) {
                    open.push(usize::from(if chosen { yes.0 } else { no.0 }));
                }
            }
            node => open.extend(node.operands().map(|id| usize::from(id.0))),
        }
    }
    (0..blamed.len()).filter(|input| blamed[*input]).collect()
}

/// The sides that decided: those that alone suffice (`false` for `&&`), else the faults, else both.
fn deciding(slots: &[Slot<'_>], at: usize, sides: [&NodeId; 2], suffices: bool, open: &mut Vec<usize>) {
    let answer = truth(slots[at]);
    for side in sides.map(|id| usize::from(id.0)) {
        let side_answer = truth(slots[side]);
        let decides = match answer {
            Ok(answer) if answer == suffices => side_answer == Ok(suffices),
            Ok(_) => true,
            Err(_) => side_answer.is_err(),
        };
        if decides {
            open.push(side);
        }
    }
}
