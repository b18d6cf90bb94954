//! The file as a whole: what is written, what is read, and what is refused.
#![expect(unsafe_code, reason = "counting what is allocated takes an allocator, and the trait is unsafe")]

mod altered;
mod bounds;
mod counting;
mod draft;
mod fixture;
mod golden;
mod hostile;
mod layers;

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;
