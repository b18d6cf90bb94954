//! Every witness that a check proposes does what the check says: over the book of codes, over the largest real
//! document, and over documents made by chance. And what the core decides about one operation depends on no other.

mod chance;
mod corpus;
mod removal;
mod sockets;
mod tried;
