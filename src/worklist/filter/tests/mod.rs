mod editing;
mod engine;
mod evaluation;
mod found;
mod mistakes;
mod narrowing;
mod properties;
