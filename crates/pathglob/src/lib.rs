//! Globs for file names in the picomatch, GitHub and gitignore dialects, in linear time.
