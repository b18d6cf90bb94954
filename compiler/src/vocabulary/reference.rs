//! The reference page of every key, as Markdown.
