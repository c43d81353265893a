//! chohyo-batch
