mod editing;
mod engine;
mod evaluation;
mod mistakes;
mod narrowing;
mod properties;
