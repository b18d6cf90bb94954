//! `gw completions`: the script that teaches a shell to complete `gw`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::exit_code::Exit;
use crate::out::Out;

/// Print the completion script of a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw completions bash > ~/.local/share/bash-completion/completions/gw
  gw completions zsh > \"${fpath[1]}/_gw\"
  gw completions fish > ~/.config/fish/completions/gw.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs, out: &mut Out) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gw", &mut script);
    out.raw_result(&script);
    Exit::Clean
}
