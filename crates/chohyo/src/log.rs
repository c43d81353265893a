//! What the libraries have to tell whoever looks for a fault.

use env_logger::{Builder, Env};

/// Begins to write logs to standard error, as far as `RUST_LOG` or `-v` ask for them; true when they do.
pub(crate) fn start(quiet: bool, verbose: u8) -> bool {
    let default = match (quiet, verbose) {
        (true, _) => "off",
        (_, 0) => "off,chohyo_batch=warn",
        (_, 1) => "warn,chohyo_batch=info",
        _ => "info,chohyo_batch=debug",
    };
    let asked = std::env::var_os("RUST_LOG").is_some();
    // A second logger is a mistake of ours, and none that a batch should end for.
    let _ = Builder::from_env(Env::default().default_filter_or(default)).try_init();
    asked || verbose > 0
}
