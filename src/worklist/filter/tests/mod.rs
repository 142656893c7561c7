mod editing;
mod evaluation;
mod mistakes;
mod narrowing;
mod properties;
