//! Every witness that a check proposes does what the check says: over the book of codes, over the largest real
//! document, and over documents made by chance.

mod chance;
mod corpus;
mod tried;
