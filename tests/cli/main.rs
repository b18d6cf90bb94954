//! The verbs of `gw`, end to end.
