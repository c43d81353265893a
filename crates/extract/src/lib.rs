//! chohyo-extract
