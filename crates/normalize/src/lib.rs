//! chohyo-normalize
